/**
 * Sessions that a person began in OpenCode's own UI (WS-6): told once, their first write held until the service says what
 * becomes of it. Nothing is held while the service is away: OpenCode must stay usable without it (BR-1).
 */
import { type BridgeEvent, type Command, cut, limits, type QuestionForm } from '../protocol.ts';
import { createForms } from './forms.ts';
import { ofSession, sessionInfo } from './opencode-events.ts';
import { isOfService } from './part-ids.ts';
import { describeWrite, writes } from './writes.ts';

export interface ToolCall {
  readonly tool: string;
  readonly sessionID: string;
  readonly callID: string;
}

export interface PromptGiven {
  readonly sessionId: string;
  readonly text: string;
  readonly model: string;
  readonly partIds: readonly string[];
}

export interface Holds {
  /**
   * Before a call: resolves when it may run. `output.args` of the `question` tool become the service's form where it wants one.
   * @throws Error with words for the model
   */
  before(directory: string, call: ToolCall, output: { args: Record<string, unknown> }): Promise<void>;
  /** After a call: of the form it resolves when the service has done what was answered; what came of it is the tool's output. */
  after(call: ToolCall, output: { output: string }): Promise<void>;
  /**
   * The session moves: its form is answered, and the end of its turn is no stop of anybody. Resolves when OpenCode shows the
   * answer.
   */
  moving(sessionId: string): Promise<void>;
  /** A prompt was given to a session. */
  prompted(directory: string, o: PromptGiven): void;
  /** The service knows this session: it is none of these. */
  known(sessionId: string): void;
  /** @returns whether the write waited still */
  release(command: Extract<Command, { type: 'write.release' }>): boolean;
  /** OpenCode's own event: titles, and turns that end with a call still held. */
  event(
    directory: string,
    event: { readonly type: string; readonly properties: unknown },
    stopped: string | undefined,
  ): void;
  /** Held writes, for a service that knows nothing. */
  waiting(): BridgeEvent[];
  /** Lets go what was held for a service that stays away. */
  sweep(): void;
}

export interface HoldsOptions {
  /** Folders the service works in; sessions elsewhere are nobody's business. */
  readonly roots: readonly string[];
  readonly rootOf: (sessionId: string) => string;
  readonly isConnected: () => boolean;
  readonly push: (event: BridgeEvent) => void;
  readonly now: () => number;
}

interface Session {
  title: string;
  said: string;
  model: string;
  typedAt: number;
  form: QuestionForm | undefined;
  /** The write that was refused until the form is answered. */
  asking: string | undefined;
}

interface Held {
  readonly sessionId: string;
  readonly event: BridgeEvent;
  readonly go: () => void;
  readonly refuse: (message: string) => void;
}

const answered = /^(permission|question)\.(replied|rejected)$/;

/** A service that restarts is back within this; a write does not wait longer for one that is gone. */
const awayMs = 120_000;
const maxSessions = 500;

/** Below a workspace's folder everything belongs to the workspace. */
export function isInWorkspace(directory: string): boolean {
  return /\/\.builders\/[^/]+/.test(directory);
}

export function createHolds({ roots, rootOf, isConnected, push, now }: HoldsOptions): Holds {
  const sessions = new Map<string, Session>();
  const titles = new Map<string, string>();
  const knownToService = new Set<string>();
  const held = new Map<string, Held>();
  const forms = createForms();
  let awaySince: number | undefined;

  const isServed = (directory: string) =>
    roots.some((folder) => directory === folder || directory.startsWith(`${folder.replace(/\/+$/, '')}/`));
  const isOurs = (directory: string, root: string) =>
    !isInWorkspace(directory) && !knownToService.has(root) && isServed(directory);

  const sessionOf = (root: string): Session => {
    const found = sessions.get(root) ?? {
      title: '',
      said: '',
      model: '',
      typedAt: 0,
      form: undefined,
      asking: undefined,
    };
    sessions.set(root, found);
    bound(sessions);
    return found;
  };

  return {
    async before(directory, { tool, sessionID, callID }, output) {
      const root = rootOf(sessionID);
      if (tool === 'question') {
        const session = sessions.get(root);
        if (session?.form === undefined) return;
        output.args['questions'] = session.form;
        // Its next question is its own again.
        session.form = undefined;
        if (session.asking !== undefined) forms.shown(callID, { sessionId: root, holdId: session.asking });
        return;
      }
      if (!isOurs(directory, root) || !isConnected() || !writes(tool, output.args)) return;
      const { said, model, typedAt } = sessionOf(root);
      const event: BridgeEvent = {
        kind: 'write.held',
        session_id: root,
        directory,
        hold_id: callID,
        tool,
        what: cut(describeWrite(output.args), limits.title),
        title: cut(titles.get(root) ?? '', limits.title),
        said: cut(said, limits.error),
        model,
        typed_at: typedAt,
      };
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const refuse = (message: string) => reject(new Error(message));
      held.set(callID, { sessionId: sessionID, event, go: resolve, refuse });
      push(event);
      try {
        await promise;
      } finally {
        held.delete(callID);
      }
    },

    async after({ tool, callID }, output) {
      const told = tool === 'question' ? forms.answered(callID) : undefined;
      if (told !== undefined) output.output = `${output.output}\n${await told}`;
    },

    async moving(sessionId) {
      const session = sessions.get(sessionId);
      if (session !== undefined) Object.assign(session, { form: undefined, asking: undefined });
      await forms.moving(sessionId);
      // Only now: told earlier, the model would go on for longer than it takes to end its turn.
      for (const [id, { event, refuse }] of held) {
        if (event.session_id !== sessionId) continue;
        held.delete(id);
        refuse('The session moves into its workspace now.');
      }
    },

    prompted(directory, { sessionId, text, model, partIds }) {
      // A subagent is prompted by its parent.
      if (rootOf(sessionId) !== sessionId || !isServed(directory)) return;
      if (!isOurs(directory, sessionId)) {
        if (text === '' || partIds.some(isOfService)) return;
        const said = { title: '', at: now(), text: cut(text, limits.title) };
        push({ kind: 'session.typed', session_id: sessionId, directory, ...said });
        return;
      }
      const session = sessionOf(sessionId);
      Object.assign(session, { said: text, model, typedAt: now() });
      const title = cut(titles.get(sessionId) ?? '', limits.title);
      push({ kind: 'session.typed', session_id: sessionId, directory, title, at: session.typedAt });
    },

    known(sessionId) {
      knownToService.add(sessionId);
      bound(knownToService);
    },

    release({ hold_id, session_id, decision, message, form }) {
      const session = sessionOf(session_id);
      session.form = form ?? undefined;
      session.asking = form === undefined ? undefined : hold_id;
      const call = held.get(hold_id);
      const words = message ?? 'This write was refused.';
      forms.tell(hold_id, words);
      if (decision === 'go') {
        knownToService.add(session_id);
        call?.go();
      } else call?.refuse(words);
      return call !== undefined;
    },

    event(directory, { type, properties }, stopped) {
      if (type === 'session.created' || type === 'session.updated') {
        const info = sessionInfo.safeParse(properties).data?.info;
        if (info?.title && !info.parentID) titles.set(info.id, info.title);
        bound(titles);
      }
      if (answered.test(type)) {
        const root = rootOf(ofSession.safeParse(properties).data?.sessionID ?? '');
        const session = sessions.get(root);
        // Who answers its agent sits there.
        if (session !== undefined) session.typedAt = now();
      }
      forms.event(type, properties);
      if (stopped === undefined) return;
      // An abort does not end a hook's wait, and the call would run when it is released (notes/opencode.md §7).
      for (const { sessionId, event, refuse } of held.values()) {
        if (sessionId !== stopped && event.session_id !== stopped) continue;
        refuse('The turn was stopped.');
        if (event.kind === 'write.held')
          push({ kind: 'write.dropped', session_id: event.session_id, directory, hold_id: event.hold_id });
      }
      // Nor is the form wanted any more, whether it was shown yet or not.
      forms.stopped(stopped);
      const session = sessions.get(stopped);
      if (session?.asking === undefined) return;
      push({ kind: 'write.dropped', session_id: stopped, directory, hold_id: session.asking });
      Object.assign(session, { form: undefined, asking: undefined });
    },

    waiting: () => [...held.values()].map(({ event }) => event),

    sweep() {
      if (isConnected()) awaySince = undefined;
      else awaySince ??= now();
      if (awaySince === undefined || now() - awaySince <= awayMs) return;
      for (const { go } of held.values()) go();
      forms.away();
    },
  };
}

/** The oldest are forgotten. */
function bound(kept: Map<string, unknown> | Set<string>): void {
  for (const oldest of kept.keys()) {
    if (kept.size <= maxSessions) return;
    kept.delete(oldest);
  }
}
