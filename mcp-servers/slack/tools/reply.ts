import { z } from 'zod';
import { defineTool } from '../../kit/tool.ts';
import { describePosted, postedSchema, type SlackToolDeps } from './deps.ts';

export const reply = defineTool({
  name: 'reply',
  title: 'Reply in the thread',
  description: [
    'Posts your answer to the person, in the Slack thread this conversation belongs to. This is how you speak: text',
    'outside of tool calls is not meant for them.',
    'Write Markdown (headings, lists, tables, links, code fences). Put the answer first; a few sentences are best.',
    'Up to about 30,000 characters are posted, as several messages; what is longer arrives as a file.',
    'Call it once per turn with the whole answer. Do not announce what you are about to do: the person sees that you',
    'work. Mentions such as @here do not notify anyone.',
  ].join(' '),
  input: z.object({
    text: z
      .string()
      .min(1)
      .max(400_000)
      .refine((text) => text.trim() !== '', 'is empty')
      .describe('The answer, in Markdown.'),
  }),
  output: postedSchema,
  hints: { readOnly: false, destructive: false, idempotent: true },
  text: describePosted('Posted. The person sees it now; end your turn unless there is more to do.'),
  async run(deps: SlackToolDeps, { text }, call) {
    return await deps.say(call, { kind: 'text', markdown: text });
  },
});
