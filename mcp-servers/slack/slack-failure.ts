import { z } from 'zod';

/** What a failed call means for us. */
export type Failure =
  /** Nothing happened; not before `retryAfterMs`. */
  | { readonly kind: 'rate_limited'; readonly retryAfterMs: number }
  /** Network, 5xx, timeout: it may have happened or not. */
  | { readonly kind: 'unreachable'; readonly reason: string }
  /** Slack said no, and would again. `code` is Slack's, e.g. `channel_not_found`. */
  | { readonly kind: 'refused'; readonly code: string };

/** A failed Web API call, classified. Stays inside this folder; edges turn it into a FrontdeskError. */
export class SlackFailure extends Error {
  readonly method: string;
  readonly failure: Failure;

  constructor(method: string, failure: Failure, options?: ErrorOptions) {
    super(`${method}: ${failure.kind} ${describeFailure(failure)}`, options);
    this.name = 'SlackFailure';
    this.method = method;
    this.failure = failure;
  }
}

function describeFailure(failure: Failure): string {
  if (failure.kind === 'refused') return failure.code;
  return failure.kind === 'unreachable' ? failure.reason : `for ${failure.retryAfterMs} ms`;
}

/** When Slack limits us without saying for how long. */
const unspecifiedRetryMs = 2000;

/** Slack's own trouble, told with HTTP 200. */
const troubles = new Set(['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout']);

/** The fields of web-api's errors, by `code` (notes/slack.md §2.4). */
const slackError = z.object({
  code: z.string().optional(),
  message: z.string().optional(),
  retryAfter: z.number().optional(),
  statusCode: z.number().optional(),
  data: z
    .object({
      error: z.string(),
      response_metadata: z.object({ retryAfter: z.number().optional() }).optional(),
    })
    .optional(),
});

/** @param error whatever a `WebClient` call threw. Pure. */
export function classifySlackError(error: unknown): Failure {
  const parsed = slackError.safeParse(error);
  const { code, message = String(error), retryAfter, statusCode, data } = parsed.data ?? {};
  if (code === 'slack_webapi_rate_limited_error') return limited(retryAfter);
  // 429 without a usable Retry-After is a plain Error.
  if (code === undefined && message.startsWith('Retry header did not contain')) return limited(undefined);
  // 429 when the client does not reject them at once, with retries used up.
  if (message.includes('A rate limit was exceeded')) {
    return limited(Number(/retry-after: (\d+)/.exec(message)?.[1] ?? Number.NaN));
  }
  if (code === 'slack_webapi_http_error' && statusCode !== undefined) {
    if (statusCode === 429) return limited(undefined);
    const definite = statusCode >= 400 && statusCode < 500 && statusCode !== 408;
    return definite
      ? { kind: 'refused', code: `http_${statusCode}` }
      : { kind: 'unreachable', reason: `HTTP ${statusCode}` };
  }
  if (code === 'slack_webapi_platform_error' && data !== undefined) {
    if (data.error === 'ratelimited' || data.error === 'rate_limited') {
      return limited(data.response_metadata?.retryAfter);
    }
    // A body that is no JSON stands whole in `error`: some proxy answered, Slack may have acted.
    const isCode = /^[a-z][a-z0-9_]{0,79}$/.test(data.error);
    if (!isCode) return { kind: 'unreachable', reason: 'answer is not JSON' };
    if (troubles.has(data.error)) return { kind: 'unreachable', reason: data.error };
    return { kind: 'refused', code: data.error };
  }
  return { kind: 'unreachable', reason: message.slice(0, 200) };
}

function limited(retryAfterSeconds: number | undefined): Failure {
  const known =
    retryAfterSeconds !== undefined && Number.isFinite(retryAfterSeconds) && retryAfterSeconds >= 0;
  return { kind: 'rate_limited', retryAfterMs: known ? retryAfterSeconds * 1000 : unspecifiedRetryMs };
}
