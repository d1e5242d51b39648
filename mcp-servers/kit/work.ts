/**
 * What work is to every room: projects, workspaces, work sessions, hosts. Contracts only; rooms beside each other meet here.
 */
import { z } from 'zod';
import type { Question } from './asks.ts';
import { threadRefSchema } from './chat.ts';

/** SPEC §0. Shown as `ai-dev/proj-name`, used as `ai-dev-proj-name` in channels, workspaces and namespaces. */
export const projectRefSchema = z.object({ category: z.string(), project: z.string() });
export type ProjectRef = z.infer<typeof projectRefSchema>;

export function showProject({ category, project }: ProjectRef): string {
  return `${category}/${project}`;
}

/** The agents that code; definitions in `agents/<name>.md`. */
export const workAgentSchema = z.enum(['architect', 'pm', 'builder', 'party-mode']);
export type WorkAgent = z.infer<typeof workAgentSchema>;

/** Why an agent was suggested (SE-1). `confidence` 0–1. */
export const routingSchema = z.object({
  agent: workAgentSchema,
  confidence: z.number(),
  reason: z.string(),
  /** Who decided: the rules, or the person who changed it. */
  decidedBy: z.string(),
});
export type Routing = z.infer<typeof routingSchema>;

export const sessionStatusSchema = z.enum([
  'starting',
  /** Takes messages, does nothing now. */
  'idle',
  'running',
  'paused',
  'stopped',
  /** Its host is away; it comes back by itself. */
  'unreachable',
  'crashed',
  'complete',
]);
export type SessionStatus = z.infer<typeof sessionStatusSchema>;

export const workSessionSchema = z.object({
  /** OpenCode's id. */
  id: z.string(),
  /** Host that runs it. */
  host: z.string(),
  agent: workAgentSchema,
  /** `provider/model`. */
  model: z.string(),
  status: sessionStatusSchema,
  /** ISO. */
  startedAt: z.string(),
});
export type WorkSession = z.infer<typeof workSessionSchema>;

/**
 * `.session-state.yaml`: all that is known of a workspace (WS-3). The one truth about where it is plugged, so that it can
 * never be plugged twice. Later issues add asks, lab and tests.
 */
export const workspaceStateSchema = z.looseObject({
  version: z.literal(1),
  workspace: z.string(),
  project: projectRefSchema,
  title: z.string(),
  description: z.string().default(''),
  priority: z.enum(['low', 'normal', 'high']).default('normal'),
  repositories: z.array(z.string()),
  branch: z.string(),
  createdBy: z.string(),
  createdAt: z.string(),
  /** The thread it is plugged into. */
  thread: threadRefSchema.nullable(),
  eventUpdates: z.boolean().default(false),
  routing: routingSchema.nullable(),
  session: workSessionSchema.nullable(),
});
export type WorkspaceState = z.infer<typeof workspaceStateSchema>;

export interface WorkspaceInfo {
  readonly name: string;
  /** Absolute folder. */
  readonly folder: string;
  readonly state: WorkspaceState;
}

/** Long work tells where it is, in words a person reads. */
export type Progress = (text: string) => void;

/** A message of a work session, as read back. */
export interface WorkMessage {
  readonly id: string;
  readonly role: 'user' | 'assistant';
  readonly text: string;
  /** Unix ms. */
  readonly at: number;
  /** False: an answer that was cut off, by an abort or by its host's end, or that has steps to come. */
  readonly finished?: boolean | undefined;
  /** OpenCode's error that ended it; an abort is none. */
  readonly error?: string | undefined;
  /** Told in it (WA-3); `id` as in {@link HostSnapshot.milestones}. */
  readonly milestones?: readonly { readonly id: string; readonly text: string }[] | undefined;
}

/** How a host stands at one moment, read and not remembered (WA-1). */
export interface HostSnapshot {
  /** Sessions at work; all others are idle. */
  readonly busy: readonly { readonly sessionId: string; readonly directory: string }[];
  /** Questions and permissions that wait. */
  readonly waiting: readonly {
    readonly kind: 'question' | 'permission';
    readonly sessionId: string;
    readonly directory: string;
    readonly requestId: string;
    readonly request: unknown;
    /** Too large to be told so; {@link Hosts.readRequest} gives the whole. */
    readonly cut?: boolean;
  }[];
  /** Latest milestones of this run of OpenCode, oldest first; `id` is stable. */
  readonly milestones: readonly {
    readonly id: string;
    readonly sessionId: string;
    readonly text: string;
    /** Unix ms. */
    readonly at: number;
  }[];
  readonly todos: readonly { readonly sessionId: string; readonly done: number; readonly total: number }[];
}

/** Of a session that a person began in OpenCode's own UI, in no workspace (WS-6). `title` '' and times 0: not known. */
export type ExploringEvent =
  /** A prompt was typed there. `at`: Unix ms. */
  | { readonly kind: 'typed'; readonly title: string; readonly at: number }
  /** It wants to write, and waits for {@link Hosts.releaseWrite}; told again after a lost line. */
  | {
      readonly kind: 'held';
      readonly holdId: string;
      readonly tool: string;
      /** Path or command. */
      readonly what: string;
      readonly title: string;
      /** The last prompt's words, model (`provider/model`) and time. */
      readonly said: string;
      readonly model: string;
      readonly typedAt: number;
    }
  /** Its turn was stopped meanwhile; nothing was written. */
  | { readonly kind: 'dropped'; readonly holdId: string };

/** What a host tells of its sessions (BR-2). */
export type HostEvent = { readonly sessionId: string } & (
  | { readonly kind: 'active' | 'idle' }
  | { readonly kind: 'error'; readonly error: string }
  | { readonly kind: 'message'; readonly text: string }
  /** A person said it in OpenCode's own UI (SE-4). */
  | { readonly kind: 'typed'; readonly text: string }
  | {
      readonly kind: 'tool';
      readonly tool: string;
      readonly title: string;
      readonly status: 'running' | 'completed' | 'error';
      readonly error?: string;
    }
  /** `id`: of the call, the same in {@link HostSnapshot.milestones}. */
  | { readonly kind: 'milestone'; readonly id?: string; readonly text: string }
  | { readonly kind: 'todo'; readonly done: number; readonly total: number }
  | {
      readonly kind: 'question' | 'permission';
      readonly requestId: string;
      readonly request: unknown;
      /** As in {@link HostSnapshot.waiting}. */
      readonly cut?: boolean;
    }
  | { readonly kind: 'exploring'; readonly directory: string; readonly event: ExploringEvent }
  /** It was answered or rejected: here, in the web UI, or by the end of its turn. */
  | {
      readonly kind: 'askEnded';
      readonly requestId: string;
      /** Labels by question; `once`, `always` or `reject`, which a rejected question has, too; null when OpenCode does not say. */
      readonly answer: readonly (readonly string[])[] | string | null;
    }
);

/** The OpenCode servers that run work sessions, wherever they are (BR-3). Every call throws FrontdeskError host_unavailable when the host is away. */
export interface Hosts {
  /** Hosts now connected, with the number of sessions each is busy with. */
  list(): { readonly host: string; readonly busy: number; readonly local: boolean }[];
  isConnected(host: string): boolean;
  /** Of the run of OpenCode that is connected: another one has forgotten what waited. undefined: away. */
  instanceOf(host: string): string | undefined;
  /** On the least busy host that has the directory. The session shows in `opencode session list` with title and directory (SE-4). */
  createSession(o: {
    directory: string;
    title: string;
    host?: string;
  }): Promise<{ host: string; sessionId: string }>;
  /** `queued` when it was busy (SE-4). Repeated with one `messageId` it is delivered once. */
  send(o: {
    host: string;
    sessionId: string;
    directory: string;
    messageId: string;
    text: string;
    agent: WorkAgent;
    model: string;
  }): Promise<{ queued: boolean }>;
  abort(o: { host: string; sessionId: string; directory: string }): Promise<void>;
  messages(o: { host: string; sessionId: string; directory: string; limit: number }): Promise<WorkMessage[]>;
  fork(o: { host: string; sessionId: string; directory: string; title: string }): Promise<string>;
  /** Sessions the host knows in this directory, with whether they work now. */
  sessions(o: {
    host: string;
    directory: string;
  }): Promise<{ sessionId: string; title: string; busy: boolean }[]>;
  snapshot(host: string): Promise<HostSnapshot>;
  /** `answers`: the labels chosen or free text, question by question; null rejects, which ends the turn. */
  replyQuestion(o: {
    host: string;
    directory: string;
    requestId: string;
    answers: readonly (readonly string[])[] | null;
  }): Promise<void>;
  /** A reject with a message lets the agent go on with that advice; without one its turn ends. */
  replyPermission(o: {
    host: string;
    directory: string;
    requestId: string;
    reply: 'once' | 'reject';
    message?: string;
  }): Promise<void>;
  /** What waits, whole; `cut`: too large even so (2 MB). @throws FrontdeskError opencode_failed when it does not wait any more */
  readRequest(o: {
    host: string;
    directory: string;
    requestId: string;
  }): Promise<{ request: unknown; cut: boolean }>;
  /**
   * Of a held write (WS-6): null lets it and all later ones of the session go; words refuse it, and the session's next question
   * is shown as `form` where there is one. Harmless when it waits no more.
   */
  releaseWrite(o: {
    host: string;
    sessionId: string;
    directory: string;
    holdId: string;
    refusal: { readonly message: string; readonly form?: readonly Question[] } | null;
  }): Promise<void>;
  /** Ends its turn and what it waits for; then it works in `to`, a workspace in which no session was ever begun. */
  move(o: { host: string; sessionId: string; directory: string; to: string; title: string }): Promise<void>;
  /** Whether the host takes sessions in this folder. */
  serves(host: string, directory: string): boolean;
  /** Idle directory instances cost about 30 MB each and OpenCode never ends them (notes/opencode.md §2). */
  release(o: { host: string; directory: string }): Promise<void>;
  onEvent(listener: (host: string, event: HostEvent) => void): Disposable;
  /** A host came or went. */
  onHost(listener: (host: string, connected: boolean) => void): Disposable;
}
