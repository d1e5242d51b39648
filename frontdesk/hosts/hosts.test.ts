import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { closeCodes, protocolVersion } from '../../agents/bridge/protocol.ts';
import type { HostEvent } from '../../mcp-servers/kit/work.ts';
import { type HostsGround, openHostsGround } from './hosts-ground.harness.ts';

/** Sends an upgrade without a token and resets the connection at once, twenty times. */
async function knockAndRun(url: string, path: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: ${hostname}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ];
  for (let time = 0; time < 20; time += 1) {
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    socket.on('error', () => {});
    await setImmediate();
    socket.resetAndDestroy();
    await once(socket, 'close');
  }
}

const session = { host: 'laptop', sessionId: 's1', directory: '/work/a' };

describe('hosts', () => {
  let ground: HostsGround;
  beforeEach(async () => {
    ground = await openHostsGround();
  });
  afterEach(() => ground[Symbol.asyncDispose]());

  it('BR-1: refuses a wrong token and another path before any frame', async () => {
    const refusal = async (path: string, token: string) => {
      const headers = { authorization: `Bearer ${token}` };
      const socket = new WebSocket(`${ground.url.replace('http', 'ws')}${path}`, { headers });
      const [error] = (await once(socket, 'error').catch((error: unknown) => [error])) as [Error];
      return error.message;
    };
    expect(await refusal('/ws/bridge', 'wrong')).toContain('401');
    expect(await refusal('/ws/bridge', '')).toContain('401');
    expect(await refusal('/ws/other', 'shared')).toContain('404');
    expect(ground.lines.join('')).toContain('hosts.token.refused');
  });

  it('BR-1: a line without a hello is ended and not refused: the bridge of a busy machine dials again at once', async () => {
    await using quick = await openHostsGround({ helloMs: 50 });
    const headers = { authorization: 'Bearer shared' };
    const socket = new WebSocket(`${quick.url.replace('http', 'ws')}/ws/bridge`, { headers });
    const heard: string[] = [];
    socket.on('message', (data: Buffer) => heard.push(data.toString()));
    const [code] = (await once(socket, 'close')) as [number];
    expect([code, ...heard]).toEqual([closeCodes.silent]);
  });

  it('BR-1: a stranger’s broken or broken-off upgrade ends nothing', async () => {
    const uncaught: unknown[] = [];
    const note = (error: unknown) => void uncaught.push(error);
    process.on('uncaughtException', note);
    try {
      for (const path of ['//', 'http://[', '/ws/bridge', '/ws/other']) await knockAndRun(ground.url, path);
      // Refused after them, and so after all that they caused.
      const host = await ground.welcomed();
      await ground.settled(host);
    } finally {
      process.off('uncaughtException', note);
    }
    expect(uncaught).toEqual([]);
  });

  it('BR-1: refuses an old protocol with words that help, told and logged', async () => {
    const host = await ground.dial({ protocol: protocolVersion - 1 });
    expect((await host.next('refused')).reason).toContain('copy its agents/bridge/plugin.js');
    expect(await host.closed()).toMatchObject({
      code: closeCodes.refused,
      reason: expect.stringContaining('restart OpenCode'),
    });
    expect(ground.lines.join('')).toContain('hosts.host.refused');
    expect(ground.changes).toEqual([]);
  });

  it('BR-1: a token of one host opens no other name', async () => {
    const host = await ground.dial({ host: 'laptop' }, 'local-token');
    expect((await host.next('refused')).reason).toBe('This token is for host local only.');
    expect(ground.hosts.list()).toEqual([]);
  });

  it('BR-3: a host comes and goes; its requests in flight fail', async () => {
    const host = await ground.welcomed();
    expect(ground.hosts.list()).toEqual([{ host: 'laptop', busy: 0, local: false }]);
    const asked = ground.hosts.abort(session);
    await host.next('session.abort');
    host.drop();
    await expect(asked).rejects.toMatchObject({ code: 'host_unavailable' });
    expect(ground.changes).toEqual([
      ['laptop', true],
      ['laptop', false],
    ]);
    expect(ground.hosts.isConnected('laptop')).toBe(false);
    await expect(ground.hosts.abort(session)).rejects.toMatchObject({ code: 'host_unavailable' });
  });

  it('BR-2: requests by id: answers may come in any order, an error is the words of the host', async () => {
    const host = await ground.welcomed();
    const sent = ground.hosts.send({
      ...session,
      messageId: 'm1',
      text: 'hi',
      agent: 'builder',
      model: 'a/b',
    });
    const listed = ground.hosts.sessions(session);
    const { request_id: first } = await host.next('session.message');
    const { request_id: second } = await host.next('session.list');
    host.say({
      type: 'session.list',
      request_id: second,
      sessions: [{ session_id: 's1', title: 'T', busy: true }],
    });
    host.say({ type: 'session.message.sent', request_id: first, queued: true });
    expect(await listed).toEqual([{ sessionId: 's1', title: 'T', busy: true }]);
    expect(await sent).toEqual({ queued: true });

    const forked = ground.hosts.fork({ ...session, title: 'F' });
    const { request_id } = await host.next('session.fork');
    host.say({ type: 'session.error', request_id, error: 'no such session' });
    await expect(forked).rejects.toMatchObject({ code: 'opencode_failed', detail: 'no such session' });
  });

  it('BR-2: a request without answer ends in time', async () => {
    await using quick = await openHostsGround({ requestTimeoutMs: 200 });
    await quick.dial();
    await quick.hosts.whenConnected('laptop', 30_000);
    await expect(quick.hosts.release({ host: 'laptop', directory: '/work/a' })).rejects.toMatchObject({
      code: 'host_unavailable',
      detail: expect.stringContaining('0.2 s'),
    });
  });

  it('BR-2: bad JSON and unknown types are logged and answered, and the line stays', async () => {
    const host = await ground.dial();
    await host.next('welcome');
    host.say('{not json');
    expect(await host.next('error')).toMatchObject({ error: 'not JSON' });
    const before = host.heard.length;
    host.say({ type: 'no.such.thing', request_id: 'r1' });
    expect(await host.next('error', before)).toMatchObject({ request_id: 'r1' });
    expect(ground.lines.filter((line) => line.includes('hosts.frame.bad'))).toHaveLength(2);
    await ground.settled(host);
    expect(ground.hosts.isConnected('laptop')).toBe(true);
    expect(ground.lines.join('')).toContain('"latencyMs":7');
  });

  it('BR-2: a gap is asked for, and what comes again is told once', async () => {
    const host = await ground.dial();
    host.event(1, 's1', { kind: 'session.active' });
    host.event(3, 's1', { kind: 'session.idle' });
    expect(await host.next('resync.request')).toEqual({ type: 'resync.request', after: 1 });
    host.event(2, 's1', { kind: 'agent.milestone', text: 'M' });
    host.event(3, 's1', { kind: 'session.idle' });
    host.event(3, 's1', { kind: 'session.idle' });
    await ground.settled(host);
    expect(ground.events).toEqual([
      ['laptop', { sessionId: 's1', kind: 'active' }],
      ['laptop', { sessionId: 's1', kind: 'milestone', text: 'M' }],
      ['laptop', { sessionId: 's1', kind: 'idle' }],
    ]);
  });

  it('BR-4: the same OpenCode dialling again resumes and is not told as lost', async () => {
    const host = await ground.dial();
    host.event(1, 's1', { kind: 'session.active' });
    await ground.settled(host);
    const again = await ground.dial({ seq: 1 });
    expect(await again.next('welcome')).toMatchObject({ resume_from: 1 });
    expect(await host.closed()).toMatchObject({ code: closeCodes.replaced });
    expect(ground.changes).toEqual([['laptop', true]]);
  });

  it('BR-3: places ten starts at once over the hosts that have the directory', async () => {
    const [a, b] = [
      await ground.dial({ host: 'a', instance: 'a' }),
      await ground.dial({ host: 'b', instance: 'b' }),
    ];
    await Promise.all([a.next('welcome'), b.next('welcome')]);
    const starts = Array.from({ length: 10 }, (_, n) =>
      ground.hosts.createSession({ directory: `/work/${n}`, title: `T${n}` }),
    );
    await ground.settled(a);
    await ground.settled(b);
    for (const host of [a, b]) {
      const asked = host.heard.filter((frame) => frame.type === 'session.create');
      expect(asked).toHaveLength(5);
      for (const { request_id } of asked)
        host.say({ type: 'session.created', request_id, session_id: `s-${request_id}` });
    }
    const placed = await Promise.all(starts);
    expect(placed.filter(({ host }) => host === 'a')).toHaveLength(5);
    await expect(ground.hosts.createSession({ directory: '/elsewhere', title: 'T' })).rejects.toMatchObject({
      code: 'host_unavailable',
      detail: 'None has /elsewhere. Connected: a (/work); b (/work).',
    });
    await expect(
      ground.hosts.createSession({ directory: '/elsewhere', title: 'T', host: 'a' }),
    ).rejects.toMatchObject({ code: 'host_unavailable' });
  });

  it('BR-2: questions, permissions and messages pass in both directions', async () => {
    const host = await ground.dial();
    host.event(1, 's1', { kind: 'question.asked', question_id: 'q1', request: { a: 1 } });
    host.event(2, 's1', { kind: 'permission.asked', permission_id: 'p1', request: { b: 1 } });
    await ground.settled(host);
    expect(ground.events.map(([, event]) => event)).toEqual([
      { sessionId: 's1', kind: 'question', requestId: 'q1', request: { a: 1 } },
      { sessionId: 's1', kind: 'permission', requestId: 'p1', request: { b: 1 } },
    ]);
    const answered = ground.hosts.replyQuestion({ ...session, requestId: 'q1', answers: [['yes']] });
    const question = await host.next('question.reply');
    expect(question).toMatchObject({ question_id: 'q1', answers: [['yes']] });
    host.say({ type: 'question.replied', request_id: question.request_id });
    await answered;
    const denied = ground.hosts.replyPermission({
      ...session,
      requestId: 'p1',
      reply: 'reject',
      message: 'no',
    });
    const permission = await host.next('permission.reply');
    expect(permission).toMatchObject({ permission_id: 'p1', reply: 'reject', message: 'no' });
    host.say({ type: 'permission.replied', request_id: permission.request_id });
    await denied;
    const read = ground.hosts.messages({ ...session, limit: 5 });
    const { request_id } = await host.next('session.messages');
    const messages = [{ id: 'm', role: 'user', text: 'hi', at: 5 }];
    host.say({ type: 'session.messages', request_id, messages });
    expect(await read).toEqual(messages);
  });

  it('BR-3: a listener that throws stops nobody', async () => {
    ground.hosts.onEvent(() => {
      throw new Error('mine');
    });
    const later: HostEvent[] = [];
    using _listening = ground.hosts.onEvent((_, event) => later.push(event));
    const host = await ground.dial();
    host.event(1, 's1', { kind: 'session.active' });
    await ground.settled(host);
    expect(later).toHaveLength(1);
    expect(ground.lines.join('')).toContain('hosts.listener.failed');
  });
});
