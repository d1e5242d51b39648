import { z } from 'zod';
import type { ThreadRef } from '../../kit/chat.ts';
import type { SlackWeb } from '../web.ts';

/** Marks our messages, so that one in doubt can be found. */
const metadataType = 'frontdesk_post';

export function buildMetadata(id: string) {
  return { event_type: metadataType, event_payload: { id } };
}

/** A message as `conversations.replies` and `.history` give it; what else it holds is of no interest here. */
const messageSchema = z.object({
  ts: z.string(),
  thread_ts: z.string().optional(),
  user: z.string().optional(),
  bot_id: z.string().optional(),
  subtype: z.string().optional(),
  text: z.string().default(''),
  metadata: z
    .object({ event_type: z.string(), event_payload: z.object({ id: z.unknown() }).catch({ id: undefined }) })
    .optional()
    .catch(undefined),
  files: z
    .array(z.object({ id: z.string() }))
    .optional()
    .catch(undefined),
});
export type SlackMessage = z.infer<typeof messageSchema>;

const pageSchema = z.object({
  messages: z.array(messageSchema),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

/** Slack's clock against ours, and a post that was long under way. */
const skewMs = 10 * 60_000;
/** A message with its id is sought further back: a clock that was an hour or a time zone ahead must not hide it. */
const wrongClockMs = 24 * 3_600_000;

/**
 * Messages of a thread, or of a channel's top level where `thread` is ''.
 * @param oldest message id, exclusive
 * @throws SlackFailure
 */
export async function* readMessages(
  web: SlackWeb,
  ref: ThreadRef,
  oldest: string,
): AsyncGenerator<SlackMessage> {
  const [method, where] =
    ref.thread === ''
      ? (['conversations.history', {}] as const)
      : (['conversations.replies', { ts: ref.thread }] as const);
  let cursor: string | undefined;
  do {
    const page = pageSchema.parse(
      await web.call(method, {
        channel: ref.channel,
        ...where,
        oldest,
        limit: 200,
        include_all_metadata: true,
        ...(cursor === undefined ? {} : { cursor }),
      }),
    );
    yield* page.messages;
    cursor = page.response_metadata?.next_cursor;
  } while (cursor !== undefined && cursor !== '');
}

/** Finds what became of a call whose answer was lost. */
export interface Lookup {
  /** @returns the `ts` of the message that carries this id */
  message(ref: ThreadRef, id: string, sinceMs: number): Promise<string | undefined>;
  /** True when the file is shown in the thread. */
  file(ref: ThreadRef, fileId: string, sinceMs: number): Promise<boolean>;
  /** @returns the `ts` of our newest message without id that is not in `known`: a stream begun and not ended */
  stream(ref: ThreadRef, sinceMs: number, known: ReadonlySet<string>): Promise<string | undefined>;
}

export function createLookup(web: SlackWeb, botUserId: string): Lookup {
  const recent = (ref: ThreadRef, sinceMs: number, marginMs: number) =>
    readMessages(web, ref, (Math.max(0, sinceMs - marginMs) / 1000).toFixed(6));
  /** Any app may put our mark on its message: what it says must not count as ours. */
  const isOurs = (message: SlackMessage, id: string) =>
    (message.user === undefined || message.user === botUserId) &&
    message.metadata?.event_type === metadataType &&
    message.metadata.event_payload.id === id;

  return {
    async message(ref, id, sinceMs) {
      for await (const message of recent(ref, sinceMs, wrongClockMs))
        if (isOurs(message, id)) return message.ts;
      return undefined;
    },
    async file(ref, fileId, sinceMs) {
      for await (const { files } of recent(ref, sinceMs, wrongClockMs)) {
        if (files?.some(({ id }) => id === fileId)) return true;
      }
      return false;
    },
    async stream(ref, sinceMs, known) {
      let newest: string | undefined;
      for await (const { ts, user, metadata, files } of recent(ref, sinceMs, skewMs)) {
        const open = user === botUserId && metadata === undefined && files === undefined && !known.has(ts);
        if (open && (newest === undefined || Number(ts) > Number(newest))) newest = ts;
      }
      return newest;
    },
  };
}
