import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import { openEventStream } from './event-stream.ts';

/** A server of events whose connections the test holds, and a stream that reads them. */
async function connect(silenceMs = 10_000, onStuck = () => {}) {
  const connections: ServerResponse[] = [];
  const authorizations: unknown[] = [];
  let mute = false;
  let arrived = Promise.withResolvers<ServerResponse>();
  const server = createServer((req, res) => {
    authorizations.push(req.headers.authorization);
    if (mute) return;
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.write('data: {"payload":{"type":"server.connected"}}\n\n');
    connections.push(res);
    arrived.resolve(res);
    arrived = Promise.withResolvers();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const frames: unknown[] = [];
  let gaps = 0;
  let told = Promise.withResolvers<void>();
  const tell = () => {
    told.resolve();
    told = Promise.withResolvers();
  };
  const first = arrived.promise;
  const stream = openEventStream({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    authorization: 'Basic x',
    onFrame: (frame) => {
      frames.push(frame);
      tell();
    },
    onConnected: () => {
      gaps += 1;
      tell();
    },
    silenceMs,
    onStuck,
    log: createSilentLog(),
  });
  return {
    stream,
    frames,
    authorizations,
    first: await first,
    gaps: () => gaps,
    /** From now on connections are taken, but nothing is said. */
    fallMute: () => (mute = true),
    async until(fits: () => boolean) {
      while (!fits()) await told.promise;
    },
    async [Symbol.asyncDispose]() {
      await stream[Symbol.asyncDispose]();
      server.closeAllConnections();
      server.close();
    },
  };
}

describe('the event stream', () => {
  it('reads frames also when they come in pieces', async () => {
    await using events = await connect();
    await events.stream.connected;
    const bytes = Buffer.from('data: {"text":"ä€"}\n\n: comment\n\ndata: nonsense\n\ndata: {"n":2}\n\n');
    events.first.write(bytes.subarray(0, 16));
    events.first.write(bytes.subarray(16));
    await events.until(() => events.frames.length === 3);
    expect(events.frames.slice(1)).toEqual([{ text: 'ä€' }, { n: 2 }]);
    expect(events.authorizations).toEqual(['Basic x']);
  });

  it('OUT-4: connects again after it was cut, and tells that events were missed', async () => {
    await using events = await connect();
    await events.stream.connected;
    events.first.destroy();
    await events.until(() => events.gaps() === 2);
    expect(events.authorizations).toHaveLength(2);
  });

  it('connects again when it falls silent', async () => {
    await using events = await connect(100);
    await events.until(() => events.gaps() === 2);
    expect(events.authorizations.length).toBeGreaterThanOrEqual(2);
  });

  it('tells when OpenCode takes connections but says nothing any more', async () => {
    const stuck = Promise.withResolvers<void>();
    await using events = await connect(200, () => stuck.resolve());
    events.fallMute();
    await stuck.promise;
    expect(events.authorizations).toHaveLength(3);
  });
});
