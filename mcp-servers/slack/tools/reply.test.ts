import { describe, expect, it } from 'vitest';
import { connectTools } from '../../../test/support/slack-tools.ts';

describe('reply', () => {
  it('MCP-4: says the text in the thread and tells the model that it is done', async () => {
    await using tools = await connectTools();
    expect((await tools.call('reply', { text: '**hi**' })).text).toMatch(/^Posted\./);
    expect(tools.said).toEqual([{ kind: 'text', markdown: '**hi**' }]);
  });

  it('MCP-4: passes on why nothing was posted', async () => {
    await using tools = await connectTools({ posted: false, note: 'You said exactly this already.' });
    expect((await tools.call('reply', { text: 'hi' })).text).toBe('You said exactly this already.');
  });

  it.each([
    ['empty text', { text: ' \n' }, 'text: is empty'],
    ['no text', {}, 'text: '],
    ['a thread of its own choice', { text: 'hi', thread_ts: '2.0' }, 'thread_ts'],
  ])('MCP-3: %s is refused by name', async (_, args, reason) => {
    await using tools = await connectTools();
    const { failed, text } = await tools.call('reply', args);
    expect(failed).toBe(true);
    expect(text).toContain(reason);
    expect(tools.said).toEqual([]);
  });
});
