import { request } from 'node:http';

import { describe, expect, it } from 'vitest';

import { startSlackServer } from './server.ts';
import { clientOf } from './testing/bolt.ts';
import type { SlackServer } from './types.ts';

const control = async (slack: SlackServer, path: string, body?: object) => {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(`${slack.url}/control/${path}`, init);
  const text = await response.text();
  const json = response.headers.get('content-type')?.startsWith('application/json');
  return { status: response.status, body: json ? (JSON.parse(text) as Record<string, unknown>) : text };
};

describe('the control API', () => {
  it('acts as anybody and reads what they see', async () => {
    await using slack = await startSlackServer();
    const posted = await control(slack, 'act', {
      as: 'U_BEN',
      do: 'post',
      channel: 'C_DEV',
      text: 'hi @frontdesk',
    });
    const { ts } = posted.body as { ts: string };
    await control(slack, 'act', { as: 'U_ANNA', do: 'react', channel: 'C_DEV', ts, emoji: 'eyes' });
    const file = { name: 'a.txt', base64: Buffer.from('abc').toString('base64') };
    await control(slack, 'act', { as: 'U_ANNA', do: 'dm', text: 'look', files: [file] });
    const [message] = (await control(slack, 'messages?channel=D_ANNA')).body as unknown as {
      files: { id: string }[];
    }[];
    const content = await fetch(`${slack.url}/control/file?id=${message?.files[0]?.id}`);
    expect([await content.text(), content.headers.get('content-disposition')]).toEqual(['abc', 'attachment']);
    expect((await control(slack, 'transcript?channel=C_DEV')).body).toBe(
      '#dev\nBen: hi @frontdesk  [eyes]\n',
    );
    expect((await control(slack, `messages?channel=C_DEV&thread=${ts}`)).body).toHaveLength(1);
    const state = (await control(slack, 'state')).body as { channels: { id: string }[]; commands: string[] };
    expect(state.channels.map(({ id }) => id)).toEqual(['C_GENERAL', 'C_DEV', 'D_ANNA']);
    expect(state.commands).toEqual(['/opencode']);
  });

  it('says what is wrong with a command', async () => {
    await using slack = await startSlackServer();
    const missing = await control(slack, 'act', { as: 'U_BEN', do: 'post', channel: 'C_DEV' });
    expect(missing).toMatchObject({ status: 400 });
    expect(JSON.stringify(missing.body)).toContain('text');
    const unseen = await control(slack, 'act', {
      as: 'U_BEN',
      do: 'react',
      channel: 'C_DEV',
      ts: '1.1',
      emoji: 'x',
    });
    expect(unseen.body).toEqual({ ok: false, error: 'U_BEN sees no message 1.1 in C_DEV' });
    expect((await control(slack, 'nonsense')).status).toBe(404);
  });

  it('sets faults and handles connections', async () => {
    await using slack = await startSlackServer();
    await control(slack, 'faults', { method: 'auth.test', kind: 'status', status: 503 });
    await expect(clientOf(slack).auth.test()).rejects.toMatchObject({ statusCode: 503 });
    await control(slack, 'faults', { method: 'auth.test', kind: 'status' });
    await fetch(`${slack.url}/control/faults`, { method: 'DELETE' });
    await clientOf(slack).auth.test();
    await control(slack, 'sockets', { do: 'refuse', refused: true });
    expect(slack.sockets.refusing).toBe(true);
  });

  it('streams the journal and every change', async () => {
    await using slack = await startSlackServer();
    const response = await fetch(`${slack.url}/control/changes`);
    await slack.as('U_ANNA').post('C_DEV', 'hello');
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk as Uint8Array).toString();
      if (text.includes('U_ANNA.post')) break;
    }
    expect(text).toContain('event: change\ndata: {"seq":1,"kind":"message","channel":"C_DEV"');
    expect(text).toMatch(/id: \d+\nevent: journal\ndata: .*"kind":"event"/);
    const entries = (await control(slack, 'journal?after=1')).body as unknown as { seq: number }[];
    expect(entries[0]?.seq).toBe(2);
    await clientOf(slack).chat.postMessage({ channel: 'C_DEV', text: 'hi' });
    const call = slack.journal.findLast(({ kind }) => kind === 'call');
    const { detail } = (await control(slack, `journal-detail?seq=${call?.seq}`)).body as { detail: unknown };
    expect(detail).toMatchObject({ arguments: { text: 'hi' }, answer: { ok: true } });
    expect(JSON.stringify([detail, call])).not.toContain(slack.botToken);
  });

  it('reads single messages again, and says what a page needs to draw', async () => {
    await using slack = await startSlackServer();
    const anna = slack.as('U_ANNA');
    const first = await anna.post('C_DEV', 'first');
    const second = await anna.post('C_DEV', 'second');
    await anna.delete('C_DEV', second);
    const found = (await control(slack, `messages?channel=C_DEV&ts=${first},${second}`)).body;
    expect(found).toMatchObject([{ ts: first, text: 'first' }]);
    expect((await control(slack, 'state')).body).toMatchObject({
      dms: { U_ANNA: 'D_ANNA', U_BEN: 'D_BEN' },
      slashCommands: [{ command: '/opencode', usageHint: expect.stringContaining('start') as string }],
      channels: [{ id: 'C_GENERAL', members: expect.arrayContaining(['U_ANNA']) as string[] }, {}],
    });
  });

  it('is closed to other origins and other hosts', async () => {
    await using slack = await startSlackServer();
    const get = (headers: Record<string, string>) =>
      new Promise<number | undefined>((resolve, reject) => {
        const sent = request(`${slack.url}/control/state`, { headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        });
        sent.on('error', reject).end();
      });
    expect(await get({})).toBe(200);
    expect(await get({ origin: slack.url })).toBe(200);
    expect(await get({ origin: 'https://evil.test' })).toBe(403);
    expect(await get({ host: 'evil.test' })).toBe(403);
    expect(await get({ 'sec-fetch-site': 'cross-site' })).toBe(403);
  });
});
