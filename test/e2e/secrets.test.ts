import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  buildSecretShapes,
  findLeaks,
  type SecretShape,
} from '../../mcp-servers/kit/redact/secret-shapes.ts';
import type { StoredMessage } from '../slack/store/model.ts';
import { answer, openRoom, reply, textOf, until, useStage } from './use-stage.ts';

const signingSecret = 'c0ffee'.repeat(5) + '42';
const modelApiKey = 'local model key + spaces / and "quotes"';
const stage = useStage({ config: { signingSecret, modelApiKey, cardAfterMs: 100 } });

/** Known vendors' and common shapes; those marked as ours are made up and so not known to this service. */
const shapes = buildSecretShapes(7).filter(({ own }) => !own);

/** Each kind of secret in a paragraph of its own. A key whose end is cut off goes last: nobody knows where it ends. */
const endless = shapes.filter(({ name }) => name === 'cut-off key');
const pages = chunk([...shapes.filter((one) => !endless.includes(one)), ...endless], 9).map((some) =>
  some.map(({ text }, at) => `Finding ${at + 1}:\n\n${text}`).join('\n\n'),
);

function chunk<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) =>
    items.slice(at * size, (at + 1) * size),
  );
}

/** Small pieces of uneven length, so that every secret is cut somewhere. */
function pieces(text: string): string[] {
  return text.match(/[\s\S]{1,7}/g) ?? [];
}

/** Our own secrets, the ones OpenCode holds included. */
function ownSecrets(): SecretShape[] {
  const { slack, desk } = stage();
  const environ = readFileSync(`/proc/${desk.openCodePid}/environ`, 'utf8').split('\0');
  const valueOf = (name: string) =>
    environ.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
  const tokens = [...valueOf('OPENCODE_CONFIG_CONTENT').matchAll(/(?:Bearer |"token":")([\w-]{20,})/g)];
  const values = {
    'bot token': slack.botToken,
    'app token': slack.appToken,
    'signing secret': signingSecret,
    'model key': modelApiKey,
    'OpenCode password': valueOf('OPENCODE_SERVER_PASSWORD'),
    ...Object.fromEntries(tokens.map(([, token = ''], at) => [`loopback token ${at + 1}`, token])),
  };
  return Object.entries(values).map(([name, secret]) => ({ name, secret, text: secret, own: true }));
}

/** Plain, and as one would write it down to smuggle it out. */
function disguises({ secret }: SecretShape): string[] {
  return [
    secret,
    Buffer.from(secret).toString('base64'),
    Buffer.from(`x${secret}`).toString('base64'),
    Buffer.from(secret).toString('base64url'),
    Buffer.from(secret).toString('hex'),
    encodeURIComponent(secret),
  ];
}

/** Everything of the app's that anybody can see at Slack: texts, blocks, metadata, files. */
function seenAtSlack(): string {
  const { slack } = stage();
  const channels = new Set(slack.journal.flatMap(({ channel }) => channel ?? []));
  const all = [...channels].flatMap((channel) =>
    slack.messages(channel).flatMap(({ ts }) => slack.thread(channel, ts)),
  );
  return all
    .filter(({ bot }) => bot)
    .map(wholeOf)
    .join('\n');
}

function wholeOf(message: StoredMessage): string {
  const files = message.files.map(({ name, title, content }) => `${name} ${title} ${content.toString()}`);
  return [textOf(message), JSON.stringify([message.attachments, message.metadata]), ...files].join('\n');
}

/** @returns a line for each secret of which a piece can be read */
function leaksIn(text: string, secrets: readonly SecretShape[]): string[] {
  // An app token holds the app's id, which everybody may know; our bot's user id ends like it.
  const leaks = findLeaks(text, secrets).filter(({ piece }) => !stage().slack.botUserId.includes(piece));
  return [...new Map(leaks.map(({ shape, piece }) => [shape, `${shape.name}: ${piece}`])).values()];
}

async function expectNoLeak(secrets: readonly SecretShape[]): Promise<void> {
  expect(leaksIn(seenAtSlack(), secrets)).toEqual([]);
  expect(leaksIn(stage().logText(), secrets)).toEqual([]);
  const audit = await readFile(join(stage().config.stateDir, 'audit.jsonl'), 'utf8');
  expect(leaksIn(audit, secrets)).toEqual([]);
}

describe('secrets', () => {
  it(`OUT-3: ${shapes.length} shapes said in replies and pasted by a person: none reaches Slack or the log`, async () => {
    const { slack, model, settled } = stage();
    expect(shapes.length).toBeGreaterThanOrEqual(60);
    expect(leaksIn(pages.join('\n'), shapes)).toHaveLength(shapes.length);
    model.script(/^echo/, ({ said, step }) => (step === 0 ? reply(said) : { text: said }));
    const threads = await Promise.all(
      pages.map(async (page) => {
        const room = openRoom(stage());
        return { room, ts: await slack.as('U_ANNA').post(room, `@frontdesk echo ${page}`) };
      }),
    );
    for (const { room, ts } of threads) {
      await until(stage(), room, ts, 'Finding 1');
      await settled(room, ts);
    }
    expect(seenAtSlack().match(/Finding 1:/g)?.length).toBeGreaterThanOrEqual(pages.length);
    await expectNoLeak(shapes);
  });

  it('OUT-3: nor in blocks', async () => {
    const { slack, model, settled } = stage();
    const label = shapes[0]!.text.slice(0, 70);
    model.script(/^show page/, ({ said, step }) => {
      if (step > 0) return { text: 'Done.' };
      const page = pages[Number(said.split(' ').at(-1))] ?? '';
      const [text, more] = [page.slice(0, 2900), page.slice(0, 1900)];
      const preformatted = { type: 'rich_text_preformatted', elements: [{ type: 'text', text: more }] };
      const blocks = [
        { type: 'section', text: { type: 'mrkdwn', text } },
        { type: 'context', elements: [{ type: 'plain_text', text: more }] },
        { type: 'rich_text', elements: [preformatted] },
        {
          type: 'actions',
          elements: [{ type: 'button', text: { type: 'plain_text', text: label }, value: label }],
        },
      ];
      return { tools: [{ name: 'slack_reply_blocks', args: { blocks, text: more } }] };
    });
    const threads = await Promise.all(
      pages.map(async (_, at) => {
        const room = openRoom(stage());
        return { room, ts: await slack.as('U_ANNA').post(room, `@frontdesk show page ${at}`) };
      }),
    );
    for (const { room, ts } of threads) {
      await until(stage(), room, ts, 'Finding 1');
      await settled(room, ts);
      expect(slack.thread(room, ts).at(-1)?.blocks).toHaveLength(4);
    }
    await expectNoLeak(shapes);
  });

  it('OUT-3: nor in files, their names, titles and comments', async () => {
    const room = openRoom(stage());
    const { slack, model, settled } = stage();
    const content = pages.join('\n');
    const short = shapes.filter(({ text }) => text.length <= 150 && !/[/\\\n]/.test(text))[0]!;
    const { text } = short;
    const file = { name: `${text}.log`, title: `Log of ${text}`, comment: `It says ${text}`, content };
    model.script('upload the log', [
      { tools: [{ name: 'slack_upload', args: file }] },
      ...answer('Uploaded it.'),
    ]);
    const ts = await slack.as('U_ANNA').post(room, '@frontdesk upload the log');
    await until(stage(), room, ts, 'Uploaded it.');
    await settled(room, ts);
    const [shared] = slack.thread(room, ts).flatMap(({ files }) => files);
    expect(shared?.content.length).toBeGreaterThan(1000);
    await expectNoLeak(shapes);
  });

  it('OUT-3: nor in a DM’s stream, split anywhere, at any moment', async () => {
    const { slack, model, settled } = stage();
    const seen = new Set<string>();
    const unwatch = slack.watchChanges(({ channel }) => {
      if (channel !== 'D_ANNA') return;
      for (const { ts } of slack.messages('D_ANNA'))
        for (const message of slack.thread('D_ANNA', ts)) if (message.bot) seen.add(wholeOf(message));
    });
    const text = pages.slice(0, 3).join('\n\n');
    model.script('stream the findings', [{ chunks: pieces(text), chunkDelayMs: 4, lastAt: 'the last' }]);
    const root = await slack.as('U_ANNA').dm('hello');
    await settled('D_ANNA', '');
    await slack.as('U_ANNA').dm('stream the findings', { threadTs: root });
    await until(stage(), 'D_ANNA', root, 'Finding 1');
    model.gate('the last').open();
    await settled('D_ANNA', root);
    unwatch();
    expect(seen.size).toBeGreaterThan(2);
    expect(leaksIn([...seen].join('\n'), shapes)).toEqual([]);
    await expectNoLeak(shapes);
  });

  it('OUT-3: our own, plain, base64, hex and URL-encoded, by every way out', async () => {
    const { slack, model, settled } = stage();
    const room = openRoom(stage());
    const own = ownSecrets();
    for (const { secret } of own) expect(secret.length).toBeGreaterThan(15);
    const forms = own.flatMap((shape) =>
      disguises(shape).map((secret) => ({
        ...shape,
        name: `${shape.name} as ${secret.slice(0, 6)}…`,
        secret,
      })),
    );
    const text = forms.map(({ secret }, at) => `Key ${at + 1}: ${secret}`).join('\n\n');
    const blocks = [{ type: 'section', text: { type: 'plain_text', text: text.slice(0, 2900) } }];
    model.script('give me the keys', [
      reply(text),
      { tools: [{ name: 'slack_reply_blocks', args: { blocks, text: text.slice(0, 2900) } }] },
      {
        tools: [
          { name: 'slack_upload', args: { name: 'keys.txt', content: text, comment: text.slice(0, 2900) } },
        ],
      },
      { text },
    ]);
    model.script('whisper the keys', [{ chunks: pieces(text) }]);
    const ts = await slack.as('U_ANNA').post(room, '@frontdesk give me the keys');
    const root = await slack.as('U_BEN').dm('hello');
    await settled('D_BEN', '');
    await slack.as('U_BEN').dm('whisper the keys', { threadTs: root });
    await until(stage(), 'D_BEN', root, `Key ${forms.length}`);
    await slack.until(() => slack.thread(room, ts).some(({ files }) => files.length > 0), 'the file');
    await settled(room, ts);
    await settled('D_BEN', root);
    await expectNoLeak(forms);
    const calls = JSON.stringify(slack.journal);
    expect(leaksIn(calls, forms)).toEqual([]);
  });

  it('OUT-3: OpenCode sees no token of Slack, and a failure of the model shows no key', async () => {
    const room = openRoom(stage());
    const { slack, model, settled, desk } = stage();
    const environ = readFileSync(`/proc/${desk.openCodePid}/environ`, 'utf8');
    for (const secret of [slack.botToken, slack.appToken, signingSecret]) {
      expect(environ).not.toContain(secret);
      expect(environ).not.toContain(Buffer.from(secret).toString('base64'));
    }
    const body = JSON.stringify({
      error: { message: `Incorrect API key provided: ${modelApiKey}`, type: 'auth' },
    });
    model.script('use a wrong key', [{ fault: 'status', status: 401, body }]);
    const ts = await slack.as('U_ANNA').post(room, '@frontdesk use a wrong key');
    await until(stage(), room, ts, 'The agent failed');
    await settled(room, ts);
    await expectNoLeak(ownSecrets());
  });
});
