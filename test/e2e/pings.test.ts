import { describe, expect, it } from 'vitest';
import { answer, openRoom, reply, until, useStage } from './use-stage.ts';

const hostileName = '<!channel> @here';
const stage = useStage({
  slack: {
    people: [
      { id: 'U_ANNA', name: hostileName },
      { id: 'U_BEN', name: 'Ben' },
    ],
  },
  config: { cardAfterMs: 50 },
});

const pings = [
  '<!channel>',
  '<!here|here>',
  '<!everyone>',
  '<@U_BEN>',
  '<@U_BEN|ben>',
  '<!subteam^S0TEAM|@team>',
  '@here',
  '@channel',
  '@everyone',
  '&lt;!channel&gt;',
  '`<!channel>`',
];
const everyPing = pings.join(' ');

// The stage's end looks at every message: none of the app's may notify anybody, nor have done so for a moment.
describe('pings', () => {
  it('OUT-2: none from a reply, its code, table and links', async () => {
    const room = openRoom(stage());
    const { slack, model, settled, transcript } = stage();
    const text = [
      everyPing,
      `\`\`\`\n${everyPing}\n\`\`\``,
      `| who | what |\n|---|---|\n| <@U_BEN> | ${everyPing.replaceAll('|', '\\|')} |`,
      `[${everyPing}](https://example.com/?q=<!channel>)`,
    ].join('\n\n');
    model.script('wake everybody', [reply(text), { text: everyPing }]);
    const ts = await slack.as('U_ANNA').post(room, '@frontdesk wake everybody');
    await until(stage(), room, ts, 'who');
    await settled(room, ts);
    expect(slack.pinged()).toEqual([]);
    await expect(transcript(room, ts)).toMatchFileSnapshot('golden/pings.txt');
  });

  it('OUT-2: none from blocks', async () => {
    const room = openRoom(stage());
    const { slack, model, settled } = stage();
    const plain = { type: 'plain_text', text: '<!channel> @here' };
    const blocks = [
      { type: 'markdown', text: everyPing },
      { type: 'header', text: plain },
      { type: 'section', text: { type: 'mrkdwn', text: everyPing }, fields: [plain] },
      { type: 'context', elements: [{ type: 'mrkdwn', text: everyPing }] },
      {
        type: 'rich_text',
        elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: everyPing }] }],
      },
      { type: 'actions', elements: [{ type: 'button', text: plain, value: everyPing }] },
    ];
    model.script('wake them with blocks', [
      { tools: [{ name: 'slack_reply_blocks', args: { blocks, text: everyPing } }] },
      { text: 'Done.' },
    ]);
    const ts = await slack.as('U_ANNA').post(room, '@frontdesk wake them with blocks');
    await until(stage(), room, ts, 'channel');
    await settled(room, ts);
    expect(slack.thread(room, ts).at(-1)?.blocks).toHaveLength(blocks.length);
    expect(slack.pinged()).toEqual([]);
  });

  it('OUT-2: a block that mentions by id is refused', async () => {
    const room = openRoom(stage());
    const { slack, model, settled } = stage();
    const elements = [
      { type: 'user', user_id: 'U_BEN' },
      { type: 'usergroup', usergroup_id: 'S0TEAM' },
      { type: 'broadcast', range: 'channel' },
    ];
    model.script('wake them by id', [
      ...elements.map((element) => {
        const blocks = [
          { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [element] }] },
        ];
        return { tools: [{ name: 'slack_reply_blocks', args: { blocks, text: 'Wake up.' } }] };
      }),
      ...answer('They sleep on.'),
    ]);
    const ts = await slack.as('U_ANNA').post(room, '@frontdesk wake them by id');
    await until(stage(), room, ts, 'They sleep on.');
    await settled(room, ts);
    expect(slack.thread(room, ts).filter(({ bot }) => bot)).toHaveLength(1);
    expect(slack.pinged()).toEqual([]);
  });

  it('OUT-2: none from a file’s name, title or comment, whoever’s it is', async () => {
    const room = openRoom(stage());
    const { slack, model, settled } = stage();
    const file = { name: 'a <!channel> @here.txt', title: everyPing, comment: everyPing, content: everyPing };
    model.script('wake them with a file', [
      { tools: [{ name: 'slack_upload', args: file }] },
      ...answer('They sleep on.'),
    ]);
    const tooLarge = { name: '<!channel> @here.bin', content: Buffer.alloc(21 * 1024 * 1024) };
    const ts = await slack.as('U_ANNA').post(room, '@frontdesk wake them with a file', { files: [tooLarge] });
    await until(stage(), room, ts, 'I could not read');
    await until(stage(), room, ts, 'They sleep on.');
    await settled(room, ts);
    expect(slack.thread(room, ts).some(({ bot, files }) => bot && files.length > 0)).toBe(true);
    expect(slack.pinged()).toEqual([]);
  });

  it('OUT-2: none from a person’s name, a tool’s name on the card, or a provider’s error', async () => {
    const room = openRoom(stage());
    const { slack, model, settled } = stage();
    const body = JSON.stringify({ error: { message: `${everyPing} the model is gone`, type: 'bad' } });
    model.script('wake them by failing', [
      { tools: [{ name: '<!channel>', args: { text: everyPing } }] },
      { gate: 'carded', next: { fault: 'status', status: 400, body } },
    ]);
    const ts = await slack.as('U_ANNA').post(room, '@frontdesk wake them by failing');
    await model.gate('carded').reached;
    await until(stage(), room, ts, 'Stop');
    model.gate('carded').open();
    await until(stage(), room, ts, 'the model is gone');
    await settled(room, ts);
    model.script('stop me', [{ gate: 'stopped', next: { text: 'never' } }]);
    await slack.as('U_ANNA').post(room, 'stop me', { threadTs: ts });
    await model.gate('stopped').reached;
    await slack.as('U_ANNA').post(room, 'stop', { threadTs: ts });
    await until(stage(), room, ts, 'Stopped by <!channel> @here');
    await settled(room, ts);
    expect(slack.pinged()).toEqual([]);
  });

  it('OUT-2: none from a DM’s stream, wherever it is cut', async () => {
    const { slack, model, settled } = stage();
    const text = Array.from({ length: 8 }, () => everyPing).join(' and ');
    model.script('wake them in a stream', [{ chunks: text.match(/./gs) ?? [], chunkDelayMs: 2 }]);
    const root = await slack.as('U_BEN').dm('hello');
    await settled('D_BEN', '');
    await slack.as('U_BEN').dm('wake them in a stream', { threadTs: root });
    await until(stage(), 'D_BEN', root, 'and');
    await settled('D_BEN', root);
    expect(slack.pinged()).toEqual([]);
  });
});
