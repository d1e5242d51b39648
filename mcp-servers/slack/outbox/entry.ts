import { z } from 'zod';
import { threadRefSchema } from '../../kit/chat.ts';

/** What Slack gets for one message. Sanitised and within Slack's limits. */
const contentSchema = z.object({
  text: z.string(),
  blocks: z.array(z.record(z.string(), z.unknown())),
});
export type Content = z.infer<typeof contentSchema>;

const wishes = [
  /** A new message; at most once per `id`. */
  z.object({ op: z.literal('post'), id: z.string(), content: contentSchema }),
  /** New content for the message of `id`, which is posted if it cannot be found. */
  z.object({ op: z.literal('put'), id: z.string(), content: contentSchema }),
  /** Ends the stream of `id` with exactly this content. `whole` is the markdown when it is all in one message. */
  z.object({
    op: z.literal('finish'),
    id: z.string(),
    content: contentSchema,
    whole: z.string().optional(),
    footer: contentSchema.shape.blocks,
    /** Something was shown live when this was wished; otherwise it will be a post. */
    streamed: z.boolean(),
    parts: z.number(),
  }),
  z.object({ op: z.literal('delete'), id: z.string() }),
  /** A file; its bytes lie in the `outbox-files` collection under the entry's key. */
  z.object({
    op: z.literal('upload'),
    id: z.string(),
    name: z.string(),
    title: z.string().optional(),
    comment: z.string().optional(),
    /** Slack's id, known before the file is shown to anyone. */
    fileId: z.string().optional(),
  }),
  z.object({ op: z.literal('unreact'), id: z.string(), message: z.string(), emoji: z.string() }),
  z.object({ op: z.literal('status'), id: z.string(), status: z.enum(['suspended', 'active']) }),
] as const;

const wishSchema = z.discriminatedUnion('op', wishes);
export type Wish = z.infer<typeof wishSchema>;

/** A wish in the queue. */
const entrySchema = z.object({
  /** Unique in the store, also when one `id` is wished for several times. */
  key: z.string(),
  /** Ascending over all threads: the order in which wishes came. */
  order: z.number(),
  /** When it was stored, ms since the epoch. */
  at: z.number(),
  wish: wishSchema,
});
export type Entry = z.infer<typeof entrySchema>;

/** One thread's way out. Kept per thread so that a post costs the same however many threads there are. */
export const threadOutboxSchema = z.object({
  ref: threadRefSchema,
  entries: z.array(entrySchema),
  /** Messages that are out, by id, oldest first. `ts` is '' where there is none to change (a file, a failed post). */
  sent: z.record(z.string(), z.object({ ts: z.string(), at: z.number() })),
  /** Streams begun and not finished, by id, with the time of their beginning. */
  streams: z.record(z.string(), z.number()),
});
export type ThreadOutbox = z.infer<typeof threadOutboxSchema>;

export const deadLetterSchema = z.object({
  ref: threadRefSchema,
  entry: entrySchema,
  reason: z.string(),
  at: z.number(),
  revivable: z.boolean().default(false),
});
export type DeadLetter = z.infer<typeof deadLetterSchema>;

/** The bytes of a file on its way, base64. */
export const outboxFileSchema = z.object({ content: z.string() });
