import { once } from 'node:events';
import { connect } from 'node:net';
import type { App } from '@slack/bolt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import { createHttpReceiver } from './http-receiver.ts';

const megabyte = 1024 * 1024;

describe('HTTP mode', () => {
  let rejected = 0;
  let receiver: ReturnType<typeof createHttpReceiver>;
  beforeEach(async () => {
    rejected = 0;
    receiver = createHttpReceiver({
      signingSecret: 'secret-of-the-app',
      host: '127.0.0.1',
      port: 0,
      log: createSilentLog(),
      onRejected: () => void (rejected += 1),
    });
    receiver.init({ processEvent: async () => {} } as unknown as App);
    await receiver.start();
  });
  afterEach(async () => void (await receiver.stop()));

  /** Posts a body without end, until the other side hangs up. @returns bytes it took */
  const pour = async (headers: readonly string[]): Promise<number> => {
    const { hostname, port, pathname } = new URL(receiver.address());
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    await once(socket, 'connect');
    const lines = [
      `POST ${pathname} HTTP/1.1`,
      `Host: ${hostname}`,
      'Content-Length: 9000000000',
      ...headers,
    ];
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    const closed = Promise.withResolvers<void>();
    socket.on('close', () => closed.resolve());
    const more = Buffer.alloc(megabyte, 'a');
    const pump = () =>
      void (socket.writable && socket.bytesWritten < 100 * megabyte && socket.write(more, pump));
    pump();
    socket.resume();
    await closed.promise;
    return socket.bytesWritten;
  };

  it('IN-1: a stranger’s endless body is refused, whatever time it claims', async () => {
    const now = `X-Slack-Request-Timestamp: ${Math.floor(Date.now() / 1000)}`;
    expect(await pour([now, 'X-Slack-Signature: v0=00'])).toBeLessThan(60 * megabyte);
    expect(rejected).toBe(1);
    expect(await pour([])).toBeLessThan(60 * megabyte);
    expect(rejected).toBe(2);
  });
});
