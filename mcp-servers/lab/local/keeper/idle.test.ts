import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createIdle } from './idle.ts';

const host = '127.0.0.1';

async function listen() {
  const server = createServer().listen(0, host);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function open(port: number) {
  const socket = connect({ port, host });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

describe.runIf(process.platform === 'linux')('whether anybody asks a lab', () => {
  it('LAB-6: a connection is use of it, also when it was closed just now; our own are none', async () => {
    const port = await listen();
    const idle = createIdle(port, 0);
    await expect.poll(() => idle.isIdle()).toBe(true);
    const own = await open(port);
    expect(idle.isIdle()).toBe(false);
    idle.noteOwn(own.localPort ?? 0);
    await expect.poll(() => idle.isIdle()).toBe(true);
    const other = await open(port);
    expect(idle.isIdle()).toBe(false);
    other.end();
    await once(other, 'finish');
    expect(idle.isIdle()).toBe(false);
  });

  it('LAB-6: without a limit it is never idle', async () => {
    expect(createIdle(await listen(), null).isIdle()).toBe(false);
  });
});
