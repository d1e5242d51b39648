import { z } from 'zod';
import type { ThreadRef } from '../../mcp-servers/kit/chat.ts';

/** A file a person attached, not fetched yet. `source` is the connector's own address for it. */
export const fileRefSchema = z.object({
  name: z.string(),
  mime: z.string(),
  /** Bytes; 0 when the chat did not say. */
  size: z.number(),
  source: z.string(),
});
export type FileRef = z.infer<typeof fileRefSchema>;

/** A file as it was fetched, or why it could not be. */
export type LoadedFile =
  | { readonly ok: true; readonly name: string; readonly mime: string; readonly content: Uint8Array }
  | { readonly ok: false; readonly name: string; readonly reason: string };

/** How a person addressed a message. */
export type Addressing =
  /** A DM, or a mention of the bot. */
  | 'direct'
  /** In a channel, nobody mentioned. */
  | 'open'
  /** Somebody else is mentioned, the bot is not. */
  | 'other';

/** What comes in from a chat, in the core's words. Only people on the allowlist get this far (IN-2). */
export type Incoming =
  | {
      readonly kind: 'message';
      readonly ref: ThreadRef;
      /** Sortable within the thread (Slack: ts). */
      readonly messageId: string;
      readonly eventId: string;
      readonly author: string;
      /** Without the mention of the bot. */
      readonly text: string;
      readonly files: readonly FileRef[];
      readonly addressing: Addressing;
    }
  | {
      readonly kind: 'edited';
      readonly ref: ThreadRef;
      readonly messageId: string;
      readonly eventId: string;
      readonly author: string;
      readonly text: string;
    }
  | { readonly kind: 'deleted'; readonly ref: ThreadRef; readonly messageId: string; readonly author: string }
  | {
      readonly kind: 'stop';
      readonly ref: ThreadRef;
      readonly author: string;
      readonly via: 'reaction' | 'native';
    }
  /** A click on one of our buttons. */
  | {
      readonly kind: 'action';
      readonly ref: ThreadRef;
      readonly author: string;
      readonly action: string;
      readonly value: string;
      /** Unique per click. */
      readonly clickId: string;
      /** With it a form can be opened for the clicker, within three seconds; opaque. */
      readonly trigger?: string;
    };
