/**
 * What a chat is to the core: threads, messages, cards. Nothing here knows Slack; a connector renders it.
 */
import { z } from 'zod';

/** One conversation: a channel thread, or a DM (whose `thread` is then the DM's own thread root or ''). */
export const threadRefSchema = z.object({
  team: z.string(),
  channel: z.string(),
  /** Root message id (Slack: thread_ts). '' for a DM written to without a thread. */
  thread: z.string(),
  dm: z.boolean(),
});
export type ThreadRef = z.infer<typeof threadRefSchema>;

/** Where something is shown in a card of its own, and since when (ISO). */
export const shownSchema = z.object({ ref: threadRefSchema, since: z.string() });
export type Shown = z.infer<typeof shownSchema>;

/** @returns `team:channel:thread`, the key of SPEC §0. */
export function threadKey(ref: ThreadRef): string {
  return `${ref.team}:${ref.channel}:${ref.thread}`;
}

export interface CardButton {
  /** What a click does, e.g. `turn.stop`; arrives back with `value`. */
  readonly action: string;
  readonly label: string;
  readonly value: string;
  readonly style?: 'primary' | 'danger';
  readonly confirm?: string;
  /** A link: opened in the person's browser; the click itself does nothing here. */
  readonly url?: string;
}

/** Characters of a card's body that every connector can show; what is longer belongs into a file. */
export const cardBodyLimit = 8000;

/** A message with state that is updated in place. */
export interface Card {
  /** One line, plain text with emoji, e.g. `🤔 Agent is thinking…`. */
  readonly title: string;
  /** Markdown under the title, at most {@link cardBodyLimit} characters; longer ones are cut. */
  readonly body?: string;
  /** Small grey facts under the title, joined with ` ⋅ `. */
  readonly facts?: readonly string[];
  readonly buttons?: readonly CardButton[];
}

export type ChatMessage =
  | { readonly kind: 'text'; readonly markdown: string; readonly footer?: string }
  | { readonly kind: 'card'; readonly card: Card }
  /** Connector-native blocks as the agent gave them; sanitised by the connector. */
  | { readonly kind: 'blocks'; readonly blocks: readonly unknown[]; readonly text: string };

export interface ChatFile {
  readonly name: string;
  readonly title?: string;
  readonly content: Uint8Array;
  readonly comment?: string;
}

/** A person's message as read back from the chat (catch-up, context). */
export interface ChatHistoryEntry {
  readonly id: string;
  readonly author: string;
  readonly own: boolean;
  readonly text: string;
}

/** Text that grows while the agent writes (DMs). Every call returns at once; failures are handled inside. */
export interface ChatStream {
  append(text: string): void;
  /** Ends the stream with exactly `markdown` as its content, durably, and the footer below it. */
  finish(markdown: string, footer?: string): Promise<void>;
  /** Ends the stream leaving what was shown, or removes it when nothing was. */
  abandon(): Promise<void>;
}

/** For so long a chat knows what it said. What may have been said before that is changed, not said: a change finds it. */
export const chatRemembersMs = 30 * 24 * 3_600_000;

/**
 * The way out. Durable calls resolve once the wish is stored; they are idempotent by `id`, ordered per channel,
 * sent at the channel's pace and never twice. `id`s are the caller's and unique per service.
 */
export interface Chat {
  /** Durable. Long text becomes several numbered messages. */
  say(ref: ThreadRef, id: string, message: ChatMessage): Promise<void>;
  /**
   * Ids beginning with `prefix` that were ever given to `say` or `attach` in this thread (waiting or sent, remembered for
   * `chatRemembersMs`, the latest 500 of a thread): what a turn that is taken up after a crash has already said.
   */
  said(ref: ThreadRef, prefix: string): Promise<string[]>;
  /** Durable. Replaces the content of an earlier `say`; of several waiting changes only the last is sent. */
  change(ref: ThreadRef, id: string, message: ChatMessage): Promise<void>;
  /** Not durable: like `change` but may be dropped under pressure (progress of a live card). */
  refresh(ref: ThreadRef, id: string, message: ChatMessage): void;
  /** Durable. Removes an earlier `say`; harmless when there was none. */
  withdraw(ref: ThreadRef, id: string): Promise<void>;
  /** Durable. */
  attach(ref: ThreadRef, id: string, file: ChatFile): Promise<void>;
  /** `on` is quick and not durable; off is durable. `emoji` without colons. */
  mark(ref: ThreadRef, messageId: string, emoji: string, on: boolean): Promise<void>;
  /** Native status line of the thread. `working` is quick and not durable; the others are durable. */
  status(ref: ThreadRef, status: 'working' | 'waiting' | 'idle'): Promise<void>;
  /** Opens a stream; null when the connector or this kind of thread has none. */
  stream(ref: ThreadRef, id: string, recipient: string): ChatStream | null;
  /** Only this person sees it; not durable. */
  whisper(ref: ThreadRef, person: string, text: string): Promise<void>;
  /** Messages of the thread after message id `after` (exclusive), oldest first. */
  history(ref: ThreadRef, after: string): Promise<ChatHistoryEntry[]>;
  /** Display name of a person, cached; the id when it cannot be had. */
  nameOf(person: string): Promise<string>;
}
