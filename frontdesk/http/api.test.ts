import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import { createStamps } from '../../mcp-servers/kit/stamps.ts';
import type { ApiRoutes } from './api.ts';
import { startGateway } from './gateway.ts';
import { createPluginHellos } from '../opencode/plugin-hellos.ts';
import { createMetrics } from './metrics.ts';

const routes: ApiRoutes = (api) => {
  api.post(
    '/things',
    {
      schema: {
        summary: 'Make a thing.',
        body: z.strictObject({ name: z.string().regex(/^\w{3,}$/, 'must be 3 letters or more') }),
        response: { 200: z.object({ made: z.string() }) },
      },
    },
    ({ body: { name } }) => {
      if (name === 'busy') throw new FrontdeskError('lab_busy', 'Of shop.');
      if (name === 'broken') throw new Error('the password is hunter2');
      return { made: name };
    },
  );
};

async function start(token?: string) {
  const gateway = await startGateway({
    port: 0,
    log: createSilentLog(),
    mcp: { token: 'mcp-secret', services: [] },
    stamp: { token: 's', stamps: createStamps({ now: Date.now }), hellos: createPluginHellos() },
    api: { token, routes: [routes] },
    health: () => ({ ready: true }),
    metrics: createMetrics({ processMetrics: false }),
  });
  return {
    url: gateway.url,
    async make(name: unknown, headers: Record<string, string> = {}) {
      const response = await fetch(`${gateway.url}/api/things`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(name === undefined ? {} : { name }),
      });
      return { status: response.status, body: await response.json() };
    },
    /** With headers that fetch sets itself. */
    async raw(headers: Record<string, string>) {
      const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
      const call = request(`${gateway.url}/api/things`, { method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      call.on('error', reject);
      call.end('{}');
      return await promise;
    },
    get: (path: string) => fetch(`${gateway.url}${path}`),
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
}

describe('/api', () => {
  it('answers in words: what is wrong, what is refused, and nothing of what broke inside', async () => {
    await using service = await start();
    expect(await service.make('abc')).toEqual({ status: 200, body: { made: 'abc' } });
    expect(await service.make('x')).toEqual({
      status: 400,
      body: { error: 'name: must be 3 letters or more' },
    });
    expect((await service.make(undefined)).status).toBe(400);
    expect(await service.make('busy')).toEqual({
      status: 409,
      body: {
        error:
          'A deployment of this workspace is running. Of shop. Wait for its end, or deploy again with replace.',
        code: 'lab_busy',
      },
    });
    expect(await service.make('broken')).toEqual({ status: 500, body: { error: 'internal error' } });
  });

  it('MCP-1: refuses what a web page could send: a foreign Host or Origin', async () => {
    await using service = await start();
    const type = { 'content-type': 'application/json' };
    expect(await service.raw({ ...type, host: 'evil.example' })).toBe(403);
    expect(await service.raw({ ...type, origin: 'https://evil.example' })).toBe(403);
    expect(await service.raw(type)).toBe(400);
  });

  it('asks for its token when there is one', async () => {
    await using service = await start('a-token-of-sixteen');
    expect((await service.make('abc')).status).toBe(401);
    expect((await service.make('abc', { authorization: 'Bearer mcp-secret' })).status).toBe(401);
    expect((await service.make('abc', { authorization: 'Bearer a-token-of-sixteen' })).status).toBe(200);
  });
});

describe('/docs', () => {
  it('OP-2: describes the routes by their own schemas, and nothing that is not for others', async () => {
    await using service = await start('a-token-of-sixteen');
    const api = (await (await service.get('/docs/openapi.json')).json()) as {
      paths: Record<string, Record<string, unknown>>;
      security: unknown;
    };
    expect(Object.keys(api.paths).toSorted()).toEqual(['/api/things', '/health', '/metrics', '/ready']);
    expect(api.paths['/api/things']?.post).toMatchObject({
      summary: 'Make a thing.',
      requestBody: {
        content: {
          'application/json': { schema: { required: ['name'], properties: { name: { type: 'string' } } } },
        },
      },
    });
    expect(api.security).toEqual([{ token: [] }]);
    expect(api.paths['/health']?.get).toMatchObject({ security: [] });
  });

  it('OP-2: shows them in a page that needs nothing from the internet', async () => {
    await using service = await start();
    const page = await (await service.get('/docs')).text();
    expect(page).not.toMatch(/https?:\/\//);
    const parts = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path);
    expect(parts.length).toBeGreaterThan(3);
    for (const path of parts) expect([path, (await service.get(path)).status]).toEqual([path, 200]);
  });
});
