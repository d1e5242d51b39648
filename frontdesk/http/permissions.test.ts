import { fastify } from 'fastify';
import { Agent, request } from 'undici';
import { describe, expect, it } from 'vitest';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import { registerApi } from './api.ts';
import { type AskPermission, type PermissionAnswer, permissionRoutes } from './permissions.ts';

const allowed: PermissionAnswer = { decision: 'allow', scope: 'once', reason: 'Allowed once.', by: 'Anna' };
const body = { sessionId: 'tool_0001', permission: 'bash', command: 'rm -rf build' };

async function open(ask: AskPermission | undefined, token?: string, heartbeatMs?: number) {
  const app = fastify({ forceCloseConnections: true });
  const more = heartbeatMs === undefined ? {} : { heartbeatMs };
  const routes = permissionRoutes({ ask: () => ask, timeoutSeconds: 300, ...more });
  await registerApi(app, { token, log: createSilentLog() }, [routes]);
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const post = async (sent: unknown, o: { headers?: Record<string, string>; signal?: AbortSignal } = {}) => {
    const response = await fetch(`${url}/api/permissions`, {
      method: 'POST',
      body: JSON.stringify(sent),
      ...o,
      headers: { 'content-type': 'application/json', ...o.headers },
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return { url, post, [Symbol.asyncDispose]: () => app.close() };
}

describe('POST /api/permissions', () => {
  it('AS-7: asks with what was sent, and answers what was decided', async () => {
    const calls: Parameters<AskPermission>[0][] = [];
    await using api = await open(async (call) => (calls.push(call), allowed));
    expect(await api.post({ ...body, title: 'Clean\nup' })).toEqual({ status: 200, body: allowed });
    const { command: diff, ...rest } = body;
    await api.post({ ...rest, diff });
    expect(calls.map(({ request }) => [request.permission, request.detail, request.detailKind])).toEqual([
      ['bash (Clean up)', 'rm -rf build', 'command'],
      ['bash', 'rm -rf build', 'diff'],
    ]);
  });

  it.each([
    ['too short', { ...body, sessionId: 'short' }, 'sessionId: must be 8 to 200'],
    ['with other characters', { ...body, sessionId: '../../etc/x' }, 'sessionId: must be 8 to 200'],
    ['missing', { ...body, sessionId: undefined }, 'sessionId: is missing'],
    ['of two details', { ...body, path: 'x' }, 'exactly one of'],
    ['of no detail', { sessionId: 'tool_0001', permission: 'bash' }, 'exactly one of'],
    ['with a word we do not know', { ...body, force: true }, 'force'],
  ])('AS-7: %s is 400 with the reason, and nobody is asked', async (_, sent, reason) => {
    await using api = await open(async () => {
      throw new Error('asked');
    });
    const { status, body: answer } = await api.post(sent);
    expect(status).toBe(400);
    expect(String(answer['error'])).toContain(reason);
  });

  it('AS-7: wants the bearer token when one is set, and refuses pages of other origins', async () => {
    await using api = await open(async () => allowed, 'a-token-of-16-characters');
    expect((await api.post(body)).status).toBe(401);
    const authorization = 'Bearer a-token-of-16-characters';
    expect((await api.post(body, { headers: { authorization } })).status).toBe(200);
    expect((await api.post(body, { headers: { authorization, origin: 'https://evil.test' } })).status).toBe(
      403,
    );
  });

  it('AS-7: is told when the caller goes away, and 503 without the room', async () => {
    const left = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    await using api = await open(async (_, signal) => {
      signal.addEventListener('abort', () => left.resolve());
      asked.resolve();
      await left.promise;
      return allowed;
    });
    const caller = new AbortController();
    const answer = api.post(body, { signal: caller.signal });
    await asked.promise;
    caller.abort();
    await expect(answer).rejects.toThrow('aborted');
    await left.promise;
    await using none = await open(undefined);
    expect((await none.post(body)).status).toBe(503);
  });

  it('AS-3: a person may take their time: signs of life until they decide, which neither a client nor a proxy gives up on', async () => {
    const decided = Promise.withResolvers<PermissionAnswer>();
    await using api = await open(() => decided.promise, undefined, 50);
    // Of Node's own client, whose 300 s are PERMISSION_TIMEOUT_SECONDS by default; here 1.5 s, of which 40 signs of life at 50 ms make two.
    const client = new Agent({ headersTimeout: 1500, bodyTimeout: 1500 });
    const response = await request(`${api.url}/api/permissions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      dispatcher: client,
    });
    expect(response.statusCode).toBe(200);
    let text = '';
    for await (const piece of response.body) {
      text += String(piece);
      if (text.length === 40) decided.resolve(allowed);
    }
    expect(text.slice(0, 40)).toBe(' '.repeat(40));
    expect(JSON.parse(text)).toEqual(allowed);
    await client.close();
  });

  it('AS-3: one that fails while it is waited for is no answer', async () => {
    const decided = Promise.withResolvers<PermissionAnswer>();
    await using api = await open(() => decided.promise, undefined, 20);
    const response = await fetch(`${api.url}/api/permissions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    decided.reject(new Error('the disk is full'));
    await expect(response.text()).rejects.toThrow('terminated');
  });

  it('AS-1: takes a diff of 2,000,000 characters, however it is written', async () => {
    const calls: number[] = [];
    await using api = await open(async ({ request: { detail } }) => (calls.push(detail.length), allowed));
    const { command: _, ...rest } = body;
    const diff = '\u0001'.repeat(2_000_000);
    expect((await api.post({ ...rest, diff })).status).toBe(200);
    expect(calls).toEqual([2_000_000]);
    expect((await api.post({ ...rest, diff: `${diff}!` })).status).toBe(400);
  });
});
