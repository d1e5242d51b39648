import type { z } from 'zod';

import type { Fault, FaultBox } from '../limits/faults.ts';
import type { RateLimits } from '../limits/rate-limits.ts';
import { rootOf, type Json } from '../store/model.ts';
import type { World } from '../store/world.ts';
import { requireScope, type Method } from './method.ts';
import { invalidArguments, SlackError } from './slack-error.ts';

interface ApiRequest {
  readonly method: string;
  readonly args: Json;
  /** From the Authorization header or the `token` argument; '' when neither is there. */
  readonly token: string;
}

/** `lost` has no answer: the connection is cut or left hanging. */
export type ApiAnswer =
  | { readonly status: number; readonly headers: Record<string, string>; readonly body: Json | string }
  | { readonly lost: 'reset' | 'hang' };

export interface Router {
  readonly methods: readonly string[];
  handle(request: ApiRequest): Promise<ApiAnswer>;
}

export interface RouterParts {
  readonly world: World;
  readonly methods: readonly Method[];
  readonly faults: FaultBox;
  readonly rateLimits: RateLimits;
}

/** @returns the Web API: token, fault, rate limit, scope, arguments, effect, in Slack's order. */
export function createRouter({ world, methods, faults, rateLimits }: RouterParts): Router {
  const table = new Map(methods.map((method) => [method.name, method]));

  const run = async (request: ApiRequest): Promise<Json> => {
    const method = table.get(request.method);
    if (!method) throw new SlackError('unknown_method', { req_method: request.method });
    requireToken(world, method, request.token);
    requireScope(world, method.scopes ?? []);
    const parsed = method.args.safeParse(request.args);
    if (!parsed.success) throw invalidArguments(...parsed.error.issues.map(describeIssue));
    return method.run(world, parsed.data);
  };

  const answer = async (
    request: ApiRequest,
  ): Promise<{ status: number; body: Json; retryAfter?: number }> => {
    const method = table.get(request.method);
    const wait = method ? rateLimits.check(method.name, method.tier, channelOf(request.args)) : 0;
    if (wait > 0) return { status: 429, body: { ok: false, error: 'ratelimited' }, retryAfter: wait };
    try {
      return { status: 200, body: { ok: true, ...(await run(request)) } };
    } catch (error) {
      if (!(error instanceof SlackError)) throw error;
      return { status: 200, body: { ok: false, error: error.code, ...error.extra } };
    }
  };

  const withFault = async (request: ApiRequest, fault: Fault | undefined): Promise<ApiAnswer> => {
    if (fault && !['slow', 'hang-after', 'reset-after'].includes(fault.kind)) return faultAnswer(fault);
    const { status, body, retryAfter } = await answer(request);
    if (fault?.kind === 'reset-after') return { lost: 'reset' };
    if (fault?.kind === 'hang-after') return { lost: 'hang' };
    if (fault?.kind === 'slow') {
      await new Promise<void>((resolve) => world.clock.afterReal(fault.delayMs ?? 1_000, resolve));
    }
    const limited = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
    return { status, headers: { 'x-oauth-scopes': [...world.manifest.scopes].join(','), ...limited }, body };
  };

  return {
    methods: [...table.keys()],
    async handle(request) {
      const startedAt = performance.now();
      const channel = channelOf(request.args);
      const fault = faults.take(request.method, channel);
      if (fault) world.journal.add({ kind: 'fault', name: request.method, channel, outcome: fault.kind });
      const { token: _secret, ...args } = request.args;
      // Before the call: a message may be gone after it.
      const thread = threadOf(world, channel, args);
      const result = await withFault(request, fault);
      const body = 'lost' in result ? { error: `lost.${result.lost}` } : result.body;
      const problem = typeof body === 'string' ? 'page' : (body['error'] as string | undefined);
      const ts = request.args['ts'] ?? (typeof body === 'string' ? undefined : body['ts']);
      world.journal.add(
        {
          kind: 'call',
          name: request.method,
          channel,
          ts: typeof ts === 'string' ? ts : undefined,
          thread,
          ms: Math.round(performance.now() - startedAt),
          outcome: problem ?? 'ok',
        },
        { arguments: args, answer: body },
      );
      return result;
    },
  };
}

/** @returns what a fault answers instead of the method. */
export function faultAnswer(fault: Fault): ApiAnswer {
  switch (fault.kind) {
    case 'ratelimited': {
      const headers = { 'retry-after': String(fault.retryAfter ?? 1) };
      return { status: 429, headers, body: { ok: false, error: 'ratelimited' } };
    }
    case 'error':
      return { status: 200, headers: {}, body: { ok: false, error: fault.error ?? 'internal_error' } };
    case 'html':
      return {
        status: fault.status ?? 200,
        headers: { 'content-type': 'text/html' },
        body: '<html>Slack is down</html>',
      };
    case 'hang':
      return { lost: 'hang' };
    case 'reset':
      return { lost: 'reset' };
    default:
      return {
        status: fault.status ?? 500,
        headers: { 'content-type': 'text/plain' },
        body: 'upstream error',
      };
  }
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const path = issue.path.join('/');
  if (issue.code === 'invalid_type' && issue.input === undefined) return `missing required field: ${path}`;
  return `${issue.message} [json-pointer:/${path}]`;
}

/** @throws not_authed, not_allowed_token_type, invalid_auth */
function requireToken(world: World, method: Method, token: string): void {
  if (method.name === 'api.test') return;
  if (token === '') throw new SlackError('not_authed');
  const kind = token.startsWith('xapp-') ? 'app' : token.startsWith('xoxb-') ? 'bot' : 'other';
  const wanted = method.token ?? 'bot';
  if (wanted !== 'any' && kind !== 'other' && kind !== wanted) throw new SlackError('not_allowed_token_type');
  if (token !== (kind === 'app' ? world.id.appToken : world.id.botToken))
    throw new SlackError('invalid_auth');
}

/** @returns the root of the thread that a call is about, directly or through a message in it */
function threadOf(world: World, channel: string | undefined, args: Json): string | undefined {
  const named = args['thread_ts'] ?? args['ts'] ?? args['timestamp'] ?? args['message_ts'];
  if (typeof named !== 'string') return undefined;
  const message = world.messages.get(channel ?? '', named);
  return message ? rootOf(message) : named;
}

/** Most methods name it `channel`, the newer ones `channel_id`. */
function channelOf(args: Json): string | undefined {
  const channel = args['channel'] ?? args['channel_id'];
  return typeof channel === 'string' ? channel : undefined;
}
