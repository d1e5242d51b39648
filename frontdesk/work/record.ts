/** What is stored besides the workspaces' own state files: wishes under way. One small file each. */
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { threadRefSchema } from '../../mcp-servers/kit/chat.ts';
import {
  routingSchema,
  sessionStatusSchema,
  workSessionSchema,
  type WorkspaceState,
} from '../../mcp-servers/kit/work.ts';
import { startRequestSchema } from '../../mcp-servers/sessions/request.ts';
import { type News, newsSchema } from '../../watcher/news.ts';

const modelChoiceSchema = z.object({
  id: z.string(),
  reason: z.string(),
  available: z.boolean(),
  problem: z.string(),
});

/**
 * A start, from the card to the running session. Each step is stored before the next, so that another process takes it up:
 * placing → proposed ⇄ waiting → starting → started | failed; cancelled from any of the first three.
 */
export const proposalSchema = z.object({
  id: z.string(),
  /** Who asked for it. */
  person: z.string(),
  /** Where it was asked for; with a form, not where it goes on. */
  askedIn: threadRefSchema,
  /** null while placing: the thread is not opened yet. */
  ref: threadRefSchema.nullable(),
  request: startRequestSchema,
  workspace: z.string(),
  routing: routingSchema,
  model: modelChoiceSchema,
  /** A person chose the model: another agent does not change it. */
  modelChosen: z.boolean(),
  status: z.enum(['placing', 'proposed', 'waiting', 'starting', 'started', 'failed', 'cancelled']),
  view: z.enum(['main', 'agents', 'models']),
  /** Shown on the card: why a click did not do what it says. */
  note: z.string(),
  /** Who clicked last. */
  by: z.string(),
  /** A person's own session that is to work here (WS-6); without one a session is made. */
  adopt: z.object({ host: z.string(), id: z.string(), directory: z.string() }).optional(),
  /** What the workspace was before the start, to go back to; null: there was none. */
  before: z.object({ session: workSessionSchema.nullable(), thread: threadRefSchema.nullable() }).nullable(),
  session: z.object({ id: z.string(), host: z.string() }).nullable(),
  /** Id of the task's prompt; stored before it is sent, so that it is delivered once. */
  messageId: z.string().nullable(),
  /** Why it failed; set before what was made is taken back. */
  error: z.string().nullable(),
  /** Unix ms. */
  createdAt: z.number(),
  changedAt: z.number(),
});
export type Proposal = z.infer<typeof proposalSchema>;

/** Its session is in the state file, or there is none. */
export function isStartOver({ status }: Proposal): boolean {
  return status === 'started' || status === 'failed' || status === 'cancelled';
}

/** What a click may set off (MCP-5): data, so that it is still known after a restart. */
const confirmedActionSchema = z.object({
  kind: z.enum(['promote', 'cleanup', 'reset', 'lab-cleanup']),
  workspace: z.string(),
});
export type ConfirmedAction = z.infer<typeof confirmedActionSchema>;

export const confirmationSchema = z.object({
  id: z.string(),
  person: z.string(),
  ref: threadRefSchema,
  title: z.string(),
  detail: z.string(),
  action: confirmedActionSchema,
  status: z.enum(['pending', 'running', 'done', 'failed', 'cancelled', 'expired']),
  /** Who clicked. */
  by: z.string(),
  /** What came of it, in Markdown. */
  outcome: z.string(),
  /** Of a workspace that is to be removed: where that is told. Stored before; a life that finds it gone tells it still. */
  gone: z.object({ thread: threadRefSchema.nullable(), createdAt: z.string() }).optional(),
  createdAt: z.number(),
});
export type Confirmation = z.infer<typeof confirmationSchema>;

/** Nothing comes of it any more. */
export function isDecided({ status }: Confirmation): boolean {
  return status !== 'pending' && status !== 'running';
}

/** What lately happened in a workspace, for read_events; bounded. */
export const activitySchema = z.object({
  lines: z.array(z.object({ at: z.string(), text: z.string() })),
  todo: z.object({ done: z.number(), total: z.number() }).nullable(),
});
export type Activity = z.infer<typeof activitySchema>;

/** Our own part of `.session-state.yaml`, under `desk`. */
const deskSchema = z.object({
  /** Counts changes of status. */
  changes: z.number().default(0),
  /** What happened to the session, the latest, for the watcher to tell. */
  news: z.array(newsSchema).default([]),
  /** The last move between threads, and whether both have been told. */
  plug: z
    .object({ seq: z.number(), from: threadRefSchema.nullable(), by: z.string(), told: z.boolean() })
    .nullable()
    .default(null),
  /** Other threads it was in, by key, in which its progress lines were on when it left (WA-4). */
  eventsIn: z.array(z.string()).default([]),
  /** The session must be interrupted still: paused or stopped while its host did not answer, or by a process that died. */
  abortOwed: z.boolean().default(false),
  /** The card that shows it in its thread. */
  card: z.object({ ref: threadRefSchema, id: z.string() }).nullable().default(null),
  /** Turns cut off by the end of its host, one after the other. */
  cuts: z.number().default(0),
  /** Message that was cut off, and told to be; '' for none. */
  cutOf: z.string().default(''),
  /** The last wish for a copy of it to go on with, and the copy; '' while it is being made. */
  fork: z
    .object({
      request: z.string(),
      of: z.string(),
      /** Sessions that had its title before. */
      others: z.array(z.string()),
      copy: z.string(),
    })
    .nullable()
    .default(null),
  /** While it runs: since when, Unix ms, with the time its host was away. */
  runsSince: z.number().nullable().default(null),
  /** What it was before its host went away. */
  before: sessionStatusSchema.nullable().default(null),
});
export type Desk = z.infer<typeof deskSchema>;

const noDesk: Desk = deskSchema.parse({});

/** States are never edited: read once, however often they are looked at. */
const desks = new WeakMap<WorkspaceState, Desk>();

/** Never throws: a damaged part is as if it were not there. */
export function deskOf(state: WorkspaceState): Desk {
  const known = desks.get(state);
  if (known !== undefined) return known;
  const parsed = deskSchema.safeParse(state['desk'] ?? {});
  const desk = parsed.success ? parsed.data : noDesk;
  desks.set(state, desk);
  return desk;
}

/** Far more than happens while the watcher is away. */
const mostNews = 8;

/** What the watcher is to tell, written with the state it is about. */
export function withNews(state: WorkspaceState, ...happened: readonly Omit<News, 'n'>[]): WorkspaceState {
  if (happened.length === 0) return state;
  const { news } = deskOf(state);
  const from = (news.at(-1)?.n ?? 0) + 1;
  const added = happened.map((each, index) => ({ n: from + index, ...each }));
  return withDesk(state, { news: [...news, ...added].slice(-mostNews) });
}

/** The same object when nothing changes: then nothing is written and committed. */
export function withDesk(state: WorkspaceState, patch: Partial<Desk>): WorkspaceState {
  const before = deskOf(state);
  const after = { ...before, ...patch };
  return isDeepStrictEqual(before, after) ? state : { ...state, desk: after };
}

/** Its workspace was moved to another thread before the start ended: the card went along, as the session's. */
export function isCardElsewhere(
  state: WorkspaceState | undefined,
  { id, session }: Pick<Proposal, 'id' | 'session'>,
): boolean {
  return session !== null && state?.session?.id === session.id && deskOf(state).card?.id !== id;
}
