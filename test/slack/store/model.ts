/** Anything that travels as JSON and is not ours to type more closely. */
export type Json = Record<string, unknown>;
export type Block = Json & { type: string };

export type ChannelKind = 'channel' | 'group' | 'im' | 'mpim';

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly kind: ChannelKind;
  readonly members: Set<string>;
  /** Seconds since the epoch. */
  readonly created: number;
  archived: boolean;
}

export interface User {
  readonly id: string;
  /** Handle, as in `@anna`. */
  readonly name: string;
  /** As shown. */
  readonly realName: string;
  readonly isBot: boolean;
  readonly email?: string | undefined;
}

export interface StoredFile {
  readonly id: string;
  readonly name: string;
  title: string;
  readonly mimetype: string;
  readonly user: string;
  content: Buffer;
  /** Complete: shared or at least finished, so that files.info knows it. */
  complete: boolean;
  readonly createdSeconds: number;
  readonly channels: Set<string>;
}

interface Reaction {
  readonly name: string;
  readonly users: string[];
}

export interface StreamState {
  /** `closed` is by Slack after its 5 minutes, `stopped` by the app. */
  state: 'open' | 'closed' | 'stopped';
  readonly recipient?: string | undefined;
  readonly display: 'timeline' | 'plan';
  /** Fixed by the first content: `markdown_text` or `chunks`; the other is refused from then on. */
  speaks?: 'text' | 'chunks' | undefined;
  cancelTimer: () => void;
}

export interface StoredMessage {
  readonly channel: string;
  readonly ts: string;
  /** Root of the thread this is a reply in. */
  readonly threadTs?: string | undefined;
  user: string;
  readonly bot: boolean;
  readonly username?: string | undefined;
  text: string;
  blocks: Block[];
  attachments: Json[];
  files: StoredFile[];
  metadata?: Json | undefined;
  edited?: { user: string; ts: string } | undefined;
  reactions: Reaction[];
  subtype?: string | undefined;
  readonly clientMsgId?: string | undefined;
  /** Only this person sees it; such messages are unknown to the Web API. */
  readonly ephemeralTo?: string | undefined;
  readonly broadcast?: boolean | undefined;
  stream?: StreamState | undefined;
  /** Everything in the app's message that would notify somebody, ever since it was posted. */
  pings: string[];
}

/** The one status line of a thread, written by agents.sessions and by assistant.threads alike. */
export interface ThreadStatus {
  readonly kind: 'session' | 'assistant';
  readonly status: string;
  readonly loadingMessages?: readonly string[];
  readonly at: number;
}

export interface StoredView {
  readonly id: string;
  readonly type: 'modal' | 'home';
  readonly user: string;
  /** As the app gave it, with block ids and action ids filled in. */
  body: Json & { blocks: Block[] };
  hash: string;
  rootId: string;
  previousId: string | null;
  externalId: string;
  /** What the person has typed: block id → action id → value object. */
  values: Record<string, Record<string, Json>>;
}

/** @returns whether `ts` belongs to a reply. */
export function isReply(message: StoredMessage): boolean {
  return message.threadTs !== undefined && message.threadTs !== message.ts;
}

/** @returns the root of the thread a message is in; its own ts when it is one. */
export function rootOf(message: StoredMessage): string {
  return message.threadTs ?? message.ts;
}

/** @returns a JSON value as text; '' for what is neither text, number nor boolean. */
export function str(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';
}
