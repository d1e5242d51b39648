import type { Change } from './changes.ts';
import type { ClockOptions } from './clock.ts';
import type { Sockets } from './hub/socket-hub.ts';
import type { JournalEntry } from './journal.ts';
import type { FaultBox } from './limits/faults.ts';
import type { Manifest } from './manifest.ts';
import type { TranscriptOptions } from './render/transcript.ts';
import type { ChannelKind, Json, StoredMessage, StoredView, ThreadStatus } from './store/model.ts';

export interface PersonOptions {
  readonly id: string;
  readonly name: string;
  readonly email?: string;
}

export interface ChannelOptions {
  readonly id: string;
  readonly name: string;
  readonly kind?: Exclude<ChannelKind, 'im'>;
  /** Default: everybody. */
  readonly members?: readonly string[];
  /** Whether the app is in it; default yes. */
  readonly bot?: boolean;
}

export interface SlackServerOptions {
  /** Default 0: any free one. */
  readonly port?: number;
  /** Default deploy/slack/manifest.yaml. */
  readonly manifestPath?: string;
  /** `scale` makes Slack's minutes pass faster (retries, streams, response_url); the 3 s deadlines stay real. */
  readonly clock?: ClockOptions;
  /** Slack's 429s; default true. */
  readonly rateLimits?: boolean;
  /** chat.postMessage calls a channel takes at once before one per second; default 4. */
  readonly burst?: number;
  /** How long a client waits for an ack, and a trigger_id lives; default 3,000 real milliseconds. */
  readonly ackMs?: number;
  /** Interval of WebSocket pings; default 5,000 real milliseconds. */
  readonly pingMs?: number;
  /** Journal entries kept; default 20,000. */
  readonly journalLimit?: number;
  /** HTTP mode: where events, interactions and commands are posted, instead of sockets. */
  readonly requestUrl?: string;
  /** Default: new ones of the right shape, worth nothing elsewhere. */
  readonly tokens?: { readonly bot: string; readonly app: string; readonly signingSecret: string };
  readonly team?: { readonly id?: string; readonly name?: string };
  readonly people?: readonly PersonOptions[];
  readonly channels?: readonly ChannelOptions[];
  /** A file: messages are read from it at the start, where there is one, and written to it at the end. */
  readonly keepIn?: string;
  /** Folder of a built page, served at `/` to this machine only. */
  readonly site?: string;
  /** More control requests: `POST service` is `POST /control/service`. What they throw is answered with 400. */
  readonly controls?: Readonly<Record<string, (body: unknown) => unknown>>;
}

export interface PostedFile {
  readonly name: string;
  readonly content: Uint8Array | string;
  readonly mimetype?: string;
}

export interface PostOptions {
  readonly threadTs?: string;
  readonly files?: readonly PostedFile[];
}

/** What a person's client got back from the app. */
export interface InteractionResult {
  /** False when no connection was there or no ack came in time: the client shows an error. */
  readonly acked: boolean;
  /** The ack's payload: a message for a command, `response_action` for a modal. */
  readonly payload: Json;
  readonly error?: string;
}

export interface SubmitResult extends InteractionResult {
  /** Field errors shown in the modal, by block id: the app's, or the client's for a required field. */
  readonly errors?: Record<string, string>;
}

/**
 * An action_id, a label, or (for a client that still shows an older card) both id and value. The block's id
 * tells two elements with one action_id apart; several values are those of a multi-select or of checkboxes.
 */
export type ClickTarget =
  | string
  | { readonly actionId: string; readonly blockId?: string; readonly value?: string | readonly string[] };

/** Somebody with a Slack client. Every call is what they could do in it; nothing waits for the app but acks. */
export interface SlackPerson {
  readonly id: string;
  /** `@name` of a known user becomes a mention; `<@U…>` is one already. @returns the ts */
  post(channel: string, text: string, options?: PostOptions): Promise<string>;
  edit(channel: string, ts: string, text: string): Promise<void>;
  delete(channel: string, ts: string): Promise<void>;
  react(channel: string, ts: string, emoji: string): Promise<void>;
  unreact(channel: string, ts: string, emoji: string): Promise<void>;
  /** Writes to the app's DM. @returns the ts */
  dm(text: string, options?: PostOptions): Promise<string>;
  slash(command: string, text: string, channel: string): Promise<InteractionResult>;
  /** Presses a button or takes a choice (`value`) on a message. */
  click(channel: string, ts: string, target: ClickTarget): Promise<InteractionResult>;
  /** The same in a modal or on App Home. */
  clickView(viewId: string, target: ClickTarget): Promise<InteractionResult>;
  /** Message shortcut; without channel a global one. */
  shortcut(callbackId: string, channel?: string, ts?: string): Promise<InteractionResult>;
  /** Fields by block id: text, option value(s), boolean-free Slack value objects; the rest keeps its initial value. */
  submit(viewId: string, values: Record<string, unknown>): Promise<SubmitResult>;
  closeView(viewId: string): Promise<InteractionResult>;
  openHome(tab?: 'home' | 'messages'): Promise<void>;
  /** The native Stop button. @throws when the thread has none (no session is processing, nothing streams) */
  stopSession(channel: string, threadTs: string): Promise<void>;
  /** The modal on top, if one is open. */
  modal(): StoredView | undefined;
  home(): StoredView | undefined;
}

export interface SlackServer extends AsyncDisposable {
  /** `http://127.0.0.1:port/api/` for `clientOptions.slackApiUrl`. */
  readonly apiUrl: string;
  readonly url: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  readonly manifest: Manifest;
  readonly teamId: string;
  readonly botUserId: string;
  /** @throws for a user id nobody has */
  as(userId: string): SlackPerson;
  message(channel: string, ts: string): StoredMessage | undefined;
  /** Root and replies, oldest first, ephemeral ones included. */
  thread(channel: string, threadTs: string): StoredMessage[];
  /** All messages of a channel that are not replies, oldest first. */
  messages(channel: string): readonly StoredMessage[];
  view(viewId: string): StoredView | undefined;
  /** Native status line of a thread; undefined when none is set. `threadTs` '' for a DM as a whole. */
  status(channel: string, threadTs: string): ThreadStatus | undefined;
  /** Every message of the app that would notify somebody. */
  pinged(): StoredMessage[];
  readonly journal: readonly JournalEntry[];
  readonly faults: FaultBox;
  /** Slack is gone: connections cut and refused, every call reset, for `forMs` real milliseconds. */
  outage(forMs: number): void;
  readonly sockets: Sockets;
  /** Events neither acknowledged nor given up. */
  readonly pendingEvents: number;
  /** Public channel or group made while running. */
  addChannel(options: ChannelOptions): void;
  /** HTTP mode from now on (after url_verification), or back to sockets with undefined. */
  useRequestUrl(url: string | undefined): Promise<void>;
  transcript(channel: string, threadTs?: string, options?: TranscriptOptions): string;
  watchChanges(listener: (change: Change) => void): () => void;
  /**
   * Waits until the predicate gives a value. It is asked after every change here, and every 50 ms for what
   * changes in the app. @throws after `timeoutMs` (default 120,000), with the transcripts
   */
  until<T>(predicate: () => T | undefined | false, what: string, timeoutMs?: number): Promise<T>;
}
