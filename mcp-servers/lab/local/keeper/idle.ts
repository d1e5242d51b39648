/** Whether anybody asks a lab (LAB-6): one that nobody asks sleeps. */
import { readFileSync } from 'node:fs';

/** The system remembers a connection that was closed for a minute: asks that come and go between two looks are seen. */
const rememberedMs = 120_000;
const listening = '0A';

export interface Idle {
  /** Our own asks are no use of it. @param localPort of the connection */
  readonly noteOwn: (localPort: number) => void;
  readonly isIdle: () => boolean;
}

/** @param idleMs null: never. Where there is no /proc/net (Linux has it), nothing is ever idle. */
export function createIdle(port: number, idleMs: number | null): Idle {
  const own = new Map<number, number>();
  let usedAt = performance.now();
  return {
    noteOwn(localPort) {
      if (idleMs === null) return;
      const now = performance.now();
      for (const [known, at] of own) if (at < now - rememberedMs) own.delete(known);
      own.set(localPort, now);
    },
    isIdle() {
      if (idleMs === null) return false;
      const others = connectionsOf(port)?.filter((other) => !own.has(other));
      const now = performance.now();
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
