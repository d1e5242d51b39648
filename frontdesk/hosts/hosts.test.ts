import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { closeCodes, protocolVersion } from '../../agents/bridge/protocol.ts';
import { createLog } from '../../mcp-servers/kit/log.ts';
import type { HostEvent } from '../../mcp-servers/kit/work.ts';
import { dialAs, type FakeHostOptions } from './fake-host.harness.ts';
import { createHosts } from './hosts.ts';

const session = { host: 'laptop', sessionId: 's1', directory: '/work/a' };

describe('hosts', () => {
  let stack: AsyncDisposableStack;
  let url: string;
  let now: number;
  const lines: string[] = [];
  const log = createLog({
    level: 'debug',
    redact: (line) => line,
    destination: { write: (line) => void lines.push(line) },
  });
  let hosts: ReturnType<typeof createHosts>;
  let events: [string, HostEvent][];
  let changes: [string, boolean][];

  beforeEach(async () => {
    stack = new AsyncDisposableStack();
    now = 1_000;
    lines.length = 0;
    [events, changes] = [[], []];
    hosts = createHosts({
      tokens: [{ value: 'local-token', host: 'local' }, { value: 'shared' }],
      log,
      requestTimeoutMs: 200,
      now: () => now,
    });
    hosts.onEvent((host, event) => events.push([host, event]));
    hosts.onHost((host, connected) => changes.push([host, connected]));
    const server = createServer((_, response) => response.writeHead(404).end());
    stack.defer(() => void server.close());
    stack.use(hosts.attach(server));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => stack.disposeAsync());

  const dial = async (hello?: FakeHostOptions['hello'], token = 'shared') =>
    stack.use(await dialAs({ url, token, hello }));
  const welcomed = async () => {
    const host = await dial();
    await host.next('welcome');
    return host;
  };
  /** The service has handled everything the host sent before. */
  const settled = async (host: Awaited<ReturnType<typeof dial>>) => {
    const before = host.heard.length;
    host.say({ type: 'ping', at: 1, latency_ms: 7 });
    await host.next('pong', before);
  };

  it('BR-1: refuses a wrong token and another path before any frame', async () => {
    const refusal = async (path: string, token: string) => {
      const headers = { authorization: `Bearer ${token}` };
      const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, { headers });
      const [error] = (await once(socket, 'error').catch((error: unknown) => [error])) as [Error];
      return error.message;
    };
    expect(await refusal('/ws/bridge', 'wrong')).toContain('401');
    expect(await refusal('/ws/bridge', '')).toContain('401');
    expect(await refusal('/ws/other', 'shared')).toContain('404');
    expect(lines.join('')).toContain('hosts.token.refused');
  });

  it('BR-1: refuses an old protocol with words that help, told and logged', async () => {
    const host = await dial({ protocol: protocolVersion - 1 });
    expect((await host.next('refused')).reason).toContain('copy its agents/bridge/plugin.js');
    expect(await host.closed()).toMatchObject({
      code: closeCodes.refused,
      reason: expect.stringContaining('restart OpenCode'),
    });
    expect(lines.join('')).toContain('hosts.host.refused');
    expect(changes).toEqual([]);
  });

  it('BR-1: a token of one host opens no other name', async () => {
    const host = await dial({ host: 'laptop' }, 'local-token');
    expect((await host.next('refused')).reason).toBe('This token is for host local only.');
    expect(hosts.list()).toEqual([]);
  });

  it('BR-3: a host comes and goes; its requests in flight fail', async () => {
    const host = await welcomed();
    expect(hosts.list()).toEqual([{ host: 'laptop', busy: 0, local: false }]);
    const asked = hosts.abort(session);
    await host.next('session.abort');
    host.drop();
    await expect(asked).rejects.toMatchObject({ code: 'host_unavailable' });
    expect(changes).toEqual([
      ['laptop', true],
      ['laptop', false],
    ]);
    expect(hosts.isConnected('laptop')).toBe(false);
    await expect(hosts.abort(session)).rejects.toMatchObject({ code: 'host_unavailable' });
  });

  it('BR-2: requests by id: answers may come in any order, an error is the words of the host', async () => {
    const host = await welcomed();
    const sent = hosts.send({
      ...session,
      messageId: 'm1',
      text: 'hi',
      agent: 'builder',
      model: 'a/b',
    });
    const listed = hosts.sessions(session);
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

    const forked = hosts.fork({ ...session, title: 'F' });
    const { request_id } = await host.next('session.fork');
    host.say({ type: 'session.error', request_id, error: 'no such session' });
    await expect(forked).rejects.toMatchObject({ code: 'opencode_failed', detail: 'no such session' });
  });

  it('BR-2: a request without answer ends in time', async () => {
    await dial();
    await hosts.whenConnected('laptop', 1_000);
    await expect(hosts.release({ host: 'laptop', directory: '/work/a' })).rejects.toMatchObject({
      code: 'host_unavailable',
      detail: expect.stringContaining('0.2 s'),
    });
  });

  it('BR-2: bad JSON and unknown types are logged and answered, and the line stays', async () => {
    const host = await dial();
    await host.next('welcome');
    host.say('{not json');
    expect(await host.next('error')).toMatchObject({ error: 'not JSON' });
    const before = host.heard.length;
    host.say({ type: 'no.such.thing', request_id: 'r1' });
    expect(await host.next('error', before)).toMatchObject({ request_id: 'r1' });
    expect(lines.filter((line) => line.includes('hosts.frame.bad'))).toHaveLength(2);
    await settled(host);
    expect(hosts.isConnected('laptop')).toBe(true);
    expect(lines.join('')).toContain('"latencyMs":7');
  });

  it('BR-2: a gap is asked for, and what comes again is told once', async () => {
    const host = await dial();
    host.event(1, 's1', { kind: 'session.active' });
    host.event(3, 's1', { kind: 'session.idle' });
    expect(await host.next('resync.request')).toEqual({ type: 'resync.request', after: 1 });
    host.event(2, 's1', { kind: 'agent.milestone', text: 'M' });
    host.event(3, 's1', { kind: 'session.idle' });
    host.event(3, 's1', { kind: 'session.idle' });
    await settled(host);
    expect(events).toEqual([
      ['laptop', { sessionId: 's1', kind: 'active' }],
      ['laptop', { sessionId: 's1', kind: 'milestone', text: 'M' }],
      ['laptop', { sessionId: 's1', kind: 'idle' }],
    ]);
  });

  it('BR-4: the same OpenCode dialling again resumes and is not told as lost', async () => {
    const host = await dial();
    host.event(1, 's1', { kind: 'session.active' });
    await settled(host);
    const again = await dial({ seq: 1 });
    expect(await again.next('welcome')).toMatchObject({ resume_from: 1 });
    expect(await host.closed()).toMatchObject({ code: closeCodes.replaced });
    expect(changes).toEqual([['laptop', true]]);
  });

  it('BR-3: places ten starts at once over the hosts that have the directory', async () => {
    const [a, b] = [await dial({ host: 'a', instance: 'a' }), await dial({ host: 'b', instance: 'b' })];
    await Promise.all([a.next('welcome'), b.next('welcome')]);
    const starts = Array.from({ length: 10 }, (_, n) =>
      hosts.createSession({ directory: `/work/${n}`, title: `T${n}` }),
    );
    await settled(a);
    await settled(b);
    for (const host of [a, b]) {
      const asked = host.heard.filter((frame) => frame.type === 'session.create');
      expect(asked).toHaveLength(5);
      for (const { request_id } of asked)
        host.say({ type: 'session.created', request_id, session_id: `s-${request_id}` });
    }
    const placed = await Promise.all(starts);
    expect(placed.filter(({ host }) => host === 'a')).toHaveLength(5);
    await expect(hosts.createSession({ directory: '/elsewhere', title: 'T' })).rejects.toMatchObject({
      code: 'host_unavailable',
      detail: 'None has /elsewhere. Connected: a (/work); b (/work).',
    });
    await expect(
      hosts.createSession({ directory: '/elsewhere', title: 'T', host: 'a' }),
    ).rejects.toMatchObject({ code: 'host_unavailable' });
  });

  it('BR-2: questions, permissions and messages pass in both directions', async () => {
    const host = await dial();
    host.event(1, 's1', { kind: 'question.asked', question_id: 'q1', request: { a: 1 } });
    host.event(2, 's1', { kind: 'permission.asked', permission_id: 'p1', request: { b: 1 } });
    await settled(host);
    expect(events.map(([, event]) => event)).toEqual([
      { sessionId: 's1', kind: 'question', requestId: 'q1', request: { a: 1 } },
      { sessionId: 's1', kind: 'permission', requestId: 'p1', request: { b: 1 } },
    ]);
    const answered = hosts.replyQuestion({ ...session, requestId: 'q1', answers: [['yes']] });
    const question = await host.next('question.reply');
    expect(question).toMatchObject({ question_id: 'q1', answers: [['yes']] });
    host.say({ type: 'question.replied', request_id: question.request_id });
    await answered;
    const denied = hosts.replyPermission({
      ...session,
      requestId: 'p1',
      reply: 'reject',
      message: 'no',
    });
    const permission = await host.next('permission.reply');
    expect(permission).toMatchObject({ permission_id: 'p1', reply: 'reject', message: 'no' });
    host.say({ type: 'permission.replied', request_id: permission.request_id });
    await denied;
    const read = hosts.messages({ ...session, limit: 5 });
    const { request_id } = await host.next('session.messages');
    const messages = [{ id: 'm', role: 'user', text: 'hi', at: 5 }];
    host.say({ type: 'session.messages', request_id, messages });
    expect(await read).toEqual(messages);
  });

  it('WA-1: a snapshot tells who works, what waits and what was reached', async () => {
    const host = await welcomed();
    const asked = hosts.snapshot('laptop');
    const { request_id } = await host.next('host.snapshot');
    const shared = { session_id: 's1', directory: '/work/a' };
    host.say({
      type: 'host.snapshot',
      request_id,
      busy: [shared],
      waiting: [
        { kind: 'question.asked', ...shared, question_id: 'q1', request: { a: 1 } },
        { kind: 'permission.asked', ...shared, permission_id: 'p1', request: { b: 1 } },
      ],
      milestones: [{ id: 'c1', session_id: 's1', text: 'M', at: 5 }],
      todos: [{ session_id: 's1', done: 1, total: 2 }],
    });
    const { sessionId, directory } = session;
    expect(await asked).toEqual({
      busy: [{ sessionId, directory }],
      waiting: [
        { kind: 'question', sessionId, directory, requestId: 'q1', request: { a: 1 } },
        { kind: 'permission', sessionId, directory, requestId: 'p1', request: { b: 1 } },
      ],
      milestones: [{ id: 'c1', sessionId, text: 'M', at: 5 }],
      todos: [{ sessionId, done: 1, total: 2 }],
    });
  });

  it('AS-6: an ask that was answered elsewhere is told with its answer, a milestone with its call', async () => {
    const host = await welcomed();
    host.event(1, 's1', { kind: 'ask.ended', ask_id: 'q1', answer: [['A']] });
    host.event(2, 's1', { kind: 'ask.ended', ask_id: 'p1', answer: 'reject' });
    host.event(3, 's1', { kind: 'agent.milestone', text: 'M', call_id: 'c1' });
    await settled(host);
    expect(events.map(([, event]) => event)).toEqual([
      { sessionId: 's1', kind: 'askEnded', requestId: 'q1', answer: [['A']] },
      { sessionId: 's1', kind: 'askEnded', requestId: 'p1', answer: 'reject' },
      { sessionId: 's1', kind: 'milestone', text: 'M', id: 'c1' },
    ]);
  });

  it("WS-6: a person's own session: what it does is told, its write refused with a form, then it moves", async () => {
    const host = await welcomed();
    const held = {
      hold_id: 'c1',
      tool: 'write',
      what: 'a.ts',
      title: 'T',
      said: 'do it',
      model: 'a/b',
      typed_at: 5,
    };
    host.event(1, 's1', { kind: 'session.typed', title: 'T', at: 5 });
    host.event(2, 's1', { kind: 'write.held', ...held });
    host.event(3, 's1', { kind: 'write.dropped', hold_id: 'c1' });
    await settled(host);
    const { hold_id: holdId, typed_at: typedAt, ...rest } = held;
    expect(events.map(([, event]) => event.kind === 'exploring' && event.event)).toEqual([
      { kind: 'typed', title: 'T', at: 5 },
      { kind: 'held', holdId, typedAt, ...rest },
      { kind: 'dropped', holdId },
    ]);
    const form = [
      { question: 'Which?', header: 'W', options: [{ label: 'A', description: '' }], multiple: false },
    ];
    const released = hosts.releaseWrite({ ...session, holdId, refusal: { message: 'Ask.', form } });
    const release = await host.next('write.release');
    expect(release).toMatchObject({ hold_id: 'c1', decision: 'refuse', message: 'Ask.', form });
    host.say({ type: 'write.released', request_id: release.request_id, waited: true });
    await released;
    const moved = hosts.move({ ...session, to: '/work/.builders/x', title: 'New' });
    const move = await host.next('session.move');
    expect(move).toMatchObject({ session_id: 's1', to: '/work/.builders/x', title: 'New' });
    host.say({ type: 'session.moved', request_id: move.request_id });
    await moved;
    expect([
      hosts.serves('laptop', '/work/x'),
      hosts.serves('laptop', '/home'),
      hosts.serves('no', '/work'),
    ]).toEqual([true, false, false]);
  });

  it('BR-3: a listener that throws stops nobody', async () => {
    hosts.onEvent(() => {
      throw new Error('mine');
    });
    const later: HostEvent[] = [];
    using _listening = hosts.onEvent((_, event) => later.push(event));
    const host = await dial();
    host.event(1, 's1', { kind: 'session.active' });
    await settled(host);
    expect(later).toHaveLength(1);
    expect(lines.join('')).toContain('hosts.listener.failed');
  });
});
