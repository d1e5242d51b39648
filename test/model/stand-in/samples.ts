/** Long things the stand-in shows. */

export const table = [
  'Here is a table:',
  '',
  '| session | agent | status | tests |',
  '|---|---|---|---|',
  '| ai-dev/proj-name | builder | working | 45/45 |',
  '| ai-dev/gateway | architect | waiting for you | – |',
  '| ops/backup | pm | paused | 10/12 |',
  '',
  'And a [link](https://example.com/docs), **bold**, _italic_ and `code`.',
].join('\n');

/** About 15,000 characters with fences longer than a Slack message takes, so that splitting is seen. */
export function longAnswer(): string {
  const parts = [1, 2, 3].map((part) => {
    const lines = Array.from({ length: 70 }, (_, line) => {
      return `export const value${part}_${line} = compute(${line}, 'part ${part}'); // line ${line + 1}`;
    });
    const prose =
      `This is paragraph ${part}. It is only here to be long, and to be split between words. `.repeat(4);
    return [`## Part ${part}`, '', prose.trim(), '', '```ts', ...lines, '```'].join('\n');
  });
  return ['A long answer with code:', ...parts, 'That was all.'].join('\n\n');
}

/** Looks like a bot token and is none. Put together here so that no scanner finds one in the source. */
export const fakeToken = ['xoxb', '210987654321', '1234567890123', 'notARealTokenJustAFake42'].join('-');
