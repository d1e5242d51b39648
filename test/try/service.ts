import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type WriteStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { readableLogLine } from './log-lines.ts';

export interface ServiceOptions {
  /** Program and arguments, e.g. `[process.execPath, 'frontdesk/main.ts', 'start']`. */
  readonly command: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** Told when it ends without having been asked to, with its last log lines. */
  readonly onExit?: (how: string, lastLines: readonly string[]) => void;
  /** Told each line it logs. */
  readonly onLine?: (line: string) => void;
  /** How long it may take to get ready. Default 60 s: the first start warms caches. */
  readonly readyWithinMs?: number;
  /** How long it may take to end in peace. Default 10 s (OP-4). */
  readonly endWithinMs?: number;
}

/** The service as a child process, in a process group of its own. */
export interface Service extends AsyncDisposable {
  /** Resolves when it serves. @throws Error with its last log lines when it ends or takes too long instead */
  start(): Promise<void>;
  /** kill -9 of the service alone, as a crash would; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM, then SIGKILL of its group. @returns how it ended; `killed` is a defect of the service */
  stop(): Promise<'ended' | 'killed' | 'was not running'>;
  readonly pid: number | undefined;
  /** Whether it has no turn, no coding agent at work and nothing to send, by its own metrics; true when it shows none. */
  isIdle(): Promise<boolean>;
}

/** The line the service logs when it serves. */
const readyMark = /"msg":"frontdesk\.ready"/;
const keptLines = 30;

export function createService(options: ServiceOptions): Service {
  const log = createWriteStream(options.logFile, { flags: 'a' });
  const groups = new Set<number>();
  let child: ChildProcess | undefined;
  let url: string | undefined;

  const stop: Service['stop'] = async () => {
    const ending = child;
    child = undefined;
    const outcome = ending ? await end(ending, options.endWithinMs ?? 10_000) : 'was not running';
    // What a killed service left behind is in its group.
    for (const group of groups) signalGroup(group);
    groups.clear();
    return outcome;
  };

  return {
    get pid() {
      return child?.pid;
    },
    isIdle: () => isIdle(url),
    async start() {
      const [program, ...args] = options.command;
      const started = spawn(program, args, {
        env: options.env,
        stdio: ['ignore', 'pipe', 'pipe'],
        // Its own group: Ctrl-C in the terminal reaches only us, and all of it can be ended at once.
        detached: true,
      });
      child = started;
      if (started.pid) groups.add(started.pid);
      const tail: string[] = [];
      const ready = Promise.withResolvers<void>();
      // Nobody listens any more once it was ready.
      ready.promise.catch(() => {});
      follow(started, log, (line) => {
        options.onLine?.(line);
        tail.push(readableLogLine(line));
        if (tail.length > keptLines) tail.shift();
        if (!readyMark.test(line)) return;
        url = /"url":"(http:[^"]+)"/.exec(line)?.[1];
        ready.resolve();
      });
      const fail = (how: string) => {
        ready.reject(new Error([`The service ${how}. Its last log lines:`, ...tail].join('\n  ')));
      };
      started.once('error', (error) => fail(`could not be started: ${error.message}`));
      let wasReady = false;
      // close, not exit: the last lines have then been read.
      started.once('close', (code, signal) => {
        const how = `ended ${signal ? `by ${signal}` : `with code ${code}`}`;
        fail(how);
        if (child !== started) return;
        child = undefined;
        if (wasReady) options.onExit?.(how, tail);
      });
      const withinMs = options.readyWithinMs ?? 60_000;
      const timer = setTimeout(() => fail(`was not ready within ${withinMs / 1_000} s`), withinMs);
      try {
        await ready.promise;
        wasReady = true;
      } finally {
        clearTimeout(timer);
      }
    },
    async kill() {
      const killed = child;
      child = undefined;
      if (!killed || killed.exitCode !== null || killed.signalCode !== null) return;
      const gone = once(killed, 'exit');
      killed.kill('SIGKILL');
      await gone;
    },
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      await new Promise<void>((resolve) => log.end(resolve));
    },
  };
}

async function isIdle(url: string | undefined): Promise<boolean> {
  if (url === undefined) return true;
  try {
    const res = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(2_000) });
    return !/^(outbox_depth|turns_running|work_busy|sessions_running) [1-9]/m.test(await res.text());
  } catch {
    // Being started or gone: whoever waits asks again, or sees that it does not run.
    return false;
  }
}

function follow(child: ChildProcess, log: WriteStream, onLine: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on('line', (line) => {
      log.write(`${line}\n`);
      onLine(line);
    });
  }
}

async function end(child: ChildProcess, withinMs: number): Promise<'ended' | 'killed'> {
  if (child.exitCode !== null || child.signalCode !== null) return 'ended';
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  let outcome: 'ended' | 'killed' = 'ended';
  const timer = setTimeout(() => {
    outcome = 'killed';
    if (child.pid) signalGroup(child.pid);
  }, withinMs);
  await gone;
  clearTimeout(timer);
  return outcome;
}

function signalGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left in it, which is what is wanted.
  }
}
