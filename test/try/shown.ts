/** What the terminal shows of Slack; filled by slack-side.ts, compared by view.ts. */

export interface ShownButton {
  /** Stays the same while the button exists: its number hangs on it. */
  readonly key: string;
  readonly label: string;
}

export interface ShownMessage {
  readonly id: string;
  readonly author: string;
  readonly own: boolean;
  /** Readable text of the whole message, blocks included. */
  readonly text: string;
  readonly buttons: readonly ShownButton[];
  /** e.g. `👀 Frontdesk`. */
  readonly reactions: readonly string[];
  /** Still being streamed. */
  readonly growing: boolean;
  /** Posted in the thread of another message, in a DM. */
  readonly reply: boolean;
}

export interface ShownPlace {
  readonly key: string;
  /** e.g. `#dev › take 20 seconds` or `DM Anna – Frontdesk`. */
  readonly title: string;
  /** e.g. `is thinking…`; '' when none. */
  readonly status: string;
  readonly messages: readonly ShownMessage[];
}

export type Shown = readonly ShownPlace[];
