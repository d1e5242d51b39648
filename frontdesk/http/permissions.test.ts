import { fastify } from 'fastify';
import { describe, expect, it } from 'vitest';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import { registerApi } from './api.ts';
import { type AskPermission, type PermissionAnswer, permissionRoutes } from './permissions.ts';

const allowed: PermissionAnswer = { decision: 'allow', scope: 'once', reason: 'Allowed once.', by: 'Anna' };
const body = { sessionId: 'tool_0001', permission: 'bash', command: 'rm -rf build' };

async function open(ask: AskPermission | undefined, token?: string) {
  const app = fastify({ forceCloseConnections: true });
  await registerApi(app, { token, log: createSilentLog() }, [permissionRoutes(() => ask)]);
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
});
