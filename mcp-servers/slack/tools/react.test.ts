import { describe, expect, it } from 'vitest';
import { connectTools } from '../../../test/support/slack-tools.ts';

describe('react', () => {
  it('MCP-4: marks with an emoji, with or without colons', async () => {
    await using tools = await connectTools();
    await tools.call('react', { emoji: ':tada:' });
    await tools.call('react', { emoji: '+1' });
    expect(tools.marks).toEqual(['tada', '+1']);
  });

  it('MCP-3: what is no emoji name is refused', async () => {
    await using tools = await connectTools();
    expect((await tools.call('react', { emoji: '🎉' })).text).toMatch(/emoji: must be Slack's name/);
    expect(tools.marks).toEqual([]);
  });
});
