/** The one implementation under words, command, form and button. `work.ts` makes it. */
import type { ThreadRef } from '../../mcp-servers/kit/chat.ts';
import type { HostSnapshot, WorkMessage } from '../../mcp-servers/kit/work.ts';
import type { StartRequest, Suggestion } from '../../mcp-servers/sessions/request.ts';
import type { SessionRow, StartWords } from '../../mcp-servers/sessions/server.ts';
import type { Live } from '../../watcher/live.ts';
import type { Command } from './commands.ts';
import type { Answer, By } from './ports.ts';
import type { ConfirmedAction } from './record.ts';
import type { Waiting } from './waiting.ts';

export interface OwnSession {
  readonly host: string;
  readonly id: string;
  readonly directory: string;
  /** `provider/model`. */
  readonly model: string;
}

export type Adoption =
  | { readonly status: 'running' }
  | { readonly status: 'done'; readonly workspace: string }
  | { readonly status: 'failed'; readonly reason: string };

/**
 * Where `workspace` is left out or `undefined`, the one plugged into `by.ref` is meant; a part of its name or title will do.
 * All throw FrontdeskError for what the person or model should hear (`advice`).
 */
export interface Work extends AsyncDisposable {
  suggest(task: { title: string; description: string }): Promise<Suggestion>;
  /** Puts the proposal's card into `by.ref`; nothing runs before a click. */
  propose(by: By, words: StartWords): Promise<Answer>;
  /**
   * From the form: resolves once it is stored (call it before the submission is acknowledged). Then a thread is opened in the
   * project's channel or the person's DM; a confident routing starts at once, an unsure one shows the card.
   * @returns why it is refused, for the form to show; null when it goes on
   */
  submit(by: By, request: StartRequest): Promise<string | null>;
  /**
   * Like `submit`, for a session that a person began in OpenCode's own UI (WS-6): it moves into a new workspace, however unsure
   * the routing, with its own model where that is configured.
   */
  adopt(by: By, request: StartRequest, session: OwnSession): Promise<string | null>;
  /** Takes an adoption back whose session has not moved yet; else nothing happens. @param reason told in its thread */
  cancelAdoption(requestId: string, reason: string): Promise<void>;
  /** What became of an adoption. */
  adoption(requestId: string): Promise<Adoption>;
  list(by: By): Promise<{ rows: SessionRow[]; text: string }>;
  status(by: By, workspace?: string): Promise<{ row: SessionRow | null; text: string }>;
  /**
   * Passes words on to the coding agent; a stopped one is resumed with them.
   * @param messageId any text: repeated with the same, they are delivered once
   */
  send(by: By, text: string, workspace?: string, messageId?: string): Promise<Answer>;
  read(by: By, limit: number, workspace?: string): Promise<WorkMessage[]>;
  pause(by: By, workspace?: string): Promise<Answer>;
  resume(by: By, workspace?: string): Promise<Answer>;
  stop(by: By, workspace?: string): Promise<Answer>;
  /** @param model an id, or an unambiguous part of one */
  switchModel(by: By, model: string, workspace?: string): Promise<Answer>;
  fork(by: By, title: string | undefined, workspace?: string): Promise<Answer>;
  /** WS-4: moves the workspace to `by.ref`; both threads are told. @returns also where it was, in words */
  plug(by: By, workspace?: string): Promise<Answer & { movedFrom: string | null }>;
  unplug(by: By, workspace?: string): Promise<Answer>;
  toggleEvents(by: By, on: boolean, workspace?: string): Promise<Answer>;
  /** Oldest first. */
  readEvents(by: By, limit: number, workspace?: string): Promise<{ at: string; text: string }[]>;
  diff(by: By, workspace?: string): Promise<Answer>;
  /** Asks for a click (MCP-5). */
  promote(by: By, workspace?: string): Promise<Answer>;
  /** Asks for a click (MCP-5). */
  cleanup(by: By, workspace?: string): Promise<Answer>;
  /** Asks for a click with the caller's own words. */
  confirm(by: By, o: { title: string; detail: string; action: ConfirmedAction }): Promise<Answer>;

  /** Cards of ours that wait for a click. */
  waiting(): Promise<Waiting[]>;
  /** `/opencode …` and its verbs as a mention. `start` without words and `help` are answered like the rest. */
  run(by: By, command: Command): Promise<Answer>;
  /**
   * A click on a button whose action begins with `work.`. Whatever is to be said is posted or returned; the click itself is safe
   * to repeat.
   * @returns what only the clicker should see; null for nothing
   */
  click(by: By, action: string, value: string): Promise<string | null>;
  /** For the turn's header (AG-1): `name (status, agent, title)`, several joined with `; `; `none`. */
  pluggedSummary(ref: ThreadRef): string;

  /** Takes up what an earlier process left: starts, confirmations, moves half told. @returns how many */
  resumeAll(): Promise<number>;
  /** The composition root calls it every second: hosts that stayed away, models waited for, expired confirmations. */
  tick(): void;
  readonly watched: Watched;
  /** Starts and confirmed actions under way. */
  readonly busy: number;
}

/** What the watcher needs of it. */
export interface Watched {
  /**
   * How a host stands, into the state files.
   * @param requestedAt by `steady`, just before it was asked
   */
  readonly look: (host: string, snapshot: HostSnapshot, requestedAt: number) => Promise<void>;
  /** After each change of a state that there may be something to tell of. */
  readonly onChange: (listener: (workspace: string) => void) => Disposable;
  /** What its card shows while it works; null: it does not. Returns at once. */
  readonly show: (workspace: string, live: Live | null) => void;
  /** A line for read_events; returns at once. */
  readonly remember: (workspace: string, text: string) => void;
  /** The agent's last words; '' for none. Rejects when its host cannot be asked now. */
  readonly lastWords: (workspace: string) => Promise<string>;
}
