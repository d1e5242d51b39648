import { describe, expect, it } from 'vitest';
import { connectTools } from '../../../test/support/slack-tools.ts';

const section = { type: 'section', text: { type: 'mrkdwn', text: '*Done*' } };

describe('reply_blocks', () => {
  it('MCP-4: hands the blocks on', async () => {
    await using tools = await connectTools();
    expect(await tools.call('reply_blocks', { blocks: [section], text: 'Done' })).toEqual({
      failed: false,
      text: 'Posted.',
    });
    expect(tools.said).toEqual([{ kind: 'blocks', blocks: [section], text: 'Done' }]);
  });

  it.each([
    ['an unknown kind', [{ type: 'input' }], /blocks\.0\.type/],
    ['an image from anywhere', [{ type: 'image', image_url: 'https://x.example/a.png' }], /blocks\.0\.type/],
    [
      'too long a section',
      [{ ...section, text: { type: 'mrkdwn', text: 'x'.repeat(3001) } }],
      /blocks\.0\.text/,
    ],
    [
      'too much in all',
      Array.from({ length: 8 }, () => ({ ...section, text: { type: 'mrkdwn', text: 'x'.repeat(2000) } })),
      /11500 characters/,
    ],
    ['a section of nothing', [{ type: 'section' }], /needs text or fields/],
    [
      'a mention by element',
      [
        {
          type: 'rich_text',
          elements: [{ type: 'rich_text_section', elements: [{ type: 'broadcast', range: 'here' }] }],
        },
      ],
      /blocks\.0\.elements/,
    ],
    [
      'a script link',
      [
        {
          type: 'actions',
          elements: [{ type: 'button', text: { type: 'plain_text', text: 'x' }, url: 'javascript:x' }],
        },
      ],
      /url/,
    ],
  ])('MCP-3: %s is refused with its place', async (_, blocks, reason) => {
    await using tools = await connectTools();
    const { failed, text } = await tools.call('reply_blocks', { blocks, text: 'x' });
    expect(failed).toBe(true);
    expect(text).toMatch(reason);
    expect(tools.said).toEqual([]);
  });
});
