/** What listens on a lab's port once it has slept (LAB-6): holds who asks while the app is away, and passes on to it. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export interface FrontLimits {
  /** So many wait at once; more are told to come again. */
  readonly held: number;
  /** So long each. */
  readonly heldMs: number;
}

export interface Front extends Disposable {
  /** Resolves when somebody waits; also when it is closed. */
  readonly asked: Promise<void>;
  /** From here on, to the app; who waits goes first. @param host as in a URL */
  pass(port: number, host: string): void;
  /** From here on, who asks waits. */
  hold(): void;
  /** Gives the port back and keeps who waits, for an app that listens on this very port. */
  giveBack(): Promise<void>;
}

const defaultLimits: FrontLimits = { held: 100, heldMs: 60_000 };

/** A browser asks with several at once. */
const togetherMs = 30;
/** An app that was told to end has left its port by then. */
const freeMs = 15_000;
const againMs = 20;

const later = 'The lab is being started again; ask again in a moment.\n';
const busy = `HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain\r\nretry-after: 2\r\nconnection: close\r\ncontent-length: ${later.length}\r\n\r\n${later}`;

/**
 * Opens it as soon as the app has left the port; it may still be on its way out.
 * @param host as in a URL. @returns undefined when the port does not become free, or it is not wanted any more
 */
export async function openFront(
  port: number,
  host: string,
  stop: AbortSignal,
  limits: FrontLimits = defaultLimits,
): Promise<Front | undefined> {
  const waiting = new Map<Socket, NodeJS.Timeout>();
  const open = new Set<Socket>();
  let app: { readonly port: number; readonly host: string } | undefined;
  let first = Promise.withResolvers<void>();

  const tellLater = (socket: Socket) => {
    clearTimeout(waiting.get(socket));
    waiting.delete(socket);
    // What it sent is read, else the answer would be lost with it.
    socket.resume().end(busy, () => socket.destroySoon());
  };
  const wait = (socket: Socket) => {
    if (waiting.size >= limits.held) return tellLater(socket);
    waiting.set(
      socket,
      setTimeout(() => tellLater(socket), limits.heldMs),
    );
    first.resolve();
  };
  const take = (socket: Socket) => {
    clearTimeout(waiting.get(socket));
    waiting.delete(socket);
    if (app === undefined) return wait(socket);
    const to = connect({ ...app, noDelay: true, allowHalfOpen: true });
    let isThere = false;
    to.once('connect', () => {
      isThere = true;
      open.add(to);
      socket.pipe(to).pipe(socket);
    });
    to.on('error', () => {
      // Gone just now: nothing of what was asked has been read yet.
      if (!isThere && !socket.destroyed) wait(socket);
    });
    to.on('close', () => {
      open.delete(to);
      if (isThere) socket.destroySoon();
    });
    socket.on('close', () => to.destroy());
  };

  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true, noDelay: true }, (socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
    take(socket);
  });
  server.on('error', () => {});
  const last = performance.now() + freeMs;
  for (;;) {
    if (stop.aborted || performance.now() > last) return undefined;
    server.listen({ port, host: bare(host) });
    const isListening = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (isListening) break;
    await pause(againMs);
  }
  const close = () => {
    server.close();
    for (const socket of waiting.keys()) tellLater(socket);
    first.resolve();
  };
  stop.addEventListener('abort', close, { once: true });
  if (stop.aborted) close();

  return {
    get asked() {
      return first.promise;
    },
    pass(appPort, appHost) {
      app = { port: appPort, host: bare(appHost) };
      for (const socket of waiting.keys()) take(socket);
      first = Promise.withResolvers();
    },
    hold() {
      app = undefined;
    },
    async giveBack() {
      await pause(togetherMs);
      server.close();
    },
    [Symbol.dispose]() {
      stop.removeEventListener('abort', close);
      close();
      if (app !== undefined) for (const socket of open) socket.destroy();
    },
  };
}

/** An address as `listen` and `connect` take it. @param host as in a URL */
export function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}
