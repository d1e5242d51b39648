import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createSilentLog } from '../kit/log.ts';
import { classifySlackError, type SlackFailure } from './slack-failure.ts';
import { createSlackWeb } from './web.ts';

interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly silent?: boolean;
}

/** Fails a real WebClient in one way and gives what the door makes of it. */
async function fail(answer: Answer | undefined) {
  const server: Server = createServer((_, response) => {
    if (answer === undefined) response.destroy();
    else if (!answer.silent) response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`;
  // Only an answer that never comes is waited for in vain.
  const timeoutMs = answer?.silent ? 300 : 60_000;
  const web = createSlackWeb({ token: 'xoxb-test', apiUrl, log: createSilentLog(), timeoutMs });
  try {
    await web.call('chat.postMessage', { channel: 'C', text: 'x' });
    return undefined;
  } catch (error) {
    return (error as SlackFailure).failure;
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const json = (body: object): Answer => ({ status: 200, body: JSON.stringify(body) });

describe('a failed call, with a real WebClient', () => {
  it.each([
    ['429 with Retry-After', { status: 429, headers: { 'retry-after': '7' } }, 7000],
    ['429 without', { status: 429 }, 2000],
    ['ok:false ratelimited', json({ ok: false, error: 'ratelimited' }), 2000],
  ])('OUT-1: %s is a limit, and comes back at once', async (_, answer, retryAfterMs) => {
    expect(await fail(answer)).toEqual({ kind: 'rate_limited', retryAfterMs });
  });

  it.each<[string, Answer | undefined]>([
    ['a cut connection', undefined],
    ['500', { status: 500 }],
    ['503 with a page', { status: 503, body: '<html>' }],
    ['a page with 200', { status: 200, body: '<html>Maintenance</html>' }],
    ['no answer in time', { status: 200, silent: true }],
    ["Slack's own trouble", json({ ok: false, error: 'internal_error' })],
  ])('OUT-1: after %s the effect is in doubt', async (_, answer) => {
    expect(await fail(answer)).toMatchObject({ kind: 'unreachable' });
  });

  it.each([
    ['channel_not_found', json({ ok: false, error: 'channel_not_found' })],
    ['http_403', { status: 403, body: 'no' }],
  ])('OUT-1: %s is a refusal', async (code, answer) => {
    expect(await fail(answer)).toEqual({ kind: 'refused', code });
  });

  it('OUT-1: a limit told after the retries of a patient client is still a limit', () => {
    const error = {
      code: 'slack_webapi_request_error',
      message: 'A rate limit was exceeded (url: x, retry-after: 9)',
    };
    expect(classifySlackError(error)).toEqual({ kind: 'rate_limited', retryAfterMs: 9000 });
    expect(classifySlackError('odd')).toEqual({ kind: 'unreachable', reason: 'odd' });
  });
});

describe('where the token goes', () => {
  const open = (apiUrl: string, allowForeignApi = false) =>
    createSlackWeb({ token: 'xoxb-test', apiUrl, log: createSilentLog(), allowForeignApi });

  it.each([
    'https://slack.com/api/',
    'https://acme.enterprise.slack.com/api/',
    'http://127.0.0.1:1/api/',
    'http://localhost/api/',
  ])('OP-5: %s is trusted', (url) => expect(() => open(url)).not.toThrow());

  it.each([
    'https://slack.com.evil.example/api/',
    'http://slack.com/api/',
    'https://evilslack.com/',
    'nonsense',
  ])('OP-5: %s is not, unless that is said', (url) => {
    expect(() => open(url)).toThrow(/token would be sent to/);
    expect(() => open(url, true)).not.toThrow();
  });
});
