import { z } from 'zod';
import { defineTool } from '../../kit/tool.ts';
import type { SlackToolDeps } from './deps.ts';

export const react = defineTool({
  name: 'react',
  title: 'React with an emoji',
  description: [
    "Puts an emoji on the person's message, where a word would be too much: white_check_mark for done, thumbsup for",
    'agreed. It does not replace reply when they asked something.',
  ].join(' '),
  input: z.object({
    emoji: z
      .string()
      .transform((name) => name.replaceAll(':', ''))
      .pipe(z.string().regex(/^[a-z0-9_+'-]{1,100}$/, "must be Slack's name of an emoji, e.g. thumbsup"))
      .describe("Slack's name of the emoji, e.g. thumbsup."),
  }),
  output: z.object({ marked: z.boolean() }),
  hints: { readOnly: false, destructive: false, idempotent: true },
  text: () => 'Done.',
  async run(deps: SlackToolDeps, { emoji }, call) {
    await deps.mark(call, emoji);
    return { marked: true };
  },
});
