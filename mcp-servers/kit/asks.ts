/**
 * What waits for a person: a question or a permission request of an agent (SPEC §9). Contracts only; the room is
 * `frontdesk/asks/`.
 */
import { z } from 'zod';
import { threadRefSchema } from './chat.ts';

/** As OpenCode asks it (notes/opencode.md §5), and as our own `slack_ask` does. */
export const questionSchema = z.object({
  header: z.string().default(''),
  question: z.string(),
  /** The first one whose label ends in "(Recommended)" is; none: answered in words only. */
  options: z.array(z.object({ label: z.string(), description: z.string().default('') })).default([]),
  multiple: z.boolean().default(false),
});
export type Question = z.infer<typeof questionSchema>;

export const permissionSchema = z.object({
  /** OpenCode's name: `bash`, `edit`, `external_directory`, … or of another tool. */
  permission: z.string(),
  patterns: z.array(z.string()).default([]),
  /** The exact full command, path or diff, as the person must see it (AS-1). */
  detail: z.string(),
  detailKind: z.enum(['command', 'diff', 'path', 'other']),
  /** `detail` is the beginning: the whole was too large for the bridge. */
  isCut: z.boolean().optional(),
});
export type PermissionRequest = z.infer<typeof permissionSchema>;

/** Who asked, and therefore where the answer goes. */
const askSourceSchema = z.discriminatedUnion('kind', [
  /** A work session on a host; OpenCode forgets `requestId` when it restarts. */
  z.object({
    kind: z.literal('host'),
    host: z.string(),
    sessionId: z.string(),
    directory: z.string(),
    requestId: z.string(),
    /** The run of OpenCode that asked; null: it ended and forgot the request, the answer goes as a message. */
    instance: z.string().nullable(),
  }),
  /** Another tool, over `POST /api/permissions` (AS-7): the answer is the HTTP response. */
  z.object({ kind: z.literal('http'), sessionId: z.string() }),
  /** The front-desk agent of a thread, with `slack_ask`: the answer is a message in the thread. */
  z.object({ kind: z.literal('desk'), sessionId: z.string() }),
]);

const askStatusSchema = z.enum([
  'open',
  /** Decided by a person or the deadline; the asker has not got it yet. Sent again after a restart. */
  'answered',
  'delivered',
  /** Answered where it was asked (web UI), or its session ended (AS-6). */
  'elsewhere',
  /** Its turn was stopped by a person. */
  'aborted',
]);

/** One per question, labels or free words; of a permission: `once`, `session` or `deny`. */
const answerSchema = z.union([z.array(z.array(z.string())), z.enum(['once', 'session', 'deny'])]);
export type AskAnswer = z.infer<typeof answerSchema>;

export const askSchema = z.object({
  /** Ours, stable over restarts of both sides. */
  id: z.string(),
  source: askSourceSchema,
  /** null: of no workspace (http, desk). */
  workspace: z.string().nullable(),
  /** Where its card is; null: nowhere yet. */
  card: z.object({ ref: threadRefSchema, id: z.string() }).nullable(),
  /** The card does not show yet what is stored here: shown again after a restart. */
  stale: z.boolean().default(false),
  body: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('question'), questions: z.array(questionSchema).min(1) }),
    z.object({ kind: z.literal('permission'), request: permissionSchema }),
  ]),
  status: askStatusSchema,
  answer: answerSchema.nullable(),
  /** Who decided: a person's id, `deadline`, `rule` (allowed for the session before), `elsewhere`; '' while open. */
  by: z.string(),
  /** Its turn was seen to go on after the answer: the asker has it for good. */
  wentOn: z.boolean().default(false),
  /** The asker lost the answer and asked again: it was given once more, and nobody was asked twice. */
  again: z.boolean().default(false),
  /** In words, e.g. why a permission was denied; '' for none. */
  note: z.string(),
  /** What people wrote in its thread while it was open, offered as the answer (messages of the chat). */
  offers: z.array(z.object({ messageId: z.string(), author: z.string(), text: z.string() })).default([]),
  /** Unix ms. */
  askedAt: z.number(),
  /** Unix ms; null: waits for ever (a front-desk question, or the turn goes on at once). */
  deadlineAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  /** AS-4: what was kept when it timed out, to go back to. */
  checkpoint: z
    .object({ tag: z.string(), commits: z.array(z.object({ repository: z.string(), commit: z.string() })) })
    .nullable(),
  /** A different answer that came after the deadline. */
  late: z
    .object({
      answer: answerSchema,
      by: z.string(),
      at: z.number(),
      choice: z.enum(['open', 'redo', 'tell', 'dropped']),
    })
    .nullable(),
  /** [Discuss]: the thread opened for it. */
  discussion: threadRefSchema.nullable(),
});
export type Ask = z.infer<typeof askSchema>;

/** Index of the recommended option; undefined: there is none, and nothing can be assumed. */
export function recommendedOf({ options }: Question): number | undefined {
  const index = options.findIndex(({ label }) => /\(recommended\)\s*$/i.test(label));
  return index === -1 ? undefined : index;
}
