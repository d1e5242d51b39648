/** What threads need of OpenCode, and nothing more. */

/** A part of a prompt. `id`s make a repeated prompt harmless (notes/opencode.md §4, idempotency). */
export type PromptPart =
  | { readonly type: 'text'; readonly text: string; readonly synthetic?: boolean }
  | { readonly type: 'file'; readonly mime: string; readonly filename: string; readonly url: string };

export interface Usage {
  /** Model as `provider/model`. */
  readonly model: string;
  /** USD, summed over the turn's steps. */
  readonly cost: number;
  /** Tokens in the context at the last step, and the model's limit (0 when unknown). */
  readonly contextTokens: number;
  readonly contextLimit: number;
}

/** How a prompt stands, read from OpenCode itself (level, not edge). */
export type PromptState =
  /** OpenCode never saw this prompt. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'running' }
  /** Ended properly. `text` is the last assistant text of the turn, '' when there was none. */
  | {
      readonly kind: 'done';
      readonly text: string;
      readonly usage: Usage;
      /** The last tool call of the turn failed. */
      readonly callFailed: boolean;
    }
  | { readonly kind: 'failed'; readonly error: string; readonly text: string; readonly usage: Usage }
  | { readonly kind: 'aborted'; readonly text: string; readonly usage: Usage }
  /** Not running, yet never finished: OpenCode or its host died under it. */
  | { readonly kind: 'interrupted' };

export type AgentEvent =
  | { readonly kind: 'step' }
  | { readonly kind: 'text'; readonly partId: string; readonly delta: string }
  | {
      readonly kind: 'tool';
      readonly tool: string;
      readonly title: string;
      readonly status: 'running' | 'completed' | 'error';
    }
  | { readonly kind: 'retry'; readonly attempt: number; readonly message: string; readonly nextAt: number }
  /** The turn may have ended, or events were missed: read {@link Agent.stateOf}. */
  | { readonly kind: 'check' };

export interface Agent {
  /** @returns the new session's id. `title` also switches off OpenCode's title call. */
  createSession(title: string): Promise<string>;
  /** True when OpenCode still knows the session. */
  hasSession(sessionId: string): Promise<boolean>;
  /** Starts a turn and returns once it is accepted. Sent twice with one `promptId` it runs once. */
  prompt(sessionId: string, promptId: string, parts: readonly PromptPart[]): Promise<void>;
  stateOf(sessionId: string, promptId: string): Promise<PromptState>;
  /** Ends the running turn and rejects whatever it waits for. Harmless when idle. */
  abort(sessionId: string): Promise<void>;
  /** Events of one session until disposed. After every gap (stream lost, OpenCode restarted) comes a `check`. */
  watch(sessionId: string, listener: (event: AgentEvent) => void): Disposable;
  /** A new sortable prompt id ("msg_…"). */
  newPromptId(): string;
}
