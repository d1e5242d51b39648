import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeError, FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import { findFreePort } from '../../mcp-servers/kit/free-port.ts';
import type { Log } from '../../mcp-servers/kit/log.ts';
import { removePidRecord, signalGroup, writePidRecord } from './pid-record.ts';

export interface LaunchOptions {
  readonly binary: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly directory: string;
  readonly pidFile: string;
  /** Default: one that is free. */
  readonly port?: number | undefined;
  readonly readyTimeoutMs: number;
  /** It is not wanted any more, though not ready yet. */
  readonly giveUp?: AbortSignal | undefined;
  readonly log: Log;
}

export interface OpenCodeProcess {
  readonly pid: number;
  /** Its loopback address, from its own ready line. */
  readonly url: string;
  /** Resolves with why it ended and its last lines. */
  readonly exited: Promise<string>;
  /** SIGTERM, then SIGKILL after `graceMs`, both to the whole group; returns when it is gone. */
  end(graceMs: number): Promise<void>;
}

/** How it ends, at once, on a port that another process took between our look and its bind (measured, 1.18.33). */
const portTaken = /\bServeError\b/;
const portTries = 4;

const readyLine = /opencode server listening on (http:\/\/127\.0\.0\.1:\d+)/;
const keptLines = 20;

/** Reads the child's lines into the log, keeps the last, and finds the ready line. */
function readLines(child: ChildProcess, log: Log) {
  const last: string[] = [];
  const ready = Promise.withResolvers<string>();
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on('line', (line) => {
      log.debug({ line }, 'opencode.process.said');
      last.push(line);
      if (last.length > keptLines) last.shift();
      const url = readyLine.exec(line)?.[1];
      if (url) ready.resolve(url);
    });
  }
  return { last, ready: ready.promise };
}

/**
 * Starts `opencode serve` as leader of its own process group and waits for its ready line. It is never polled: a
 * request that meets the bind hangs for ever, and on a taken port another server would answer (notes §1).
 * @throws FrontdeskError `opencode_failed`, with the child's last lines
 */
export async function launchOpenCode(options: LaunchOptions): Promise<OpenCodeProcess> {
  if (options.port !== undefined) return await launchOn(options.port, options);
  for (let left = portTries - 1; ; left -= 1) {
    // OpenCode's own `--port=0` prefers 4096, where another OpenCode may listen.
    const port = await findFreePort();
    try {
      return await launchOn(port, options);
    } catch (error) {
      if (left === 0 || !portTaken.test(describeError(error))) throw error;
      options.log.warn({ port }, 'opencode.port.taken');
    }
  }
}

async function launchOn(port: number, options: LaunchOptions): Promise<OpenCodeProcess> {
  const { log, pidFile } = options;
  const child = spawn(options.binary, ['serve', '--hostname=127.0.0.1', `--port=${port}`], {
    cwd: options.directory,
    env: { ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const spawned = await once(child, 'spawn').then(
    () => undefined,
    (error: unknown) => error,
  );
  const { pid } = child;
  if (spawned || pid === undefined) {
    throw new FrontdeskError('opencode_failed', `${options.binary} cannot be run.`, { cause: spawned });
  }
  writePidRecord(pidFile, pid);
  // However this process ends, if it can say a last word.
  const endWithUs = () => signalGroup(pid, 'SIGKILL');
  process.once('exit', endWithUs);
  const { last, ready } = readLines(child, log);
  let ended = false;
  const exited = new Promise<string>((resolve) => {
    child.once('close', (code, signal) => {
      ended = true;
      process.off('exit', endWithUs);
      removePidRecord(pidFile);
      resolve(`OpenCode ended (${signal ?? code}). ${last.slice(-5).join(' | ')}`.trim());
    });
  });
  // `close` waits for the pipes, which a child of OpenCode may hold: the group ends with its leader.
  child.once('exit', () => signalGroup(pid, 'SIGKILL'));

  const end = async (graceMs: number) => {
    if (ended) return;
    signalGroup(pid, 'SIGTERM');
    const grace = new AbortController();
    const late = sleep(graceMs, 'late', { signal: grace.signal }).catch(() => 'ended');
    if ((await Promise.race([exited, late])) === 'late') signalGroup(pid, 'SIGKILL');
    grace.abort();
    await exited;
  };

  const timeout = new AbortController();
  const late = sleep(options.readyTimeoutMs, undefined, { signal: timeout.signal }).catch(() => undefined);
  const onGiveUp = () => timeout.abort();
  options.giveUp?.addEventListener('abort', onGiveUp);
  if (options.giveUp?.aborted) onGiveUp();
  const url = await Promise.race([ready, exited.then(() => undefined), late]);
  options.giveUp?.removeEventListener('abort', onGiveUp);
  timeout.abort();
  if (url === undefined) {
    await end(1_000);
    throw new FrontdeskError('opencode_failed', `It did not get ready. ${last.join(' | ')}`);
  }
  return { pid, url, exited, end };
}
