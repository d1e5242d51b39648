import { z } from 'zod';
import { defineTool, ToolInputError } from '../../kit/tool.ts';
import { agentBlocksSchema } from '../blocks.ts';
import { describePosted, postedSchema, type SlackToolDeps } from './deps.ts';

export const replyBlocks = defineTool({
  name: 'reply_blocks',
  title: 'Reply with Slack blocks',
  description: [
    'Posts a reply built of Slack Block Kit blocks, for what Markdown cannot show: side-by-side fields, link buttons,',
    'small grey context lines. For ordinary answers use reply.',
    'Blocks: markdown, header, section, divider, context, actions (buttons), rich_text. At most 50 blocks, 3,000',
    'characters a section, 11,500 in all.',
  ].join(' '),
  input: z.object({
    blocks: z
      .array(z.looseObject({ type: z.string() }))
      .min(1)
      .max(50)
      .describe('Block Kit blocks, e.g. [{"type":"section","text":{"type":"mrkdwn","text":"*Done*"}}].'),
    text: z
      .string()
      .min(1)
      .max(3000)
      .describe('The same in plain words, for notifications and screen readers.'),
  }),
  output: postedSchema,
  hints: { readOnly: false, destructive: false, idempotent: true },
  text: describePosted('Posted.'),
  async run(deps: SlackToolDeps, { blocks, text }, call) {
    const checked = agentBlocksSchema.safeParse(blocks);
    if (!checked.success) {
      throw new ToolInputError(
        checked.error.issues.map((issue) => ({ ...issue, path: ['blocks', ...issue.path] })),
      );
    }
    return await deps.say(call, { kind: 'blocks', blocks, text });
  },
});
