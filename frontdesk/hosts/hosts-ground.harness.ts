/** A gateway with nothing but the bridge, and hosts made by hand that dial in. For tests. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLog } from '../../mcp-servers/kit/log.ts';
import type { HostEvent } from '../../mcp-servers/kit/work.ts';
import { dialAs, type FakeHostOptions } from './fake-host.harness.ts';
import { createHosts, type HostsOptions } from './hosts.ts';

/** @param o.requestTimeoutMs default: long enough for any machine */
export async function openHostsGround(
  o: Pick<HostsOptions, 'helloMs' | 'requestTimeoutMs' | 'silence'> = {},
) {
  await using stack = new AsyncDisposableStack();
  const lines: string[] = [];
  const events: [string, HostEvent][] = [];
  const changes: [string, boolean][] = [];
  const hosts = createHosts({
    tokens: [{ value: 'local-token', host: 'local' }, { value: 'shared' }],
    log: createLog({
      level: 'debug',
      redact: (line) => line,
      destination: { write: (line) => void lines.push(line) },
    }),
    requestTimeoutMs: o.requestTimeoutMs ?? 30_000,
    helloMs: o.helloMs,
    silence: o.silence,
  });
  hosts.onEvent((host, event) => events.push([host, event]));
  hosts.onHost((host, connected) => changes.push([host, connected]));
  const server = createServer((_, response) => response.writeHead(404).end());
  stack.defer(() => void server.close());
  stack.use(hosts.attach(server));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const owned = stack.move();
  const dial = async (hello?: FakeHostOptions['hello'], token = 'shared') =>
    owned.use(await dialAs({ url, token, hello }));
  return {
    hosts,
    url,
    lines,
    events,
    changes,
    dial,
    welcomed: async () => {
      const host = await dial();
      await host.next('welcome');
      return host;
    },
    /** The service has handled everything the host sent before. */
    settled: async (host: Awaited<ReturnType<typeof dial>>) => {
      const before = host.heard.length;
      host.say({ type: 'ping', at: 1, latency_ms: 7 });
      await host.next('pong', before);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
export type HostsGround = Awaited<ReturnType<typeof openHostsGround>>;
