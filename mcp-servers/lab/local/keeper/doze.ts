/** Idle sleep (LAB-6): an app that nobody asks is ended; its port is listened on in its place, and who asks wakes it. */
import { readFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** The system remembers a connection that was closed for a minute: asks that come and go between two looks are seen. */
const rememberedMs = 120_000;
const listening = '0A';
const togetherMs = 30;
/** An app that was told to end has left its port by then. */
const freeMs = 15_000;

export interface Idle {
  /** Our own asks are no use of it. @param localPort of the connection */
  readonly noteOwn: (localPort: number) => void;
  readonly isIdle: () => boolean;
}

/** @param idleMs null: never. Where there is no /proc/net (Linux has it), nothing is ever idle. */
export function createIdle(port: number, idleMs: number | null): Idle {
  const own = new Map<number, number>();
  let usedAt = Date.now();
  return {
    noteOwn(localPort) {
      if (idleMs === null) return;
      for (const [known, at] of own) if (at < Date.now() - rememberedMs) own.delete(known);
      own.set(localPort, Date.now());
    },
    isIdle() {
      if (idleMs === null) return false;
      const others = connectionsOf(port)?.filter((other) => !own.has(other));
      const now = Date.now();
      if (others === undefined || others.length > 0) usedAt = now;
      return now - usedAt > idleMs;
    },
  };
}

/** Ports at the other end of connections to this one, open or just closed; undefined: not known here. */
function connectionsOf(port: number): number[] | undefined {
  try {
    return ['tcp', 'tcp6'].flatMap((name) =>
      readFileSync(`/proc/net/${name}`, 'utf8')
        .split('\n')
        .slice(1)
        .flatMap((line) => {
          const [, local, remote, state] = line.trim().split(/\s+/);
          const ends = [local, remote].map((end) => Number.parseInt(end?.split(':')[1] ?? '', 16));
          return state !== listening && ends.includes(port) ? ends.filter((end) => end !== port) : [];
        }),
    );
  } catch {
    return undefined;
  }
}

/**
 * Begun while the app still ends: asks are held from the moment it has left its port.
 * @param onListening from here on, who asks is held
 * @returns whoever asked, to be passed on; nobody when it is stopped, or cannot listen
 */
export async function untilAsked(
  port: number,
  host: string,
  stop: AbortSignal,
  onListening: () => void,
): Promise<Socket[]> {
  const asked: Socket[] = [];
  const first = Promise.withResolvers<void>();
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    asked.push(socket.on('error', () => {}));
    first.resolve();
  });
  const listen = () => server.listen({ port, host: bare(host) });
  const last = Date.now() + freeMs;
  server.on('listening', onListening);
  server.on('error', () => {
    // The app is on its way out: the port is free when it is gone.
    if (stop.aborted || Date.now() > last) first.resolve();
    else setTimeout(() => (stop.aborted ? first.resolve() : listen()), 20);
  });
  stop.addEventListener('abort', () => first.resolve(), { once: true });
  listen();
  if (!stop.aborted) await first.promise;
  // A browser asks with several at once.
  await pause(togetherMs, undefined, { signal: stop }).catch(() => {});
  // The port is the app's from here on.
  server.close();
  return asked;
}

export function passOn(sockets: readonly Socket[], port: number, host: string): void {
  for (const socket of sockets) {
    const app = connect({ port, host: bare(host) });
    app.on('error', () => socket.destroy());
    socket.on('error', () => app.destroy());
    socket.pipe(app).pipe(socket);
  }
}

function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}
