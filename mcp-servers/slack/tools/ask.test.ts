import { describe, expect, it } from 'vitest';
import { connectTools } from '../../../test/support/slack-tools.ts';
import { showPlainQuestion } from './ask.ts';

const options = [
  { label: 'Staging', recommended: true },
  { label: 'Production', description: 'live' },
];

describe('ask', () => {
  it('MCP-4: hands the question on with the recommended option marked as OpenCode marks it', async () => {
    await using tools = await connectTools();
    const { text } = await tools.call('ask', { question: 'Where to?', options });
    expect(text).toMatch(/^Asked\./);
    expect(tools.asked).toEqual([
      {
        header: '',
        question: 'Where to?',
        multiple: false,
        options: [
          { label: 'Staging (Recommended)', description: '' },
          { label: 'Production', description: 'live' },
        ],
      },
    ]);
    expect(
      showPlainQuestion(tools.asked[0] ?? { header: '', question: '', options: [], multiple: false }),
    ).toBe('Where to?\n1. ⭐ Staging\n2. Production: live');
  });

  it.each([
    ['no question', { question: ' ', options }, /question/],
    ['one option', { question: 'Where to?', options: options.slice(1) }, /options/],
    [
      'eleven',
      { question: 'Where to?', options: Array.from({ length: 11 }, () => ({ label: 'x' })) },
      /options/,
    ],
    ['a label no button holds', { question: '?', options: [...options, { label: 'x'.repeat(71) }] }, /label/],
    ['a thread of its own choice', { question: '?', options, thread_ts: '1.0' }, /thread_ts/],
  ])('MCP-3: %s is refused by name', async (_, args, reason) => {
    await using tools = await connectTools();
    const { failed, text } = await tools.call('ask', args);
    expect(failed).toBe(true);
    expect(text).toMatch(reason);
    expect(tools.asked).toEqual([]);
  });
});
