import { describe, expect, it } from 'vitest';
import { escape, link } from './blocks.ts';
import { renderWords } from './render-words.ts';

describe('words in a window', () => {
  it('OUT-2: an address that could end the link is text', () => {
    expect(link('https://x.test/>|', 'a')).toBe('a');
    expect(escape('<b>')).toBe('&lt;b&gt;');
  });

  it('IN-10: a long answer is cut at lines, its fences whole, and Slack’s sizes kept', () => {
    const code = Array.from({ length: 400 }, (_, index) => `line <${index}> ${'x'.repeat(60)}`);
    const view = renderWords('ai-dev-domain-apis-a-very-long-name', ['```', ...code, '```'].join('\n'));
    const { blocks, title } = view as { blocks: { text: { text: string } }[]; title: { text: string } };
    expect(title.text.length).toBeLessThanOrEqual(24);
    expect(blocks.length).toBeLessThanOrEqual(11);
    for (const { text } of blocks.slice(0, -1)) {
      expect(text.text.length).toBeLessThanOrEqual(3000);
      expect(text.text.split('```')).toHaveLength(3);
    }
    expect(blocks.at(-1)?.text.text).toContain('and more');
  });

  it('IN-10: nothing to say is said, too', () => {
    expect(renderWords('x', '')['blocks']).toHaveLength(1);
  });
});
