import { array, assert, constantFrom, oneof, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { neutralise, neutraliseDeep } from './neutralise.ts';

const zwsp = '\u200b';

/** Whether anything is left that could ping, read generously: unescaped, folded, invisible characters (not ours) gone. */
function pings(text: string): boolean {
  const read = text
    .replace(/&lt;?|&#0*60;?|&#x0*3c;?/gi, '<')
    .replace(/&commat;|&#0*64;?|&#x0*40;?/gi, '@')
    .replace(/&excl;|&#0*33;?|&#x0*21;?/gi, '!')
    .normalize('NFKC')
    .replace(/[\u00ad\u200c-\u200f\u2060\ufeff]/g, '');
  return /<!(?:here|channel|everyone|group|subteam)|<@[UW]|<#C|@(?:here|channel|everyone)\b/i.test(read);
}

const dangerous = [
  '<!channel>',
  '<!here>',
  '<!everyone>',
  '<!here|here>',
  '<!subteam^S0123ABC>',
  '<!subteam^S0123ABC|@team>',
  '<!Channel>',
  '<@U012ABCDEF>',
  '<@W012ABCDEF>',
  '<@U012ABCDEF|ann>',
  '<#C012ABCDEF>',
  '<#C012ABCDEF|general>',
  '@here',
  '@channel',
  '@everyone',
  '@HERE',
  '@Channel',
  '(@here)',
  'hi@here!',
  '`@everyone`',
  '@channel:',
  '&lt;!channel&gt;',
  '&lt;@U012ABCDEF&gt;',
  '&#60;!here&#62;',
  '&#x3C;!here&#x3E;',
  '&commat;here',
  '&#64;channel',
  '&lt;&#33;here>',
  '＠here',
  '@ｈｅｒｅ',
  '＜!channel＞',
  '<！channel>',
  '@\u200dhere',
  '<\ufeff!channel>',
  '<!\u2060channel>',
  '@he\u00adre',
  '<\\!channel>',
  '```\n<!channel>\n@here\n```',
  '<<!channel>>',
  '@@here',
];

describe('neutralise', () => {
  it.each(dangerous)('OUT-2: %j pings nobody and looks the same', (text) => {
    const safe = neutralise(text);
    expect(pings(safe)).toBe(false);
    expect(safe.replaceAll(zwsp, '')).toBe(text);
    expect(neutralise(safe)).toBe(safe);
  });

  it.each([
    'a < b, c > d, x <- y',
    '<!DOCTYPE html>',
    '<!-- comment -->',
    '<https://example.com|link>',
    'ann@example.com',
    '@hereafter',
    '@channels',
    '@slack/bolt',
    'git@github.com:acme/app.git',
    'Map<string, Channel>',
    '# Heading',
    '#123',
    'List<@NonNull String>',
    '&lt;div&gt;',
    'C<#>',
  ])('OUT-2: %j stays as it is', (text) => {
    expect(neutralise(text)).toBe(text);
  });

  it('OUT-2: in blocks: strings are made safe, mentioning elements become text, addresses stay', () => {
    const blocks = [
      { type: 'section', block_id: '@here', text: { type: 'mrkdwn', text: '<!here> look' } },
      {
        type: 'rich_text',
        elements: [
          {
            type: 'rich_text_section',
            elements: [
              { type: 'user', user_id: 'U1', style: { bold: true } },
              { type: 'usergroup', usergroup_id: 'S1' },
              { type: 'broadcast', range: 'channel' },
              { type: 'channel', channel_id: 'C1' },
              { type: 'link', url: 'https://x.y/@here', text: '@here' },
            ],
          },
        ],
      },
    ];
    expect(neutraliseDeep(blocks)).toEqual([
      { type: 'section', block_id: '@here', text: { type: 'mrkdwn', text: `<${zwsp}!here> look` } },
      {
        type: 'rich_text',
        elements: [
          {
            type: 'rich_text_section',
            elements: [
              { type: 'text', text: '@U1', style: { bold: true } },
              { type: 'text', text: '@S1' },
              { type: 'text', text: `@${zwsp}channel` },
              { type: 'text', text: '#C1' },
              { type: 'link', url: 'https://x.y/@here', text: `@${zwsp}here` },
            ],
          },
        ],
      },
    ]);
  });

  it('OUT-2: no mixture leaves a sigil that pings; idempotent; only zero-width spaces are added', () => {
    const parts = oneof(
      constantFrom(
        ...dangerous,
        '<',
        '!',
        '@',
        '#',
        '&lt;',
        '&amp;',
        'here',
        'channel',
        'U012',
        '>',
        zwsp,
        '\u200d',
        ' ',
        '\\',
        'ｈ',
      ),
      string({ unit: 'binary', maxLength: 5 }),
    );
    assert(
      property(array(parts, { maxLength: 8 }), (pieces) => {
        const text = pieces.join('');
        const safe = neutralise(text);
        expect(pings(safe)).toBe(false);
        expect(neutralise(safe)).toBe(safe);
        expect(safe.replaceAll(zwsp, '')).toBe(text.replaceAll(zwsp, ''));
      }),
      { numRuns: 5_000 },
    );
  });
});
