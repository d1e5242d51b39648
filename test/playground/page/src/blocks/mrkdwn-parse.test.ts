import { describe, expect, it } from 'vitest';
import { parseMrkdwn, type Inline } from './mrkdwn-parse.ts';

const inline = (text: string): readonly Inline[] => {
  const [part] = parseMrkdwn(text);
  if (part?.kind !== 'paragraph') throw new Error('no paragraph');
  return part.lines[0] ?? [];
};

describe('Slack markup', () => {
  it('knows styles, and nests them', () => {
    expect(inline('*bold _both_* ~gone~ `a*b*`')).toEqual([
      {
        kind: 'bold',
        inner: [
          { kind: 'text', text: 'bold ' },
          { kind: 'italic', inner: [{ kind: 'text', text: 'both' }] },
        ],
      },
      { kind: 'text', text: ' ' },
      { kind: 'strike', inner: [{ kind: 'text', text: 'gone' }] },
      { kind: 'text', text: ' ' },
      { kind: 'code', text: 'a*b*' },
    ]);
  });

  it('leaves snake_case_names, 2 * 3 * 4 and 10:30:00 alone', () => {
    const text = 'snake_case_name 2 * 3 * 4';
    expect(inline(text)).toEqual([{ kind: 'text', text }]);
  });

  it('knows people, channels, broadcasts and links', () => {
    expect(inline('<@U1|anna> <#C1> <!here> <https://x.test/a?b=1&amp;c=2|see>')).toEqual([
      { kind: 'user', id: 'U1' },
      { kind: 'text', text: ' ' },
      { kind: 'channel', id: 'C1' },
      { kind: 'text', text: ' ' },
      { kind: 'broadcast', text: '@here' },
      { kind: 'text', text: ' ' },
      { kind: 'link', url: 'https://x.test/a?b=1&c=2', label: 'see' },
    ]);
  });

  it('makes no link of what is no web address', () => {
    expect(inline('<javascript:alert(1)|click>')).toEqual([
      { kind: 'text', text: '<javascript:alert(1)|click>' },
    ]);
  });

  it('undoes escapes once', () => {
    expect(inline('a &lt;b&gt; &amp;lt;')).toEqual([{ kind: 'text', text: 'a <b> &lt;' }]);
  });

  it('parts quotes, code and paragraphs', () => {
    const parts = parseMrkdwn('before\n&gt; said\n```\n*not bold*\n```\nafter');
    expect(parts.map(({ kind }) => kind)).toEqual(['paragraph', 'quote', 'pre', 'paragraph']);
    expect(parts[2]).toEqual({ kind: 'pre', text: '*not bold*' });
  });
});
