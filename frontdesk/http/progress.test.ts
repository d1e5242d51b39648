import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Deployment, DeploymentEvent } from '../../mcp-servers/kit/lab.ts';
import { deploymentOf } from '../../test/support/deployment.ts';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import { createStamps } from '../../mcp-servers/kit/stamps.ts';
import { startGateway } from './gateway.ts';
import { createPluginHellos } from '../opencode/plugin-hellos.ts';
import { createMetrics } from './metrics.ts';
import { deploymentRoutes, type DeploymentRoutesOptions } from './progress.ts';

const deployment = deploymentOf({ log: ['token hunter2'], handle: { pid: 1 } });

/** A deployment whose events come when the test says so. */
function createFakeLab() {
  let status: Deployment['status'] = 'deploying';
  const events: DeploymentEvent[] = [];
  const readers = new Set<() => void>();
  const wake = () => {
    for (const reader of readers) reader();
  };
  const current = (): Deployment => ({ ...deployment, status });
  return {
    readers,
    tell(type: DeploymentEvent['type'], data: Record<string, unknown> = {}) {
      events.push({ id: events.length + 1, at: deployment.startedAt, type, data });
      if (type === 'complete') status = 'ready';
      wake();
    },
    get: async (id: string) => (id === 'd1' ? current() : undefined),
    list: async () => [current()],
    status: async (workspace: string) => (workspace === 'shop' ? current() : null),
    cleanup: async () => void (status = 'removed'),
    async *events(_: string, lastId: number, signal: AbortSignal) {
      let told = lastId;
      while (!signal.aborted) {
        const next = Promise.withResolvers<void>();
        const ready = () => next.resolve();
        readers.add(ready);
        signal.addEventListener('abort', ready);
        for (; told < events.length; told += 1) yield events[told] as DeploymentEvent;
        if (status === 'deploying') await next.promise;
        readers.delete(ready);
        if (status !== 'deploying' && told >= events.length) return;
      }
    },
  };
}

async function start(change: Partial<DeploymentRoutesOptions> & { token?: string } = {}) {
  const lab = createFakeLab();
  const { token, ...options } = change;
  const redact = (text: string) => text.replaceAll('hunter2', '•••');
  const gateway = await startGateway({
    port: 0,
    log: createSilentLog(),
    mcp: { token: 'mcp-secret', services: [] },
    stamp: { token: 's', stamps: createStamps({ now: Date.now }), hellos: createPluginHellos() },
    api: {
      token,
      routes: [deploymentRoutes({ lab: () => lab, redact, secured: token !== undefined, ...options })],
    },
    health: () => ({ ready: true }),
    metrics: createMetrics({ processMetrics: false }),
  });
  const url = (path: string) => `${gateway.url}${path}`;
  return {
    lab,
    url,
    get: (path: string, headers: Record<string, string> = {}) => fetch(url(path), { headers }),
    /** Reads the stream until `text` has come. */
    async listen(headers: Record<string, string> = {}) {
      const request = get(url('/api/deployments/d1/progress'), { headers });
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      response.setEncoding('utf8');
      let all = '';
      const chunks = response[Symbol.asyncIterator]() as AsyncIterator<string>;
      return {
        response,
        async until(text: string) {
          while (!all.includes(text)) {
            const { done, value } = await chunks.next();
            if (done === true) throw new Error(`ended before "${text}": ${all}`);
            all += value;
          }
          return all;
        },
        async rest() {
          for (;;) {
            const { done, value } = await chunks.next();
            if (done === true) return all;
            all += value;
          }
        },
        leave: () => request.destroy(),
      };
    },
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
}

describe('GET /api/deployments/:id/progress', () => {
  it('LAB-7: streams each step as it happens, without secrets, and ends after the last', async () => {
    await using service = await start();
    service.lab.tell('progress', { step: 'Copying' });
    const stream = await service.listen();
    expect(stream.response.headers['content-type']).toBe('text/event-stream');
    await stream.until('Copying');
    service.lab.tell('step_complete', { step: 'Copying', detail: 'hunter2' });
    await stream.until('id: 2');
    service.lab.tell('test_results', { text: '🎉 All tests passing' });
    service.lab.tell('complete', { status: 'ready' });
    const at = '"at":"2023-11-14T22:13:20.000Z"';
    expect(await stream.rest()).toBe(
      [
        'retry: 2000\n',
        `id: 1\nevent: progress\ndata: {"step":"Copying",${at}}\n`,
        `id: 2\nevent: step_complete\ndata: {"step":"Copying","detail":"•••",${at}}\n`,
        `id: 3\nevent: test_results\ndata: {"text":"🎉 All tests passing",${at}}\n`,
        `id: 4\nevent: complete\ndata: {"status":"ready",${at}}\n\n`,
      ].join('\n'),
    );
  });

  it('LAB-7: a client that was away gets what it missed, once; others are not held up', async () => {
    await using service = await start();
    service.lab.tell('progress', { step: 'one' });
    const first = await service.listen();
    const other = await service.listen();
    await first.until('"one"');
    first.leave();
    service.lab.tell('step_complete', { step: 'one' });
    service.lab.tell('progress', { step: 'two' });
    await other.until('"two"');
    const again = await service.listen({ 'last-event-id': '1' });
    const missed = await again.until('"two"');
    expect(missed.match(/^id: \d+$/gm)).toEqual(['id: 2', 'id: 3']);
    service.lab.tell('complete');
    await again.rest();
    await other.rest();
    expect(service.lab.readers.size).toBe(0);
  });

  it('LAB-7: after the end the whole is replayed; with nothing left, a browser is told not to ask again', async () => {
    await using service = await start();
    service.lab.tell('progress', { step: 'one' });
    service.lab.tell('complete', { status: 'ready' });
    const whole = await (await service.get('/api/deployments/d1/progress')).text();
    expect(whole.match(/^event: .*$/gm)).toEqual(['event: progress', 'event: complete']);
    const rest = await service.get('/api/deployments/d1/progress', { 'last-event-id': '2' });
    expect([rest.status, await rest.text()]).toEqual([204, '']);
    const nonsense = await service.get('/api/deployments/d1/progress', { 'last-event-id': '-1; x' });
    expect((await nonsense.text()).match(/^id: /gm)).toHaveLength(2);
  });

  it('LAB-7: says that it is there while nothing happens', async () => {
    await using service = await start({ heartbeatMs: 5 });
    const stream = await service.listen();
    expect(await stream.until(': still here\n\n: still here')).not.toContain('event:');
    stream.leave();
  });

  it('OP-4: standing streams do not hold back the end of the service', async () => {
    const service = await start();
    const stream = await service.listen();
    await stream.until('retry');
    const ended = stream.rest().catch(() => 'cut');
    await service[Symbol.asyncDispose]();
    await ended;
    await expect.poll(() => service.lab.readers.size).toBe(0);
  });
});

describe('GET /api/deployments', () => {
  it('tells how a deployment stands, without secrets and without what is only the target’s', async () => {
    await using service = await start();
    const { handle, ref, by, digest, ...rest } = deployment;
    expect([handle, ref, by, digest]).toBeDefined();
    const expected = { ...rest, startedAt: '2023-11-14T22:13:20.000Z', log: ['token •••'] };
    expect(await (await service.get('/api/deployments/d1')).json()).toEqual(expected);
    expect(await (await service.get('/api/deployments')).json()).toEqual({ deployments: [expected] });
  });

  it('answers what is not there in words', async () => {
    await using service = await start();
    for (const path of ['/api/deployments/d2', '/api/deployments/d2/progress']) {
      const response = await service.get(path);
      expect(response.status).toBe(404);
      expect(await response.json()).toEqual({
        error: 'Nothing is deployed there. No deployment is called "d2". Deploy it first.',
        code: 'lab_unknown',
      });
    }
    await using without = await start({ lab: () => undefined });
    const absent = await without.get('/api/deployments/d1/progress');
    expect(absent.status).toBe(503);
    expect(await absent.text()).toContain('FRONTDESK_WORKSPACE_ROOT');
  });
});

describe('DELETE /api/deployments/:workspace', () => {
  it('LAB-6: removes the lab of a workspace, once; what there is none of is said', async () => {
    const removed: string[] = [];
    const token = 'a-token-of-sixteen';
    await using service = await start({ token, onRemoved: (workspace) => void removed.push(workspace) });
    const remove = async (workspace: string, bearer = token) => {
      const headers = { authorization: `Bearer ${bearer}` };
      const response = await fetch(service.url(`/api/deployments/${workspace}`), {
        method: 'DELETE',
        headers,
      });
      return [response.status, (await response.json()) as { error?: string }] as const;
    };
    expect((await remove('shop', 'another-token-of-16'))[0]).toBe(401);
    expect(removed).toEqual([]);
    expect(await remove('shop')).toEqual([200, { workspace: 'shop', removed: 'd1' }]);
    for (const workspace of ['shop', 'other']) {
      const [status, body] = await remove(workspace);
      expect([status, body.error]).toEqual([
        404,
        `Nothing is deployed there. "${workspace}" has no lab. Deploy it first.`,
      ]);
    }
    expect(removed).toEqual(['shop']);
  });

  it('MCP-5: without a token nothing is removed: an agent with a shell could call', async () => {
    await using service = await start();
    const response = await fetch(service.url('/api/deployments/shop'), { method: 'DELETE' });
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('FRONTDESK_API_TOKEN');
    expect((await service.lab.status('shop'))?.status).toBe('deploying');
  });
});
