/** The part of OpenAI's chat-completions protocol that OpenCode speaks (`@ai-sdk/openai-compatible`). */
import { z } from 'zod';

const contentPartSchema = z.looseObject({ type: z.string(), text: z.string().optional() });

const messageSchema = z.looseObject({
  role: z.string(),
  content: z.union([z.string(), z.array(contentPartSchema), z.null()]).optional(),
  tool_calls: z
    .array(z.looseObject({ function: z.looseObject({ name: z.string(), arguments: z.string() }) }))
    .optional(),
});
export type ModelMessage = z.infer<typeof messageSchema>;

export const completionRequestSchema = z.looseObject({
  model: z.string(),
  messages: z.array(messageSchema),
  stream: z.boolean().optional(),
  tools: z.array(z.looseObject({ function: z.looseObject({ name: z.string() }) })).optional(),
});
export type CompletionRequest = z.infer<typeof completionRequestSchema>;

/** @returns the text of a message; parts joined by a line break, images and files left out. */
export function textOf({ content }: ModelMessage): string {
  if (typeof content === 'string') return content;
  return (content ?? []).flatMap((part) => (part.text === undefined ? [] : [part.text])).join('\n');
}
