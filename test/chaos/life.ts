import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Kill, renderKill } from './kill.ts';

export interface LifeOptions {
  readonly env: Readonly<Record<string, string>>;
  /** Appended to: one log for all lives. */
  readonly logFile: string;
  /** Kills itself there, also while it starts. */
  readonly kill?: Kill | undefined;
  /** How far its wall clock is off, ms. */
  readonly clockOffMs?: number;
}

/** One process of the service, from its start to its death. */
export interface Life {
  readonly pid: number;
  /** True once it serves, false when it died before. */
  readonly ready: Promise<boolean>;
  /** Resolves with how it ended, e.g. `SIGKILL` or `code 0`, once its output is read. */
  readonly ended: Promise<string>;
  readonly alive: boolean;
  /** undefined: it is to live. */
  arm(kill: Kill | undefined): void;
  /** Its wall clock is off by so many milliseconds from now on. */
  setClock(offMs: number): void;
  killNow(): Promise<void>;
  /** SIGTERM. @returns how long it took, ms. @throws when it takes more than 10 s (OP-4), or fails */
  stop(): Promise<number>;
  /** Turns and starts running, and posts not sent; by its own metrics. */
  isIdle(): Promise<boolean>;
}

const program = join(import.meta.dirname, 'main.ts');
const stopWithinMs = 10_000;
const readyLine = /"msg":"frontdesk\.ready"/;

export function startLife({ env, logFile, kill, clockOffMs = 0 }: LifeOptions): Life {
  const child = spawn(process.execPath, [program], {
    env: { ...env, CHAOS_CLOCK: String(clockOffMs), ...(kill ? { CHAOS_KILL: renderKill(kill) } : {}) },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const ready = Promise.withResolvers<boolean>();
  let url: string | undefined;
  let ended: string | undefined;
  follow(child, logFile, (line) => {
    if (!readyLine.test(line)) return;
    url = /"url":"(http:[^"]+)"/.exec(line)?.[1];
    ready.resolve(true);
  });
  const gone = once(child, 'close').then(([code, signal]) => {
    ended = typeof signal === 'string' ? signal : `code ${String(code)}`;
    ready.resolve(false);
    return ended;
  });

  return {
    pid: child.pid ?? 0,
    ready: ready.promise,
    ended: gone,
    get alive() {
      return ended === undefined;
    },
    arm(kill) {
      // It may be dying already: then there is nobody to tell.
      if (child.connected) child.send(kill === undefined ? 'never' : renderKill(kill), () => {});
    },
    setClock(offMs) {
      if (child.connected) child.send(`clock ${offMs}`, () => {});
    },
    async killNow() {
      child.kill('SIGKILL');
      await gone;
    },
    async stop() {
      const startedAt = performance.now();
      child.kill('SIGTERM');
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        child.kill('SIGKILL');
      }, stopWithinMs);
      const how = await gone;
      clearTimeout(timer);
      const ms = Math.round(performance.now() - startedAt);
      // By itself, at a point it was armed for, it may die while it stops.
      if (late || (how !== 'code 0' && how !== 'SIGKILL'))
        throw new Error(`SIGTERM: ended by ${how} after ${ms} ms`);
      return ms;
    },
    async isIdle() {
      if (url === undefined) return false;
      try {
        const response = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(2_000) });
        return !/^(outbox_depth|turns_running|work_busy) [1-9]/m.test(await response.text());
      } catch {
        return false; // Dying: whoever waits asks again.
      }
    },
  };
}

function follow(child: ChildProcess, logFile: string, onLine: (line: string) => void): void {
  const log = createWriteStream(logFile, { flags: 'a' });
  log.write(`--- life ${child.pid}\n`);
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on('line', (line) => {
      log.write(`${line}\n`);
      onLine(line);
    });
  }
  child.once('close', () => log.end());
}
