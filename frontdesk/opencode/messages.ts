import { z } from 'zod';

/** What we read of OpenCode's stored messages (V1 `GET /session/{id}/message`); anything more is ignored. */

export const turnError = z.object({
  name: z.string(),
  data: z
    .object({
      message: z
        .string()
        .nullish()
        .transform((v) => v ?? undefined),
      statusCode: z
        .number()
        .nullish()
        .transform((v) => v ?? undefined),
    })
    .optional(),
});

const userInfo = z.object({ id: z.string(), role: z.literal('user') });

const assistantInfo = z.object({
  id: z.string(),
  role: z.literal('assistant'),
  modelID: z.string(),
  providerID: z.string(),
  time: z.object({ created: z.number(), completed: z.number().nullish() }),
  error: turnError.nullish(),
  finish: z.string().nullish(),
  /** True for the summary a compaction wrote. */
  summary: z.boolean().nullish(),
  cost: z.number().catch(0),
  tokens: z.object({
    total: z.number().nullish(),
    input: z.number(),
    output: z.number(),
    reasoning: z.number(),
    cache: z.object({ read: z.number(), write: z.number() }),
  }),
});

const part = z.object({
  type: z.string(),
  text: z.string().nullish(),
  synthetic: z.boolean().nullish(),
  ignored: z.boolean().nullish(),
  state: z.object({ status: z.string(), error: z.string().nullish() }).nullish(),
});

export const sessionMessage = z.object({
  info: z.discriminatedUnion('role', [userInfo, assistantInfo]),
  parts: z.array(part),
});
export type SessionMessage = z.infer<typeof sessionMessage>;
export type AssistantInfo = z.infer<typeof assistantInfo>;
