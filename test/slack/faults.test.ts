import { describe, expect, it } from 'vitest';

import { startSlackServer } from './server.ts';
import { clientOf, quickReceiver, refusal, startBoltApp } from './testing/bolt.ts';

describe('faults', () => {
  it('answers 429, 5xx, errors and pages as often as told, for one channel or all', async () => {
    await using slack = await startSlackServer();
    const client = clientOf(slack);
    const post = (channel: string) => client.chat.postMessage({ channel, text: 'x' });
    slack.faults.add({
      method: 'chat.postMessage',
      channel: 'C_DEV',
      kind: 'ratelimited',
      retryAfter: 7,
      times: 2,
    });
    await post('C_GENERAL');
    await expect(post('C_DEV')).rejects.toMatchObject({ retryAfter: 7 });
    await expect(post('C_DEV')).rejects.toMatchObject({ retryAfter: 7 });
    await post('C_DEV');
    slack.faults.add({ method: '*', kind: 'status', status: 503 });
    await expect(client.auth.test()).rejects.toMatchObject({ statusCode: 503 });
    slack.faults.add({ method: '*', kind: 'error', error: 'fatal_error' });
    expect((await refusal(client.auth.test())).error).toBe('fatal_error');
    slack.faults.add({ method: '*', kind: 'html' });
    expect((await refusal(client.auth.test())).error).toContain('<html>');
    await client.auth.test();
    expect(slack.journal.filter(({ kind }) => kind === 'fault')).toHaveLength(5);
  });

  it('keeps the effect and loses the answer, so that the caller is in doubt', async () => {
    await using slack = await startSlackServer();
    const client = clientOf(slack);
    const metadata = { event_type: 'outbox', event_payload: { id: 'post-1' } };
    slack.faults.add({ method: 'chat.postMessage', kind: 'reset-after' });
    await expect(client.chat.postMessage({ channel: 'C_DEV', text: 'x', metadata })).rejects.toMatchObject({
      code: 'slack_webapi_request_error',
    });
    const plain = await client.conversations.history({ channel: 'C_DEV' });
    expect(plain.messages?.[0]).not.toHaveProperty('metadata');
    const looked = await client.conversations.history({ channel: 'C_DEV', include_all_metadata: true });
    expect(looked.messages?.[0]?.metadata).toEqual(metadata);
    slack.faults.add({ method: 'chat.postMessage', kind: 'reset' });
    await expect(client.chat.postMessage({ channel: 'C_DEV', text: 'y' })).rejects.toMatchObject({
      code: 'slack_webapi_request_error',
    });
    expect(slack.messages('C_DEV')).toHaveLength(1);
  });

  it('hangs before or after the effect, and answers slowly', async () => {
    await using slack = await startSlackServer();
    const controller = new AbortController();
    const call = (text: string) =>
      fetch(`${slack.apiUrl}chat.postMessage`, {
        method: 'POST',
        headers: { authorization: `Bearer ${slack.botToken}` },
        body: new URLSearchParams({ channel: 'C_DEV', text }),
        signal: controller.signal,
      });
    slack.faults.add({ method: 'chat.postMessage', kind: 'hang' });
    slack.faults.add({ method: 'chat.postMessage', kind: 'hang-after' });
    slack.faults.add({ method: 'chat.postMessage', kind: 'slow', delayMs: 60 });
    const hanging = [call('one'), call('two')].map((one) => one.catch((error: Error) => error.name));
    const calls = () =>
      slack.journal.filter(({ kind, name }) => kind === 'call' && name === 'chat.postMessage');
    await slack.until(() => calls().length === 2, 'both to hang');
    const startedAt = performance.now();
    await call('three');
    expect(performance.now() - startedAt).toBeGreaterThan(50);
    controller.abort();
    expect(await Promise.all(hanging)).toEqual(['AbortError', 'AbortError']);
    expect(slack.messages('C_DEV')).toHaveLength(2);
  });

  it('lasts for a time, and can be taken out', async () => {
    let now = Date.now();
    await using slack = await startSlackServer({ clock: { now: () => now, scale: 1 } });
    const client = clientOf(slack);
    slack.faults.add({ method: 'auth.test', kind: 'error', forMs: 5_000 });
    for (let at = 0; at < 3; at++) expect((await refusal(client.auth.test())).error).toBe('internal_error');
    now += 5_000;
    await client.auth.test();
    const remove = slack.faults.add({ method: 'auth.test', kind: 'error', times: 100 });
    expect(slack.faults.armed).toHaveLength(1);
    remove();
    await client.auth.test();
  });

  it('an outage cuts and refuses connections and resets every call, and ends', async () => {
    await using slack = await startSlackServer();
    await using _app = await startBoltApp(slack, () => {}, { receiver: quickReceiver(slack) });
    slack.outage(150);
    await expect(clientOf(slack).auth.test()).rejects.toMatchObject({ code: 'slack_webapi_request_error' });
    await slack.until(() => slack.sockets.count === 0, 'the cut');
    await slack.until(() => slack.sockets.count === 1, 'the app to come back');
    await clientOf(slack).auth.test();
  });

  it('strikes uploads and downloads too', async () => {
    await using slack = await startSlackServer();
    const client = clientOf(slack);
    slack.faults.add({ method: 'upload', kind: 'status', status: 500 });
    const upload = () =>
      client.filesUploadV2({ channel_id: 'C_DEV', filename: 'a.txt', file: Buffer.from('abc') });
    await expect(upload()).rejects.toMatchObject({ statusCode: 500 });
    await upload();
    const url = String(
      (await client.conversations.history({ channel: 'C_DEV' })).messages?.[0]?.files?.[0]?.url_private,
    );
    const headers = { authorization: `Bearer ${slack.botToken}` };
    slack.faults.add({ method: 'download', kind: 'status', status: 503 });
    expect((await fetch(url, { headers })).status).toBe(503);
    expect(await (await fetch(url, { headers })).text()).toBe('abc');
  });
});
