/** What is read of OpenCode's V1 events (notes/opencode.md §6); anything more is ignored. */
import * as z from 'zod/mini';

export const sessionInfo = z.object({
  info: z.object({ id: z.string(), parentID: z.nullish(z.string()), title: z.nullish(z.string()) }),
});
export const messageInfo = z.object({
  info: z.object({
    id: z.string(),
    sessionID: z.string(),
    role: z.string(),
    time: z.object({ completed: z.nullish(z.number()) }),
  }),
});
export const partInfo = z.object({
  part: z.object({
    id: z.string(),
    messageID: z.string(),
    sessionID: z.string(),
    type: z.string(),
    text: z.nullish(z.string()),
    tool: z.nullish(z.string()),
    callID: z.nullish(z.string()),
    state: z.nullish(
      z.object({
        status: z.string(),
        title: z.nullish(z.string()),
        error: z.nullish(z.string()),
        input: z.nullish(z.record(z.string(), z.unknown())),
      }),
    ),
  }),
});
export const partDelta = z.object({
  sessionID: z.string(),
  messageID: z.string(),
  partID: z.string(),
  field: z.string(),
  delta: z.string(),
});
export const status = z.object({ sessionID: z.string(), status: z.object({ type: z.string() }) });
export const ofSession = z.object({ sessionID: z.string() });
export const failure = z.object({
  sessionID: z.string(),
  error: z.object({ name: z.string(), data: z.nullish(z.object({ message: z.nullish(z.string()) })) }),
});
export const todos = z.object({ sessionID: z.string(), todos: z.array(z.object({ status: z.string() })) });
/** Of an ended question or permission; of a rejected one there is no answer. */
export const ended = z.object({
  sessionID: z.string(),
  requestID: z.string(),
  answers: z.nullish(z.array(z.array(z.string()))),
  reply: z.nullish(z.string()),
});
export const asked = z.looseObject({ id: z.string(), sessionID: z.string() });
