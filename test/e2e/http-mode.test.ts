import { createHmac, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { answer, openRoom, until, useStage } from './use-stage.ts';

const stage = useStage({
  config: ({ signingSecret }) => ({ slackMode: 'http', signingSecret, slackPort: 0 }),
});
beforeAll(async () => await stage().slack.useRequestUrl(stage().desk.slackUrl));

async function rejections(): Promise<number> {
  const text = await (await fetch(`${stage().desk.url}/metrics`)).text();
  return Number(/^webhook_rejections_total (?<count>\d+)/m.exec(text)?.groups?.['count'] ?? 0);
}

/** A mention as Slack would send it. */
function mention(channel: string, text: string): string {
  const { slack } = stage();
  const ts = `${Math.floor(Date.now() / 1000)}.000100`;
  const event = { type: 'app_mention', user: 'U_ANNA', text: `<@${slack.botUserId}> ${text}`, ts, channel };
  const ids = { team_id: slack.teamId, event_id: `Ev${randomUUID()}` };
  return JSON.stringify({ type: 'event_callback', ...ids, event: { ...event, event_ts: ts } });
}

/** Headers as Slack signs: v0, HMAC-SHA256 over `v0:seconds:body`. */
function sign(secret: string, body: string, atMs: number) {
  const seconds = String(Math.floor(atMs / 1000));
  const signature = createHmac('sha256', secret).update(`v0:${seconds}:${body}`).digest('hex');
  return { 'x-slack-request-timestamp': seconds, 'x-slack-signature': `v0=${signature}` };
}

async function send(body: string, headers: Record<string, string>): Promise<number> {
  const { slackUrl } = stage().desk;
  const response = await fetch(slackUrl, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
  return response.status;
}

describe('HTTP mode', () => {
  it('IN-1: signed events, clicks and commands are served, without a socket', async () => {
    const room = openRoom(stage());
    const { slack, model, settled, transcript } = stage();
    model.script('over http', [{ gate: 'http', next: answer('Yes, over HTTP.')[0]! }, { text: 'Done.' }]);
    expect(slack.sockets.count).toBe(0);
    const ts = await slack.as('U_ANNA').post(room, '@frontdesk are you served over http?');
    await model.gate('http').reached;
    await slack.as('U_ANNA').post(room, 'and this?', { threadTs: ts });
    const notice = await until(stage(), room, ts, 'Queued at position 1');
    expect(await slack.as('U_ANNA').click(room, notice.ts, 'Remove')).toMatchObject({ acked: true });
    await until(stage(), room, ts, 'Removed from the queue');
    model.gate('http').open();
    await until(stage(), room, ts, 'Yes, over HTTP.');
    await settled(room, ts);
    const status = await slack.as('U_ANNA').slash('/opencode', 'status', room);
    expect(status.payload['text']).toContain('up');
    expect(await rejections()).toBe(0);
    await expect(transcript(room, ts)).toMatchFileSnapshot('golden/http-mode.txt');
  });

  it('IN-1: a wrong, missing, stale or future signature is refused, counted and logged with its source', async () => {
    const room = openRoom(stage());
    const { slack, model } = stage();
    const { signingSecret: secret } = slack;
    const before = await rejections();
    const calls = model.calls.length;
    const body = mention(room, 'forged');
    const now = Date.now();
    const sixMinutes = 360_000;
    const good = sign(secret, body, now);
    const tries = {
      'wrong secret': sign('not the secret', body, now),
      'another body': sign(secret, `${body} `, now),
      'no signature': {},
      'no time': { 'x-slack-signature': good['x-slack-signature'] },
      'another time': { ...good, 'x-slack-request-timestamp': String(Math.floor(now / 1000) - 1) },
      stale: sign(secret, body, now - sixMinutes),
      future: sign(secret, body, now + sixMinutes),
    };
    for (const [what, headers] of Object.entries(tries))
      expect([what, await send(body, headers)]).toEqual([what, 401]);
    const count = Object.keys(tries).length;
    expect(await rejections()).toBe(before + count);
    const lines = stage()
      .logText()
      .split('\n')
      .filter((line) => line.includes('slack.webhook.rejected'));
    expect(lines).toHaveLength(count);
    for (const line of lines) expect(line).toMatch(/"from":"(::ffff:)?127\.0\.0\.1"/);
    expect(await send(body, good)).toBe(200);
    await slack.until(() => model.calls.length > calls, 'the one well signed to be served');
    expect(model.calls.slice(calls).every(({ said }) => said === 'forged')).toBe(true);
  });

  it('IN-2: strangers are refused there, too', async () => {
    const room = openRoom(stage());
    const { slack, model } = stage();
    const calls = model.calls.length;
    const ts = await slack.as('U_STRANGER').post(room, '@frontdesk let me in over http');
    await slack.until(() => slack.pendingEvents === 0, 'the events to be acknowledged');
    await slack.until(() => stage().logText().includes('"way":"app_mention","user":"U_STRANGER"'), 'the log');
    expect(slack.thread(room, ts)).toHaveLength(1);
    expect(model.calls.slice(calls).some(({ said }) => said.includes('let me in'))).toBe(false);
  });
});
