import { describe, expect, it } from 'vitest';
import { connectTools } from '../../../test/support/slack-tools.ts';

describe('upload', () => {
  it('MCP-4: takes text as it is', async () => {
    await using tools = await connectTools();
    const result = await tools.call('upload', {
      name: 'a.log',
      content: 'grüß',
      title: 'Log',
      comment: 'see',
    });
    expect(result).toEqual({ failed: false, text: 'Uploaded.' });
    expect(tools.files).toEqual([
      { name: 'a.log', content: Buffer.from('grüß'), title: 'Log', comment: 'see' },
    ]);
  });

  it('MCP-4: takes bytes as base64, line breaks allowed', async () => {
    await using tools = await connectTools();
    await tools.call('upload', { name: 'a.png', content: 'AP8\nB', encoding: 'base64' });
    expect([...(tools.files[0]?.content ?? [])]).toEqual([0, 255, 1]);
  });

  it.each([
    ['a path as name', { name: '../a', content: 'x' }, /name: must be a file name/],
    ['no content', { name: 'a', content: '' }, /content/],
    ['text over 1 MB', { name: 'a', content: 'x'.repeat(1024 * 1024 + 1) }, /content: is more than 1 MB/],
    ['what is no base64', { name: 'a', content: 'no base64!', encoding: 'base64' }, /content: is not base64/],
  ])('MCP-3: %s is refused', async (_, args, reason) => {
    await using tools = await connectTools();
    const { failed, text } = await tools.call('upload', args);
    expect(failed).toBe(true);
    expect(text).toMatch(reason);
    expect(tools.files).toEqual([]);
  });
});
