import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { findFreePort } from '../../../kit/free-port.ts';
import { type FrontLimits, openFront } from './front.ts';

const host = '127.0.0.1';
const never = new AbortController().signal;

async function startApp(port = 0) {
  const server = createHttpServer((request, response) => response.end(`at ${request.headers.host}`));
  server.listen(port, host);
  const end = () => server.close().closeAllConnections();
  onTestFinished(end);
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, end };
}

async function openOne(limits?: FrontLimits) {
  const port = await findFreePort(host);
  const front = await openFront(port, host, never, limits);
  if (front === undefined) throw new Error('the port was taken');
  onTestFinished(() => front[Symbol.dispose]());
  const ask = async () => {
    const response = await fetch(`http://${host}:${port}`, { headers: { connection: 'close' } });
    return `${response.status} ${await response.text()}`.trim();
  };
  return { port, front, ask };
}

it('LAB-6: all who ask while the app is away are held, and passed on when it is there', async () => {
  const { port, front, ask } = await openOne();
  const answers = Array.from({ length: 20 }, ask);
  await front.asked;
  const app = await startApp();
  front.pass(app.port, host);
  expect(new Set(await Promise.all(answers))).toEqual(new Set([`200 at ${host}:${port}`]));
  expect(await ask()).toBe(`200 at ${host}:${port}`);
  front.hold();
  app.end();
  const late = ask();
  await front.asked;
  front.pass((await startApp()).port, host);
  expect(await late).toMatch(/^200/);
});

it('LAB-6: who asks when the app has gone just now waits for the next one', async () => {
  const { front, ask } = await openOne();
  front.pass(await findFreePort(host), host);
  const answer = ask();
  await front.asked;
  front.pass((await startApp()).port, host);
  expect(await answer).toMatch(/^200/);
});

it('LAB-6: nobody waits for ever, and no more than it can bear: they are told to come again', async () => {
  const { ask } = await openOne({ held: 1, heldMs: 50 });
  const told = '503 The lab is being started again; ask again in a moment.';
  expect(await Promise.all([ask(), ask(), ask()])).toEqual([told, told, told]);
  const patient = await openOne();
  const held = patient.ask();
  await patient.front.asked;
  patient.front[Symbol.dispose]();
  expect(await held).toBe(told);
});

it('LAB-6: a client that has said all it will say still gets its answer', async () => {
  const { port, front } = await openOne();
  const client = connect({ port, host, allowHalfOpen: true });
  client.end('GET / HTTP/1.0\r\n\r\n');
  await front.asked;
  front.pass((await startApp()).port, host);
  let all = '';
  for await (const chunk of client.setEncoding('utf8')) all += String(chunk);
  expect(all).toMatch(/^HTTP\/1.1 200/);
});

it('LAB-6: it listens from the moment that the app has left its port, and gives it back to an app that needs it', async () => {
  const app = createServer().listen(0, host);
  await once(app, 'listening');
  const { port } = app.address() as AddressInfo;
  const opening = openFront(port, host, never);
  app.close();
  const front = await opening;
  onTestFinished(() => front?.[Symbol.dispose]());
  const answer = fetch(`http://${host}:${port}`);
  await front?.asked;
  await front?.giveBack();
  await startApp(port);
  front?.pass(port, host);
  expect((await answer).status).toBe(200);
});

it('LAB-6: told to end, it listens no more; a port that it does not get is none', async () => {
  const stop = new AbortController();
  const port = await findFreePort(host);
  const front = await openFront(port, host, stop.signal);
  stop.abort();
  await front?.asked;
  await expect(fetch(`http://${host}:${port}`)).rejects.toThrow('fetch failed');
  expect(await openFront(port, host, stop.signal)).toBeUndefined();
});
