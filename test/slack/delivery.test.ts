import { type App, HTTPReceiver } from '@slack/bolt';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';

import { startSlackServer } from './server.ts';
import { clientOf, quickReceiver, refusal, startBoltApp } from './testing/bolt.ts';
import { startHttpApp, startTarget } from './testing/http.ts';
import type { SlackServer } from './types.ts';

const attemptsOf = (slack: SlackServer, name = 'message') =>
  slack.journal
    .filter((entry) => entry.kind === 'envelope' && entry.name === name)
    .map(({ attempt }) => attempt);

/** A socket that answers nothing by itself. */
async function openRawSocket(
  slack: SlackServer,
): Promise<{ socket: WebSocket; frames: Record<string, unknown>[]; url: string }> {
  const { url = '' } = await clientOf(slack, slack.appToken).apps.connections.open({});
  const socket = new WebSocket(url);
  const frames: Record<string, unknown>[] = [];
  socket.on('message', (data: Buffer) => frames.push(JSON.parse(data.toString()) as Record<string, unknown>));
  socket.on('error', () => {});
  await slack.until(() => frames.length > 0, 'the hello');
  return { socket, frames, url };
}

describe('Socket Mode', () => {
  it('says hello, pings, and takes a ticket once', async () => {
    await using slack = await startSlackServer({ pingMs: 20 });
    const { socket, frames, url } = await openRawSocket(slack);
    expect(frames[0]).toMatchObject({ type: 'hello', num_connections: 1 });
    await new Promise((resolve) => socket.once('ping', resolve));
    const again = new WebSocket(url);
    const refused = await new Promise<string>((resolve) =>
      again.on('error', (error) => resolve(error.message)),
    );
    expect(refused).toContain('403');
    socket.terminate();
  });

  it('retries what is not acknowledged at once, after one and after five minutes, with the same event_id', async () => {
    await using slack = await startSlackServer({ ackMs: 30, clock: { now: () => Date.now(), scale: 2_000 } });
    const { frames } = await openRawSocket(slack);
    await slack.as('U_ANNA').post('C_DEV', 'hello?');
    await slack.until(() => slack.journal.some(({ kind }) => kind === 'given-up'), 'the last attempt');
    const envelopes = frames.slice(1);
    expect(envelopes.map((frame) => [frame['retry_attempt'], frame['retry_reason']])).toEqual([
      [0, ''],
      [1, 'timeout'],
      [2, 'timeout'],
      [3, 'timeout'],
    ]);
    const eventIds = envelopes.map((frame) => (frame['payload'] as { event_id: string }).event_id);
    expect(new Set(eventIds).size).toBe(1);
    expect(new Set(envelopes.map((frame) => frame['envelope_id'])).size).toBe(4);
    expect(slack.pendingEvents).toBe(0);
    const sent = slack.journal.filter(({ kind }) => kind === 'envelope').map(({ at }) => at);
    expect((sent[3] ?? 0) - (sent[2] ?? 0)).toBeGreaterThanOrEqual(150);
  });

  it('brings an event that arrived with no connection open', async () => {
    await using slack = await startSlackServer({ clock: { now: () => Date.now(), scale: 150 } });
    await slack.as('U_ANNA').post('C_DEV', 'anybody there?');
    const seen: unknown[] = [];
    await using _app = await startBoltApp(slack, (app) => {
      app.message(async ({ message, context }) => {
        seen.push([(message as { text?: string }).text, context.retryNum, context.retryReason]);
      });
    });
    await slack.until(() => seen.length > 0, 'the late delivery');
    // The first two attempts are made at once, when nobody is there.
    const [attempt] = attemptsOf(slack).slice(-1);
    expect(attempt).toBeGreaterThanOrEqual(2);
    expect(seen).toEqual([['anybody there?', attempt, 'connection_failed']]);
  });

  it('shares events between connections in turn', async () => {
    await using slack = await startSlackServer();
    const counts = [0, 0];
    const count = (at: number) => (app: Parameters<NonNullable<Parameters<typeof startBoltApp>[1]>>[0]) => {
      app.message(async () => void (counts[at] = (counts[at] ?? 0) + 1));
    };
    await using _first = await startBoltApp(slack, count(0));
    await using _second = await startBoltApp(slack, count(1));
    for (let at = 0; at < 10; at++) await slack.as('U_ANNA').post('C_DEV', `message ${at}`);
    await slack.until(() => (counts[0] ?? 0) + (counts[1] ?? 0) === 10, 'all ten');
    expect(counts).toEqual([5, 5]);
  });

  it('delivers again by the other connection when one is cut before its ack', async () => {
    await using slack = await startSlackServer();
    const raw = await openRawSocket(slack);
    await slack.as('U_ANNA').post('C_DEV', 'hello');
    await slack.until(() => raw.frames.length === 2, 'the envelope');
    const seen: unknown[] = [];
    await using _app = await startBoltApp(slack, (app) => {
      app.message(async ({ context }) => void seen.push(context.retryNum));
    });
    raw.socket.terminate();
    await slack.until(() => seen.length > 0, 'the second attempt');
    expect(seen).toEqual([1]);
  });

  it('refuses an eleventh connection, and any while told to', async () => {
    await using slack = await startSlackServer();
    const sockets = [];
    for (let at = 0; at < 10; at++) sockets.push(await openRawSocket(slack));
    const eleventh = await openRawSocket(slack);
    expect(eleventh.frames[0]).toEqual({ type: 'disconnect', reason: 'too_many_websockets' });
    slack.sockets.dropAll();
    await slack.until(() => slack.sockets.count === 0, 'all to be cut');
    slack.sockets.refuse(true, 60);
    const { url = '' } = await clientOf(slack, slack.appToken).apps.connections.open({});
    const refused = new WebSocket(url);
    await new Promise((resolve) => refused.on('error', resolve));
    await slack.until(() => !slack.sockets.refusing, 'the refusal to end');
    await openRawSocket(slack);
    expect(slack.sockets.count).toBe(1);
  });

  it('a real Bolt app renews its connection when asked to, and loses no event', async () => {
    await using slack = await startSlackServer({ clock: { now: () => Date.now(), scale: 200 } });
    const seen: unknown[] = [];
    const register = (app: App) => app.message(async ({ message }) => void seen.push(message.ts));
    await using _app = await startBoltApp(slack, register, { receiver: quickReceiver(slack) });
    slack.sockets.disconnect('refresh_requested');
    const sent = [await slack.as('U_ANNA').post('C_DEV', 'on the way out')];
    await slack.until(() => slack.sockets.opened === 2, 'the new connection');
    sent.push(await slack.as('U_ANNA').post('C_DEV', 'on the new one'));
    await slack.until(() => seen.includes(sent[1]), 'the second event');
    await slack.until(() => seen.includes(sent[0]), 'the first event, by a retry if need be');
    expect(new Set(seen)).toEqual(new Set(sent));
  });

  it('sends the frames that end a connection or withhold events', async () => {
    await using slack = await startSlackServer();
    const { frames } = await openRawSocket(slack);
    slack.sockets.disconnect('warning');
    slack.sockets.appRateLimited();
    await slack.until(() => frames.length === 3, 'both frames');
    expect(frames[1]).toMatchObject({ type: 'disconnect', reason: 'warning' });
    expect(frames[2]).toMatchObject({ type: 'events_api', payload: { type: 'app_rate_limited' } });
  });
});

describe('HTTP mode', () => {
  it('asks the challenge, signs, and carries events, commands and clicks to a real HTTPReceiver', async () => {
    await using slack = await startSlackServer();
    const receiver = new HTTPReceiver({ signingSecret: slack.signingSecret, endpoints: '/slack/events' });
    const seen: unknown[] = [];
    await using app = await startHttpApp(slack, receiver, seen);
    await slack.useRequestUrl(app.url);
    await slack.as('U_ANNA').post('C_DEV', 'over HTTP');
    await slack.until(() => seen.length === 1, 'the event');
    const answer = await slack.as('U_ANNA').slash('/opencode', 'list', 'C_DEV');
    expect(answer).toEqual({ acked: true, payload: { text: 'got list' } });
    const button = {
      type: 'button' as const,
      text: { type: 'plain_text' as const, text: 'Go' },
      action_id: 'go',
    };
    const blocks = [{ type: 'actions' as const, elements: [button] }];
    const { ts = '' } = await clientOf(slack).chat.postMessage({ channel: 'C_DEV', text: 'x', blocks });
    expect((await slack.as('U_BEN').click('C_DEV', ts, 'Go')).acked).toBe(true);
    await slack.until(() => seen.length === 2, 'the click');
    expect(seen).toEqual(['over HTTP', 'click of U_BEN']);
  });

  it('retries what fails, with the reason, and stops where the app asks it to', async () => {
    await using slack = await startSlackServer({ clock: { now: () => Date.now(), scale: 10_000 } });
    const requests: [string | undefined, string | undefined][] = [];
    await using target = await startTarget((headers) => {
      requests.push([headers['x-slack-retry-num'] as string, headers['x-slack-retry-reason'] as string]);
      return requests.length < 3 ? { status: 500 } : { status: 500, headers: { 'x-slack-no-retry': '1' } };
    });
    await expect(slack.useRequestUrl(target.url)).rejects.toThrow('challenge');
    requests.length = 0;
    await using other = await startSlackServer({
      requestUrl: target.url,
      clock: { now: () => Date.now(), scale: 10_000 },
    });
    await other.as('U_ANNA').post('C_DEV', 'x');
    await other.until(() => other.pendingEvents === 0, 'the last attempt');
    expect(requests).toEqual([
      [undefined, undefined],
      ['1', 'http_error'],
      ['2', 'http_error'],
    ]);
  });
});

describe('what the app cannot do', () => {
  it('apps.connections.open gives a ticket to the app token only', async () => {
    await using slack = await startSlackServer();
    expect((await refusal(clientOf(slack).apps.connections.open({}))).error).toBe('not_allowed_token_type');
  });
});
