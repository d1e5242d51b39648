/** A TCP line between two ends that can freeze: nothing passes and nobody is told, as with a dropped network or a stopped process. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface FrozenLine extends AsyncDisposable {
  /** `http://…`, instead of the real end's. */
  readonly url: string;
  /** @param which only what goes that way; default: both */
  freeze(which?: 'up' | 'down'): void;
  thaw(): void;
}

/** @param target of the real end, `http://host:port` */
export async function startFrozenLine(target: string): Promise<FrozenLine> {
  const { hostname: host, port } = new URL(target);
  const pairs = new Set<{ readonly client: Socket; readonly end: Socket }>();
  const frozen = { up: false, down: false };
  const apply = () => {
    for (const { client, end } of pairs) {
      client[frozen.up ? 'pause' : 'resume']();
      end[frozen.down ? 'pause' : 'resume']();
    }
  };
  const server = createServer((client) => {
    const end = connect({ host, port: Number(port) });
    const pair = { client, end };
    pairs.add(pair);
    const ways = [
      ['up', client, end],
      ['down', end, client],
    ] as const;
    for (const [way, from, to] of ways) {
      from.on('data', (chunk: Buffer) => void to.write(chunk));
      // Its end, too, is news that does not pass.
      const over = () => (frozen[way] ? undefined : to.destroy());
      from.on('error', over);
      from.on('close', over);
    }
    apply();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    freeze(which) {
      for (const way of ['up', 'down'] as const) frozen[way] ||= which === undefined || which === way;
      apply();
    },
    thaw() {
      frozen.up = false;
      frozen.down = false;
      apply();
      const broken = [...pairs].filter(({ client, end }) => client.destroyed || end.destroyed);
      for (const { client, end } of broken) for (const socket of [client, end]) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      for (const { client, end } of pairs) for (const socket of [client, end]) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
