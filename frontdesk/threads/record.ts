import { z } from 'zod';
import { threadRefSchema } from '../../mcp-servers/kit/chat.ts';
import { fileRefSchema } from './incoming.ts';

/** A message that waits for, or is in, a turn. */
const waitingSchema = z.object({
  messageId: z.string(),
  author: z.string(),
  text: z.string(),
  files: z.array(fileRefSchema),
  /** Unix ms. */
  receivedAt: z.number(),
  /** Its notice "Queued at position N" has been said. */
  noticed: z.boolean(),
  /** The text it had when it was delivered earlier: this one corrects it. */
  corrects: z.string().optional(),
});
export type Waiting = z.infer<typeof waitingSchema>;

const turnSchema = z.object({
  /** Prefix of every post of this turn: `<thread key>/<message id>`, and `+n` for corrections of that message. */
  id: z.string(),
  message: waitingSchema,
  /** Known before the prompt is sent, so that it can be sent again without harm. */
  promptId: z.string(),
  /** 1, and one more each time it was taken up again after an interruption. */
  attempt: z.number(),
  startedAt: z.number(),
  /** What the agent has said in this turn, noted just before the outbox has it: after a crash the outbox is what counts. */
  replies: z.array(z.object({ id: z.string(), markdown: z.string() })),
  /** Who ended it, and how. Once set, nothing more of the agent is posted. */
  stop: z
    .object({ by: z.string(), why: z.enum(['stop', 'interrupt', 'limit']), note: z.string() })
    .nullable(),
});
export type Turn = z.infer<typeof turnSchema>;

/** Actions that nothing else in the record would bring about again after a crash. */
export const owedSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('say'), id: z.string(), text: z.string() }),
  z.object({
    kind: z.literal('unqueued'),
    messageId: z.string(),
    by: z.string(),
    how: z.literal('removed'),
  }),
  z.object({ kind: z.literal('mark'), messageId: z.string(), on: z.literal(false) }),
  z.object({ kind: z.literal('command'), messageId: z.string(), author: z.string(), text: z.string() }),
]);
export type Owed = z.infer<typeof owedSchema>;

/** All that is stored of a thread: one small file. */
export const threadRecordSchema = z.object({
  ref: threadRefSchema,
  sessionId: z.string().nullable(),
  muted: z.boolean(),
  turn: turnSchema.nullable(),
  queue: z.array(waitingSchema),
  /** Event and message ids already taken, newest last (IN-5). */
  seen: z.array(z.string()),
  /** Older ids were cut off: a message from before the oldest that is left was taken. */
  seenCut: z.boolean().optional(),
  /** Newest message id taken. */
  lastMessageId: z.string(),
  /** The first one taken: the bot was not asked before it. */
  firstMessageId: z.string().optional(),
  /** Delivered messages and their texts, for corrections. */
  delivered: z.array(z.object({ messageId: z.string(), text: z.string() })),
  /** Said in the thread to others since the last turn; told to the agent with the next one. */
  aside: z.array(z.object({ author: z.string(), text: z.string() })),
  /** What followed from a change of this record and may not have been done yet; doing it twice is harmless. */
  owed: z.array(owedSchema).optional(),
  /** Unix ms. */
  activeAt: z.number(),
});
export type ThreadRecord = z.infer<typeof threadRecordSchema>;
