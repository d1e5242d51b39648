import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';

const path = join(import.meta.dirname, 'plugin.js');

interface Hooks {
  event(input: { event: { type: string; properties: { sessionID: string } } }): Promise<void>;
  'tool.execute.before'(
    input: { tool: string; sessionID: string; callID: string },
    output: { args: Record<string, unknown> },
  ): Promise<void>;
}

type Answer = (res: ServerResponse) => void;
const stampedBy =
  (value: string): Answer =>
  (res) =>
    res.end(JSON.stringify({ stamp: value }));

/** The plugin, loaded as OpenCode loads it, against a service that answers stamp requests with `answer`. */
async function load(answer: Answer) {
  const requests: { url?: string | undefined; authorization?: string | undefined; body: unknown }[] = [];
  const asked = Promise.withResolvers<void>();
  const handle = async (req: IncomingMessage, res: ServerResponse) => {
    const { url, headers } = req;
    requests.push({ url, authorization: headers.authorization, body: await json(req) });
    if (url === '/hello') return void res.writeHead(204).end();
    answer(res);
    asked.resolve();
  };
  const server = createServer((req, res) => void handle(req, res));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const plugin = (await import(pathToFileURL(path).href)) as {
    default: { server(input: unknown, options: unknown): Promise<Hooks> };
  };
  const hooks = await plugin.default.server({}, { url, token: 'token', servers: ['slack', 'lab'] });
  return {
    requests,
    hooks,
    asked: asked.promise,
    call: (tool: string, args: Record<string, unknown>) =>
      hooks['tool.execute.before']({ tool, sessionID: 'ses_1', callID: 'call_1' }, { args }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe('the stamp plugin', () => {
  it('AG-2: says on load which file it is', async () => {
    await using plugin = await load(stampedBy('s'));
    const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
    expect(plugin.requests).toEqual([
      { url: '/hello', authorization: 'Bearer token', body: { sha256, version: '1' } },
    ]);
  });

  it('MCP-2: puts the stamp of this call into the arguments, over what the model put there', async () => {
    await using plugin = await load(stampedBy('real'));
    const args = { text: 'hi', _stamp: 'made-up' };
    await plugin.call('slack_reply', args);
    expect(args).toEqual({ text: 'hi', _stamp: 'real' });
    expect(plugin.requests.at(-1)).toEqual({
      url: '/stamp',
      authorization: 'Bearer token',
      body: { sessionId: 'ses_1', callId: 'call_1', tool: 'slack_reply' },
    });
  });

  it('leaves other tools alone', async () => {
    await using plugin = await load(stampedBy('real'));
    const args = { command: 'ls' };
    await plugin.call('bash', args);
    await plugin.call('slackish', args);
    expect(args).toEqual({ command: 'ls' });
    expect(plugin.requests).toHaveLength(1);
  });

  it.each<[string, Answer]>([
    ['refuses', (res) => res.writeHead(401).end()],
    ['gives no stamp', stampedBy('')],
    ['hangs up', (res) => res.destroy()],
  ])('MCP-2: the call is not executed when the service %s', async (_, answer) => {
    await using plugin = await load(answer);
    const args: Record<string, unknown> = { _stamp: 'made-up' };
    await expect(plugin.call('lab_deploy', args)).rejects.toThrow(/^Not executed:/);
    expect(args).toEqual({});
  });

  it.each(['session.idle', 'session.error'])(
    'IN-7: %s ends the wait of a call, which is not executed',
    async (type) => {
      await using plugin = await load(() => {});
      let outcome = 'waits';
      const call = plugin.call('slack_reply', {}).catch((error: unknown) => (outcome = String(error)));
      await plugin.asked;
      await plugin.hooks.event({ event: { type, properties: { sessionID: 'ses_other' } } });
      await setImmediate();
      expect(outcome).toBe('waits');
      await plugin.hooks.event({ event: { type, properties: { sessionID: 'ses_1' } } });
      await call;
      expect(outcome).toMatch(/Not executed: .*the turn has ended/);
    },
  );
});
