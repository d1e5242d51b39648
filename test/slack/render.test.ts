import { describe, expect, it } from 'vitest';

import { pingsIn } from './limits/pings.ts';
import { startSlackServer } from './server.ts';
import { clientOf } from './testing/bolt.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const rich = (...elements: object[]) => ({ type: 'rich_text', elements });
const line = (text: string) => ({ type: 'rich_text_section', elements: [{ type: 'text', text }] });

describe('transcripts', () => {
  it('read every kind of block as text', async () => {
    await using slack = await startSlackServer();
    const blocks = [
      { type: 'header', text: plain('Report') },
      {
        type: 'section',
        text: { type: 'mrkdwn', text: 'See <https://x.test|the page>\n&lt;b&gt;' },
        fields: [plain('A'), plain('B')],
      },
      { type: 'divider' },
      { type: 'markdown', text: '**bold**\n\n- one' },
      rich(line('rich'), { type: 'rich_text_list', style: 'bullet', elements: [line('item')] }),
      rich({ type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'code' }] }),
      {
        type: 'table',
        rows: [
          [
            { type: 'raw_text', text: 'a' },
            { type: 'raw_text', text: 'b' },
          ],
        ],
      },
      {
        type: 'plan',
        title: 'Plan',
        tasks: [{ type: 'task_card', task_id: '1', title: 'Clone', status: 'error' }],
      },
      { type: 'alert', text: plain('Careful') },
      { type: 'image', alt_text: 'a cat', image_url: 'https://x.test/cat.png' },
      {
        type: 'actions',
        elements: [
          { type: 'button', text: plain('Stop'), action_id: 'stop' },
          {
            type: 'static_select',
            action_id: 's',
            placeholder: plain('Model'),
            options: [{ text: plain('m1'), value: 'm1' }],
          },
        ],
      },
      { type: 'context', elements: [{ type: 'mrkdwn', text: '3 s ⋅ 2 %' }] },
    ];
    await clientOf(slack).apiCall('chat.postMessage', { channel: 'C_DEV', text: 'x', blocks });
    const normalise = (text: string) => text.replace(/\d+ s/, 'N s');
    expect(slack.transcript('C_DEV', undefined, { normalise })).toBe(`#dev
frontdesk: # Report
  See the page (https://x.test)
  <b>
  A
  B
  ---
  **bold**

  - one
  rich
  • item
  \`\`\`
  code
  \`\`\`
  | a | b |
  ▤ Plan
    ✗ Clone
  ! Careful
  (image: a cat)
  [Stop] [Model: m1]
  ⌊ N s ⋅ 2 %
`);
  });

  it('do not show what a person does not see', async () => {
    await using slack = await startSlackServer();
    await clientOf(slack).chat.postMessage({ channel: 'C_DEV', text: '@\u200Bhere and <\u200B!channel>' });
    expect(slack.transcript('C_DEV')).toBe('#dev\nfrontdesk: @here and <!channel>\n');
    expect(slack.pinged()).toEqual([]);
  });

  it('a failed wait shows them', async () => {
    await using slack = await startSlackServer();
    await slack.as('U_ANNA').post('C_DEV', 'hello & <goodbye>');
    await expect(slack.until(() => false, 'nothing', 30)).rejects.toThrow(
      /30 ms in vain for nothing[^]*hello & <goodbye>/,
    );
  });
});

describe('pings', () => {
  const of = (text: string) => pingsIn({ text, blocks: [] });
  it.each([
    ['<!channel>', ['<!channel>']],
    ['<!here|here> x', ['<!here|here>']],
    ['@everyone!', ['@everyone']],
    ['hi <@U_ANNA> and <@W1|x>', ['<@U_ANNA>', '<@W1|x>']],
    ['<!subteam^S1|team>', ['<!subteam^S1|team>']],
    ['`@here` in code counts', ['@here']],
    ['&lt;!channel&gt; someone@here.com <!date^1^{date}|x> <#C_DEV>', []],
  ])('finds in %j', (text, expected) => {
    expect(of(text)).toEqual(expected);
  });

  it('finds them in blocks, attachments and file names, not where nothing is parsed', () => {
    const quiet = [{ type: 'section', text: plain('<!channel>') }, rich(line('@here'))];
    expect(pingsIn({ text: '', blocks: quiet })).toEqual([]);
    const loud = [
      { type: 'section', text: { type: 'mrkdwn', text: '<!here>' } },
      { type: 'markdown', text: '@channel' },
      rich({
        type: 'rich_text_section',
        elements: [
          { type: 'user', user_id: 'U_BEN' },
          { type: 'broadcast', range: 'everyone' },
        ],
      }),
    ];
    const files = [{ name: '<!channel>.txt', title: '<@U_ANNA>' }];
    expect(pingsIn({ text: '', blocks: loud, attachments: [{ text: '@everyone' }], files })).toEqual([
      '<!here>',
      '@channel',
      '<@U_BEN>',
      '<!everyone>',
      '@everyone',
      '<!channel>',
      '<@U_ANNA>',
    ]);
  });

  it('are kept when the message is edited, and found in streams cut in the middle', async () => {
    await using slack = await startSlackServer();
    const client = clientOf(slack);
    const { ts = '' } = await client.chat.postMessage({ channel: 'C_DEV', text: '<!channel>' });
    await client.chat.update({ channel: 'C_DEV', ts, text: 'fine' });
    expect(slack.message('C_DEV', ts)?.pings).toEqual(['<!channel>']);
    const root = await slack.as('U_ANNA').dm('<@U_BEN>');
    const stream = client.chatStream({ channel: 'D_ANNA', thread_ts: root, buffer_size: 1 });
    await stream.append({ markdown_text: 'x <!cha' });
    await stream.append({ markdown_text: 'nnel>' });
    expect(slack.thread('D_ANNA', root).map(({ pings }) => pings)).toEqual([[], ['<!channel>']]);
  });
});
