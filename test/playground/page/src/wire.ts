/** What travels over the Slack server's control API, as far as the page reads it. No DOM here: tests read it too. */

export type Json = Record<string, unknown>;

export interface Person {
  readonly id: string;
  /** Handle, as in `@anna`. */
  readonly name: string;
  readonly real_name: string;
  readonly is_bot: boolean;
}

export interface Channel {
  readonly id: string;
  readonly name?: string;
  readonly is_im: boolean;
  readonly is_private: boolean;
  /** The person of a direct message. */
  readonly user?: string;
  readonly members?: readonly string[];
}

export interface Block extends Json {
  readonly type: string;
  readonly block_id?: string;
}

export interface SlackFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly mimetype: string;
  readonly size: number;
}

interface Reaction {
  readonly name: string;
  readonly users: readonly string[];
}

export interface Message {
  readonly ts: string;
  readonly user: string;
  readonly username?: string;
  readonly text: string;
  readonly bot_id?: string;
  readonly subtype?: string;
  readonly thread_ts?: string;
  readonly blocks?: readonly Block[];
  readonly attachments?: readonly Json[];
  readonly files?: readonly SlackFile[];
  readonly reactions?: readonly Reaction[];
  readonly edited?: { readonly user: string; readonly ts: string };
  readonly reply_count?: number;
  readonly reply_users?: readonly string[];
  readonly latest_reply?: string;
  readonly is_reply: boolean;
  /** Only this person sees it. */
  readonly ephemeral_to?: string;
  readonly stream?: 'open' | 'closed' | 'stopped';
}

export interface View {
  readonly id: string;
  readonly type: 'modal' | 'home';
  readonly hash: string;
  readonly title?: { readonly text: string };
  readonly submit?: { readonly text: string } | null;
  readonly close?: { readonly text: string } | null;
  readonly blocks: readonly Block[];
  readonly state: { readonly values: Record<string, Record<string, Json>> };
}

export interface ThreadStatus {
  readonly kind: 'session' | 'assistant';
  readonly status: string;
  readonly loadingMessages?: readonly string[];
}

export interface SlashCommand {
  readonly command: string;
  readonly description: string;
  readonly usageHint: string;
}

export interface World {
  readonly team: { readonly id: string; readonly name: string };
  readonly bot: { readonly userId: string; readonly name: string };
  readonly slashCommands: readonly SlashCommand[];
  readonly shortcuts: readonly {
    readonly type: 'message' | 'global';
    readonly callback_id: string;
    readonly name?: string;
    readonly description?: string;
  }[];
  readonly people: readonly Person[];
  readonly channels: readonly Channel[];
  /** The direct message with the app, by person; the conversation itself is made when first written to. */
  readonly dms: Record<string, string>;
  /** Key `channel:root`. */
  readonly statuses: Record<string, ThreadStatus>;
  readonly titles: Record<string, string>;
  readonly prompts: Record<string, readonly { readonly title: string; readonly message: string }[]>;
  /** Open modals by person, the lowest first. */
  readonly modals: Record<string, readonly View[]>;
  readonly homes: Record<string, readonly View[]>;
  readonly sockets: { readonly count: number; readonly opened: number };
  readonly faults: readonly Json[];
  readonly pendingEvents: number;
  /** Control requests of whoever started the server, such as `GET service`. */
  readonly controls?: readonly string[];
}

export interface JournalEntry {
  readonly seq: number;
  /** Milliseconds since the server started. */
  readonly at: number;
  readonly kind: string;
  readonly name: string;
  readonly channel?: string;
  readonly ts?: string;
  readonly thread?: string;
  /** User id of whoever is behind an event. */
  readonly by?: string;
  readonly id?: string;
  readonly envelopeId?: string;
  readonly attempt?: number;
  readonly ms?: number;
  readonly outcome?: string;
  readonly data?: unknown;
}

export interface Change {
  /** Counts the changes of one connection: a hole means that some were left out. */
  readonly seq: number;
  readonly kind: 'message' | 'status' | 'view' | 'socket' | 'file' | 'channel';
  readonly channel?: string;
  readonly thread?: string;
  readonly ts?: string;
}

export interface UploadedFile {
  readonly name: string;
  readonly base64: string;
  readonly mimetype?: string;
}

export interface ActionTarget {
  readonly actionId: string;
  readonly blockId?: string;
  readonly value?: string | string[];
}

/** What a person does; the body of `POST /control/act` without `as`. */
export type Act =
  | { do: 'post'; channel: string; text: string; threadTs?: string; files?: UploadedFile[] }
  | { do: 'dm'; text: string; threadTs?: string; files?: UploadedFile[] }
  | { do: 'edit'; channel: string; ts: string; text: string }
  | { do: 'delete'; channel: string; ts: string }
  | { do: 'react'; channel: string; ts: string; emoji: string }
  | { do: 'unreact'; channel: string; ts: string; emoji: string }
  | { do: 'slash'; command: string; text: string; channel: string }
  | { do: 'click'; channel: string; ts: string; target: ActionTarget }
  | { do: 'click-view'; view: string; target: ActionTarget }
  | { do: 'shortcut'; callbackId: string; channel?: string; ts?: string }
  | { do: 'submit'; view: string; values: Record<string, unknown> }
  | { do: 'close-view'; view: string }
  | { do: 'open-home'; tab?: 'home' | 'messages' }
  | { do: 'stop-session'; channel: string; threadTs: string };

/** What the person's client got back. */
export interface ActResult {
  /** Of a post. */
  readonly ts?: string;
  readonly acked?: boolean;
  readonly error?: string;
  /** Field errors of a modal, by block id. */
  readonly errors?: Record<string, string>;
}

/** Body of `POST /control/faults`; see test/slack/README.md. */
export interface FaultOrder {
  readonly method: string;
  readonly kind:
    | 'ratelimited'
    | 'status'
    | 'error'
    | 'html'
    | 'hang'
    | 'hang-after'
    | 'reset'
    | 'reset-after'
    | 'slow';
  readonly channel?: string;
  readonly status?: number;
  readonly error?: string;
  readonly retryAfter?: number;
  readonly delayMs?: number;
  readonly times?: number;
  readonly forMs?: number;
}

/** Body of `POST /control/sockets`. */
export type SocketsOrder =
  | { do: 'drop' }
  | { do: 'refuse'; refused: boolean; forMs?: number }
  | { do: 'disconnect'; reason: 'warning' | 'refresh_requested' | 'too_many_websockets' | 'link_disabled' }
  | { do: 'app-rate-limited' };
