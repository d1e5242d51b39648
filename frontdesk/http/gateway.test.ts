import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import { createStamps } from '../../mcp-servers/kit/stamps.ts';
import { startGateway } from './gateway.ts';
import { createPluginHellos } from '../opencode/plugin-hellos.ts';
import { createMetrics } from './metrics.ts';

const sha256 = 'a'.repeat(64);

async function start() {
  const stamps = createStamps({ now: Date.now });
  const hellos = createPluginHellos();
  const metrics = createMetrics({ processMetrics: false });
  let ready = false;
  const gateway = await startGateway({
    port: 0,
    log: createSilentLog(),
    mcp: { token: 'mcp-secret', services: [] },
    stamp: { token: 'plugin-secret', stamps, hellos },
    health: () => ({ ready, turns: 3 }),
    metrics,
  });
  const post = (path: string, body: unknown, token = 'plugin-secret') =>
    fetch(`${gateway.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  return {
    stamps,
    hellos,
    metrics,
    post,
    server: gateway.server,
    get: (path: string) => fetch(`${gateway.url}${path}`),
    becomeReady: () => (ready = true),
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
}

describe('gateway', () => {
  it('AS-3: cuts no connection in which a person is waited for', async () => {
    await using gateway = await start();
    const { timeout, requestTimeout } = gateway.server;
    expect([timeout, requestTimeout]).toEqual([0, 0]);
  });

  it('MCP-2: gives the plugin a stamp for one call', async () => {
    await using gateway = await start();
    const claim = { sessionId: 'ses_1', callId: 'call_1', tool: 'slack_reply' };
    const response = await gateway.post('/opencode/stamp', claim);
    const { stamp } = (await response.json()) as { stamp: string };
    expect(gateway.stamps.consume(stamp, 'slack_reply')).toEqual({ sessionId: 'ses_1', callId: 'call_1' });
  });

  it('MCP-2: gives no stamp without the plugin token, nor with the MCP token', async () => {
    await using gateway = await start();
    const claim = { sessionId: 'ses_1', callId: 'call_1', tool: 'slack_reply' };
    expect((await gateway.post('/opencode/stamp', claim, '')).status).toBe(401);
    expect((await gateway.post('/opencode/stamp', claim, 'mcp-secret')).status).toBe(401);
  });

  it('answers a stamp request without a tool with 400 and what is missing', async () => {
    await using gateway = await start();
    const response = await gateway.post('/opencode/stamp', { sessionId: 'ses_1', callId: 'call_1' });
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(/tool/);
  });

  it('AG-2: hands the hello of the plugin to who waits for it, before or after', async () => {
    await using gateway = await start();
    const waiting = gateway.hellos.next(5000);
    await gateway.post('/opencode/hello', { sha256 });
    expect(await waiting).toEqual({ sha256 });
    await gateway.post('/opencode/hello', { sha256 });
    expect(await gateway.hellos.next(0)).toEqual({ sha256 });
    await expect(gateway.hellos.next(1)).rejects.toThrow(/no word from the plugin within 1 ms/);
    expect((await gateway.post('/opencode/hello', { sha256: 'short' })).status).toBe(400);
  });

  it('OP-2: /health tells how it stands, /ready turns 200 when it is', async () => {
    await using gateway = await start();
    expect(await (await gateway.get('/health')).json()).toEqual({ status: 'ok', ready: false, turns: 3 });
    expect((await gateway.get('/ready')).status).toBe(503);
    gateway.becomeReady();
    expect((await gateway.get('/ready')).status).toBe(200);
  });

  it.each(['/health', '/ready', '/metrics', '/docs', '/docs/openapi.json', '/nothing'])(
    'MCP-1: %s is not told to a web page',
    async (path) => {
      await using gateway = await start();
      const { port } = gateway.server.address() as AddressInfo;
      // fetch does not let go of its own Host.
      const ask = async (headers: Record<string, string>) => {
        const asked = request({ host: '127.0.0.1', port, path, headers, agent: false }).end();
        const [response] = (await once(asked, 'response')) as [IncomingMessage];
        response.resume();
        return response.statusCode;
      };
      expect(await ask({ host: `rebound.example:${port}` })).toBe(403);
      expect(await ask({ origin: 'https://evil.example' })).toBe(403);
      expect(await ask({ host: `localhost:${port}`, origin: `http://127.0.0.1:${port}` })).not.toBe(403);
    },
  );

  it('OP-2: /metrics speaks Prometheus', async () => {
    await using gateway = await start();
    gateway.metrics.count('slack_retries_total', { method: 'chat.postMessage' });
    gateway.metrics.observe('slack_command_duration_seconds', 0.2, { command: 'list' });
    gateway.metrics.gauge('outbox_depth', () => 7);
    const text = await (await gateway.get('/metrics')).text();
    expect(text).toContain('slack_retries_total{method="chat.postMessage"} 1');
    expect(text).toContain('slack_command_duration_seconds_bucket{le="0.3",command="list"} 1');
    expect(text).toContain('outbox_depth 7');
  });

  it('keeps the cause of a failure to itself', async () => {
    await using gateway = await start();
    const response = await gateway.post('/mcp/none', {}, 'mcp-secret');
    expect(response.status).toBe(404);
    expect((await gateway.get('/nothing')).status).toBe(404);
  });
});
