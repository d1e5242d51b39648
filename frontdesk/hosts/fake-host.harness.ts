/** A host made by hand, for tests: says what it is told to, and keeps what it hears. */
import { once } from 'node:events';
import { type RawData, WebSocket } from 'ws';
import { type FromService, type Hello, protocolVersion } from '../../agents/bridge/protocol.ts';

export interface FakeHostOptions {
  readonly url: string;
  readonly token: string;
  readonly hello?: Partial<Hello> | undefined;
}

export async function dialAs({ url, token, hello }: FakeHostOptions) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws/bridge`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const heard: FromService[] = [];
  let wake = Promise.withResolvers<void>();
  let closed: { code: number; reason: string } | undefined;
  const stir = () => {
    wake.resolve();
    wake = Promise.withResolvers<void>();
  };
  socket.on('message', (data: RawData) => {
    heard.push(JSON.parse((data as Buffer).toString()) as FromService);
    stir();
  });
  socket.on('close', (code, reason) => {
    closed = { code, reason: reason.toString() };
    stir();
  });
  await once(socket, 'open');
  const say = (frame: unknown) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  async function until<T>(what: string, look: () => T | undefined): Promise<T> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => late.reject(new Error(`no ${what}; heard ${JSON.stringify(heard)}`)),
      30_000,
    );
    try {
      for (;;) {
        const found = look();
        if (found !== undefined) return found;
        await Promise.race([wake.promise, late.promise]);
      }
    } finally {
      clearTimeout(timer);
    }
  }
  say({
    type: 'hello',
    protocol: protocolVersion,
    host: 'laptop',
    opencode: '1.18.33',
    instance: 'i1',
    roots: ['/work'],
    seq: 0,
    ...hello,
  });
  return {
    heard,
    say,
    event: (seq: number, sessionId: string, event: object) =>
      say({ type: 'event', seq, at: 1, event: { session_id: sessionId, directory: '/work/a', ...event } }),
    next: <T extends FromService['type']>(type: T, after = 0) =>
      until(type, () =>
        heard.slice(after).find((f): f is Extract<FromService, { type: T }> => f.type === type),
      ),
    closed: () => until('close', () => closed),
    drop: () => socket.terminate(),
    async [Symbol.asyncDispose]() {
      socket.terminate();
    },
  };
}
