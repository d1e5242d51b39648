import { describe, expect, it } from 'vitest';
import { toMrkdwn } from './to-mrkdwn.ts';

describe('Markdown in Slack’s own', () => {
  it.each([
    ['**Title** · `name`', '*Title* · `name`'],
    ['- one\n- two', '• one\n• two'],
    [
      '[pull request](https://x.test/1) and <https://x.test/2>',
      '<https://x.test/1|pull request> and <https://x.test/2>',
    ],
    ['<!channel> <@U1> a & b', '&lt;!channel&gt; &lt;@U1&gt; a &amp; b'],
  ])('OUT-2: %j', (markdown, mrkdwn) => {
    expect(toMrkdwn(markdown)).toBe(mrkdwn);
  });
});
