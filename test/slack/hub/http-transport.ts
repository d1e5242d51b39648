import { createHmac, randomBytes } from 'node:crypto';

import type { Clock } from '../clock.ts';
import type { Json } from '../store/model.ts';
import { tenths, type SendOutcome, type Transport } from './transport.ts';

/** Headers of a request signed as Slack does: v0, HMAC-SHA256 over `v0:seconds:body`. */
function signedHeaders(secret: string, body: string, nowMs: number): Record<string, string> {
  const seconds = String(Math.floor(nowMs / 1000));
  const signature = createHmac('sha256', secret).update(`v0:${seconds}:${body}`).digest('hex');
  return { 'x-slack-request-timestamp': seconds, 'x-slack-signature': `v0=${signature}` };
}

export interface HttpTransportOptions {
  readonly url: string;
  readonly secret: string;
  readonly clock: Clock;
}

/** @returns the transport of HTTP mode: events as JSON, interactions and commands as forms. */
export function createHttpTransport({ url, secret, clock }: HttpTransportOptions): Transport {
  const post = (body: string, contentType: string, extra: Record<string, string>, timeoutMs: number) =>
    fetch(url, {
      method: 'POST',
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        'content-type': contentType,
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        ...signedHeaders(secret, body, clock.now()),
        ...extra,
      },
    });

  return {
    async send({ type, payload, attempt, reason }, ackMs): Promise<SendOutcome> {
      const startedAt = performance.now();
      const json = type === 'events_api';
      const body = json ? JSON.stringify(payload) : formBody(type, payload);
      const retry = { 'x-slack-retry-num': String(attempt), 'x-slack-retry-reason': reason };
      try {
        const contentType = json ? 'application/json' : 'application/x-www-form-urlencoded';
        const response = await post(body, contentType, attempt > 0 ? retry : {}, ackMs);
        const text = await response.text();
        const noRetry = response.headers.get('x-slack-no-retry') === '1';
        if (!response.ok) return { acked: false, reason: 'http_error', retry: !noRetry };
        return { acked: true, payload: parseAnswer(text), ms: tenths(performance.now() - startedAt) };
      } catch (error) {
        const timedOut = error instanceof Error && error.name === 'TimeoutError';
        return { acked: false, reason: timedOut ? 'http_timeout' : 'connection_failed', retry: true };
      }
    },
  };
}

function formBody(type: string, payload: Json): string {
  const fields = type === 'slash_commands' ? payload : { payload: JSON.stringify(payload) };
  return new URLSearchParams(fields as Record<string, string>).toString();
}

/** A body that is no JSON is the text of the answer, as for commands. */
function parseAnswer(text: string): Json {
  if (text === '') return {};
  try {
    const parsed = JSON.parse(text) as unknown;
    return typeof parsed === 'object' && parsed !== null ? (parsed as Json) : {};
  } catch {
    return { text };
  }
}

/**
 * Slack's question before it accepts a request URL.
 * @throws when the challenge does not come back
 */
export async function verifyRequestUrl({ url, secret, clock }: HttpTransportOptions): Promise<void> {
  const challenge = randomBytes(16).toString('hex');
  const body = JSON.stringify({
    type: 'url_verification',
    token: 'verification-token-is-deprecated',
    challenge,
  });
  const headers = { 'content-type': 'application/json', ...signedHeaders(secret, body, clock.now()) };
  const response = await fetch(url, { method: 'POST', body, headers, signal: AbortSignal.timeout(3_000) });
  const text = await response.text();
  if (!response.ok || !text.includes(challenge)) {
    throw new Error(`request URL ${url} did not answer the challenge (HTTP ${response.status})`);
  }
}
