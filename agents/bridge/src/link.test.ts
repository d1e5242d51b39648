import { afterEach, describe, expect, it } from 'vitest';
import { type BridgeEvent, protocolVersion } from '../protocol.ts';
import { backoffMs, createLink, type Link, type Socket } from './link.ts';
import { createRing } from './ring.ts';

type Listener = (event: never) => void;

/** A socket whose other end is the test. */
function fakeSocket() {
  const listeners = new Map<string, Listener[]>();
  const sent: Record<string, unknown>[] = [];
  const emit = (type: string, event: unknown = {}) => {
    for (const listener of listeners.get(type) ?? []) listener(event as never);
  };
  const socket = {
    readyState: 0,
    bufferedAmount: 0,
    send: (data: string) => void sent.push(JSON.parse(data) as Record<string, unknown>),
    close: () => (socket.readyState = 3),
    addEventListener: (type: string, listener: Listener) =>
      void listeners.set(type, [...(listeners.get(type) ?? []), listener]),
  };
  return {
    socket: socket as Socket & { bufferedAmount: number },
    sent,
    seqs: () => sent.filter(({ type }) => type === 'event').map(({ seq }) => seq),
    open() {
      socket.readyState = 1;
      emit('open');
    },
    say: (frame: unknown) =>
      emit('message', { data: typeof frame === 'string' ? frame : JSON.stringify(frame) }),
    drop(code = 1006, reason = '') {
      socket.readyState = 3;
      emit('close', { code, reason });
    },
  };
}

const milestone = (text: string): BridgeEvent => ({
  kind: 'agent.milestone',
  session_id: 's',
  directory: '/w',
  text,
});
/** Lets everything that only waits for promises happen. */
const settle = () => new Promise<void>((resolve) => void setImmediate(resolve));

describe('the line to the service', () => {
  let link: Link | undefined;
  afterEach(() => link?.close());

  function setUp(ringLimit = 100) {
    const sockets: ReturnType<typeof fakeSocket>[] = [];
    const said: string[] = [];
    const backoffs: number[] = [];
    let dialled = Promise.withResolvers<ReturnType<typeof fakeSocket>>();
    const ring = createRing(() => 0, { events: ringLimit, size: 1_000_000 });
    let refuseDial = 0;
    link = createLink({
      dial: () => {
        if (refuseDial-- > 0) throw new Error('no network');
        const own = fakeSocket();
        sockets.push(own);
        dialled.resolve(own);
        dialled = Promise.withResolvers();
        return own.socket;
      },
      hello: async () => ({ host: 'h', instance: 'i', opencode: '1', roots: ['/w'] }),
      ring,
      run: async ({ request_id }) => ({ type: 'session.aborted', request_id }),
      snapshot: async () => ({ busy: [{ session_id: 's', directory: '/w' }], waiting: [] }),
      say: (level, message) => void said.push(`${level} ${message}`),
      steady: () => 0,
      backoffMs: (attempt) => {
        backoffs.push(attempt);
        return 1;
      },
    });
    const push = (...texts: string[]) => {
      for (const text of texts) ring.push(milestone(text));
      link?.pump();
    };
    const welcome = async (own: ReturnType<typeof fakeSocket>, resume_from: number | null) => {
      own.open();
      await settle();
      own.say({ type: 'welcome', protocol: protocolVersion, resume_from });
      await settle();
    };
    const first = sockets[0] as ReturnType<typeof fakeSocket>;
    const next = () => dialled.promise;
    return {
      first,
      sockets,
      said,
      backoffs,
      push,
      welcome,
      next,
      ring,
      failDials: (n: number) => (refuseDial = n),
    };
  }

  it('BR-1: says hello when the line opens, and nothing before the welcome', async () => {
    const { first, push, welcome } = setUp();
    push('early');
    first.open();
    await settle();
    expect(first.sent).toMatchObject([{ type: 'hello', protocol: protocolVersion, host: 'h', seq: 1 }]);
    await welcome(first, 0);
    expect(first.seqs()).toEqual([1]);
  });

  it('BR-2: to a service that knows nothing it tells what no line carried, then how things stand', async () => {
    const { first, push, welcome } = setUp();
    push('a');
    await welcome(first, null);
    expect(first.sent.slice(-2)).toMatchObject([
      { type: 'event', seq: 1 },
      { type: 'resync', seq: 1, busy: [{ session_id: 's' }] },
    ]);
    push('b');
    expect(first.seqs()).toEqual([1, 2]);
  });

  it('BR-2: after a lost line the gap is replayed', async () => {
    const { first, push, welcome, next } = setUp();
    await welcome(first, 0);
    push('a', 'b');
    const second = next();
    first.drop();
    push('c', 'd');
    const line = await second;
    await welcome(line, 1);
    expect(line.seqs()).toEqual([2, 3, 4]);
    expect(line.sent.some(({ type }) => type === 'resync')).toBe(false);
  });

  it('BR-2: a gap that the ring has forgotten is told as it stands', async () => {
    const { first, push, welcome, next } = setUp(2);
    await welcome(first, 0);
    const second = next();
    first.drop();
    push('a', 'b', 'c', 'd');
    const line = await second;
    await welcome(line, 0);
    expect(line.sent.at(-1)).toMatchObject({ type: 'resync', seq: 4 });
    push('e');
    expect(line.seqs()).toEqual([5]);
  });

  it('BR-2: what the service missed is sent again when it asks', async () => {
    const { first, push, welcome } = setUp();
    await welcome(first, 0);
    push('a', 'b', 'c');
    first.say({ type: 'resync.request', after: 1 });
    expect(first.seqs()).toEqual([1, 2, 3, 2, 3]);
  });

  it('BR-1: a full line leaves events in the ring', async () => {
    const { first, push, welcome } = setUp();
    await welcome(first, 0);
    first.socket.bufferedAmount = 2_000_000;
    push('a');
    expect(first.seqs()).toEqual([]);
    first.socket.bufferedAmount = 0;
    push('b');
    expect(first.seqs()).toEqual([1, 2]);
  });

  it('BR-1: dials again for ever, at growing intervals, from the start after a success', async () => {
    const { first, backoffs, welcome, next, failDials } = setUp();
    failDials(2);
    let line = next();
    first.drop();
    const second = await line;
    line = next();
    second.drop();
    const third = await line;
    expect(backoffs).toEqual([0, 1, 2, 3]);
    await welcome(third, null);
    line = next();
    third.drop();
    await line;
    expect(backoffs).toEqual([0, 1, 2, 3, 0]);
  });

  it('BR-1: refused, it says why and dials at the slowest pace', async () => {
    const { first, backoffs, said, next } = setUp();
    const line = next();
    first.open();
    first.say({ type: 'refused', reason: 'copy plugin.js' });
    first.drop(4400, 'copy plugin.js');
    await line;
    expect(said).toContain('error refused: copy plugin.js');
    expect(backoffs).toEqual([30]);
  });

  it('BR-2: answers commands; what it cannot read is answered too, and the line stays', async () => {
    const { first, welcome, said } = setUp();
    await welcome(first, 0);
    first.say({ type: 'session.abort', request_id: 'r1', directory: '/w', session_id: 's' });
    first.say('nonsense');
    first.say({ type: 'session.explode', request_id: 'r2' });
    await settle();
    expect(first.sent).toContainEqual({ type: 'session.aborted', request_id: 'r1' });
    expect(first.sent).toContainEqual({ type: 'error', error: 'not JSON' });
    expect(first.sent).toContainEqual(expect.objectContaining({ type: 'session.error', request_id: 'r2' }));
    expect(said.filter((line) => line.startsWith('warn bad frame'))).toHaveLength(2);
    first.say({ type: 'pong', at: 0 });
    expect(said.at(-1)).toBe('debug latency 0 ms');
  });

  it('BR-1: waits 1, 2, 4 … 30 s', () => {
    expect([0, 1, 2, 3, 4, 5, 50].map(backoffMs)).toEqual([1e3, 2e3, 4e3, 8e3, 16e3, 30e3, 30e3]);
  });
});
