import { readFileSync } from 'node:fs';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { answer, held, openRoom, reply, textOf, until, useStage } from './use-stage.ts';

const stage = useStage();

const configSchema = z.object({
  mcp: z.object({ slack: z.object({ url: z.string(), headers: z.object({ authorization: z.string() }) }) }),
  plugin: z.tuple([z.tuple([z.string(), z.object({ url: z.string(), token: z.string() })])]),
});

/** What OpenCode holds: an attacker with its whole environment. */
function openCodeSecrets() {
  const environ = readFileSync(`/proc/${stage().desk.openCodePid}/environ`, 'utf8').split('\0');
  const config = environ.find((line) => line.startsWith('OPENCODE_CONFIG_CONTENT='));
  const { mcp, plugin } = configSchema.parse(JSON.parse(config?.slice(config.indexOf('=') + 1) ?? ''));
  return { ...mcp.slack, stamp: plugin[0][1] };
}

/** A real MCP client with OpenCode's own bearer token. */
async function connect() {
  const { url, headers } = openCodeSecrets();
  const client = new Client({ name: 'intruder', version: '1' });
  const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } });
  await client.connect(transport);
  return {
    call: async (name: string, args: Record<string, unknown>) =>
      JSON.stringify(await client.callTool({ name, arguments: args })),
    [Symbol.asyncDispose]: () => client.close(),
  };
}

async function issueStamp(claim: { sessionId: string; callId: string; tool: string }): Promise<string> {
  const { stamp } = openCodeSecrets();
  const response = await fetch(`${stamp.url}/stamp`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stamp.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(claim),
  });
  return z.object({ stamp: z.string() }).parse(await response.json()).stamp;
}

/** Everything the app has said anywhere. */
function saidByApp(): string {
  const { slack } = stage();
  const channels = new Set(slack.journal.flatMap(({ channel }) => channel ?? []));
  const roots = [...channels].flatMap((channel) =>
    slack.messages(channel).flatMap(({ ts }) => slack.thread(channel, ts)),
  );
  return roots
    .filter(({ bot }) => bot)
    .map(textOf)
    .join('\n');
}

describe('who may speak in a thread', () => {
  it('MCP-2: a call without a stamp, or with a made-up one, is refused and posts nowhere', async () => {
    const room = openRoom(stage());
    const { slack, model, settled } = stage();
    model.script('keep still', held('still', answer('I kept still.')));
    const ts = await slack.as('U_ANNA').post(room, '@frontdesk keep still');
    await model.gate('still').reached;
    await using intruder = await connect();
    const { sessionId } = model.calls.at(-1)!;
    for (const stamp of [undefined, '', 'forged', sessionId, 7, null, { sessionId }]) {
      const args = { text: 'intruder was here', ...(stamp === undefined ? {} : { _stamp: stamp }) };
      expect(await intruder.call('reply', args)).toContain('does not carry a valid stamp');
    }
    model.gate('still').open();
    await settled(room, ts);
    expect(saidByApp()).not.toContain('intruder was here');
  });

  it('MCP-2: a stamp works once, for its own tool and session only', async () => {
    const room = openRoom(stage());
    const { slack, model, settled } = stage();
    model.script('speak twice', [reply('Once.'), { gate: 'replay', next: { text: 'Done.' } }]);
    const ts = await slack.as('U_ANNA').post(room, '@frontdesk speak twice');
    await model.gate('replay').reached;
    await using intruder = await connect();
    const { sessionId } = model.calls.at(-1)!;
    const stamp = await issueStamp({ sessionId, callId: 'call_0', tool: 'slack_reply' });
    expect(await intruder.call('reply', { text: 'Stamped.', _stamp: stamp })).toContain('Posted');
    const replayed = await intruder.call('reply', { text: 'a replay', _stamp: stamp });
    expect(replayed).toContain('does not carry a valid stamp');

    const forReact = await issueStamp({ sessionId, callId: 'call_1', tool: 'slack_react' });
    const misused = await intruder.call('reply', { text: 'a misuse', _stamp: forReact });
    expect(misused).toContain('does not carry a valid stamp');
    const afterwards = await intruder.call('react', { emoji: 'wave', _stamp: forReact });
    expect(afterwards).toContain('does not carry a valid stamp');

    const stranger = await issueStamp({ sessionId: 'ses_unknown', callId: 'call_2', tool: 'slack_reply' });
    const unknown = await intruder.call('reply', { text: 'from nowhere', _stamp: stranger });
    expect(unknown).toContain('does not belong to a thread');
    model.gate('replay').open();
    await settled(room, ts);
    expect(saidByApp()).not.toMatch(/a replay|a misuse|from nowhere/);
    expect(slack.message(room, ts)?.reactions).toEqual([]);
  });

  it('MCP-2: once its turn is over, a session cannot speak', async () => {
    const room = openRoom(stage());
    const { slack, model, settled } = stage();
    model.script('say goodbye', answer('Goodbye.'));
    const ts = await slack.as('U_ANNA').post(room, '@frontdesk say goodbye');
    await settled(room, ts);
    const { sessionId } = model.calls.at(-1)!;
    await using intruder = await connect();
    const late = await issueStamp({ sessionId, callId: 'call_3', tool: 'slack_reply' });
    const answered = await intruder.call('reply', { text: 'one more thing', _stamp: late });
    expect(answered).toContain('does not belong to a thread');
    expect(saidByApp()).not.toContain('one more thing');
  });

  it('MCP-2: another thread in the arguments changes nothing: the call is refused', async () => {
    const [room, other] = [openRoom(stage()), openRoom(stage())];
    const { slack, model, settled, transcript } = stage();
    model.script('wait here', held('victim', answer('I waited.')));
    const victim = await slack.as('U_BEN').post(other, '@frontdesk wait here');
    await model.gate('victim').reached;
    const { sessionId } = model.calls.at(-1)!;
    const text = 'posted by another thread';
    const forged = [
      { text, sessionId },
      { text, session_id: sessionId, sessionID: sessionId },
      { text, channel: other, thread_ts: victim },
      { text, thread: `${slack.teamId}:${other}:${victim}` },
      { text, ref: { team: slack.teamId, channel: other, thread: victim, dm: false } },
    ];
    model.script('break out', [
      ...forged.map((args) => ({ tools: [{ name: 'slack_reply', args }] })),
      reply('I could not get out.'),
      { text: 'Done.' },
    ]);
    const ts = await slack.as('U_ANNA').post(room, '@frontdesk break out');
    await until(stage(), room, ts, 'I could not get out.');
    await settled(room, ts);
    expect(slack.thread(other, victim).filter(({ bot }) => bot)).toEqual([]);
    expect(saidByApp()).not.toContain(text);
    model.gate('victim').open();
    await settled(other, victim);
    expect(transcript(other, victim)).toContain('I waited.');
  });

  it('MCP-2: a stamp among the model’s arguments is replaced by the real one', async () => {
    const [room, other] = [openRoom(stage()), openRoom(stage())];
    const { slack, model, settled } = stage();
    model.script('hold on', held('owner', answer('Held on.')));
    const owner = await slack.as('U_BEN').post(other, '@frontdesk hold on');
    await model.gate('owner').reached;
    const { sessionId } = model.calls.at(-1)!;
    const stolen = await issueStamp({ sessionId, callId: 'call_4', tool: 'slack_reply' });
    model.script('use a stolen stamp', [
      { tools: [{ name: 'slack_reply', args: { text: 'Said with a stolen stamp.', _stamp: stolen } }] },
      { text: 'Done.' },
    ]);
    const ts = await slack.as('U_ANNA').post(room, '@frontdesk use a stolen stamp');
    await until(stage(), room, ts, 'Said with a stolen stamp.');
    await settled(room, ts);
    expect(slack.thread(other, owner).filter(({ bot }) => bot)).toEqual([]);
    model.gate('owner').open();
    await settled(other, owner);
  });

  it('MCP-1: without the bearer token, or from a web page, nobody gets in', async () => {
    const { url, headers } = openCodeSecrets();
    const status = async (given: Record<string, string>) =>
      (
        await fetch(url, {
          method: 'POST',
          body: '{}',
          headers: { 'content-type': 'application/json', ...given },
        })
      ).status;
    expect(await status({})).toBe(401);
    expect(await status({ authorization: 'Bearer wrong' })).toBe(401);
    expect(await status({ ...headers, origin: 'https://evil.example' })).toBe(403);
  });
});
