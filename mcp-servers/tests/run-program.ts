/** Runs one program with limits, and ends all of it: its group, and whatever left that but descends from it or carries our mark. */
import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { type MemoryLimit, untilFull } from '../kit/memory-limit.ts';
import { createProcessGroup, type ProcessGroup } from '../kit/processes.ts';
import type { Ending } from './judge.ts';
import { createLineReader } from './line-reader.ts';

/** In the environment of each test run, and so of all that it starts. */
const testVariable = 'FRONTDESK_TEST_RUN';

export interface ProgramOptions {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  /** All of it; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Value of {@link testVariable}. */
  readonly mark: string;
  readonly limitMs: number;
  readonly memory: MemoryLimit;
  readonly signal: AbortSignal;
  /** From asking it to end until ending it; default 1 s: the end of the service waits for it, too (OP-4). */
  readonly graceMs?: number;
  readonly onLine: (line: string, from: 'stdout' | 'stderr') => void;
}

/** What a program that is gone has written is read for so long. */
const drainMs = 1000;

const notRun: Ending = {
  exitCode: null,
  signal: null,
  absent: false,
  timedOut: false,
  cancelled: false,
  fullBytes: null,
};

/** All of a run: its group, what descends from it, and whatever carries its mark. */
export function runGroup(mark: string): ProcessGroup {
  return createProcessGroup(`${testVariable}=${mark}`);
}

/** Never rejects for what the program does. Resolves when nothing of it runs any more. */
export async function runProgram(options: ProgramOptions): Promise<Ending> {
  const { argv, cwd, mark, limitMs, memory, signal, graceMs = 1000, onLine } = options;
  const [program, ...args] = argv;
  if (signal.aborted) return { ...notRun, cancelled: true };
  const child = spawn(program, args, {
    cwd,
    env: { ...options.env, [testVariable]: mark },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that all of it can be ended at once.
    detached: true,
  });
  const group = runGroup(mark);
  if (child.pid !== undefined) group.add(child.pid);
  /** Why it is ended before its own end: the first reason counts. */
  let why: Partial<Ending> | undefined;
  const endFor = (reason: Partial<Ending>, grace: number): void => {
    why ??= reason;
    // What this does not end, the last look below does.
    group.end(grace).catch(() => {});
  };
  const over = new AbortController();
  const cancel = (): void => endFor({ cancelled: true }, graceMs);
  signal.addEventListener('abort', cancel, { once: true });
  const late = setTimeout(() => endFor({ timedOut: true }, graceMs), limitMs);
  // No grace: it would go on filling the memory.
  untilFull(group, memory, over.signal).then(
    (fullBytes) => endFor({ fullBytes }, 0),
    () => {},
  );
  const outputs = (['stdout', 'stderr'] as const).map((from) => {
    const reader = createLineReader((line) => onLine(line, from));
    child[from].on('data', (chunk: Buffer) => reader.push(chunk));
    // A reader that breaks must not take the service with it.
    child[from].on('error', () => {});
    return { reader, closed: new Promise<void>((resolve) => child[from].once('close', resolve)) };
  });

  const ended = await new Promise<Pick<Ending, 'exitCode' | 'signal' | 'absent'>>((resolve) => {
    child.once('error', () => resolve({ exitCode: null, signal: null, absent: true }));
    child.once('exit', (exitCode, name) => resolve({ exitCode, signal: name, absent: false }));
  });
  signal.removeEventListener('abort', cancel);
  clearTimeout(late);
  over.abort();
  // What it left behind would hold its output open, and run for ever.
  await group.end(0);
  if (child.pid !== undefined) {
    // Something that nobody can know to be of it may hold it open still.
    await Promise.race([Promise.all(outputs.map(({ closed }) => closed)), pause(drainMs)]);
    for (const stream of [child.stdout, child.stderr]) stream.destroy();
  }
  for (const { reader } of outputs) reader.end();
  return { ...notRun, ...ended, ...why };
}
