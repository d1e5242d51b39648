/** Runs one program with a limit, and ends all of it: its group, and whatever left that but carries our mark. */
import { spawn } from 'node:child_process';
import { endMarked } from '../kit/marked-processes.ts';
import type { Ending } from './judge.ts';
import { createLineReader } from './line-reader.ts';

/** In the environment of each test run, and so of all that it starts. */
export const testVariable = 'FRONTDESK_TEST_RUN';

export interface ProgramOptions {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  /** All of it; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Value of {@link testVariable}. */
  readonly mark: string;
  readonly limitMs: number;
  readonly signal: AbortSignal;
  /** From asking it to end until ending it; default 1 s: the end of the service waits for it, too (OP-4). */
  readonly graceMs?: number;
  readonly onLine: (line: string, from: 'stdout' | 'stderr') => void;
}

/** Never rejects for what the program does. Resolves when nothing of it runs any more. */
export async function runProgram(options: ProgramOptions): Promise<Ending> {
  const { argv, cwd, mark, limitMs, signal, graceMs = 1000, onLine } = options;
  const [program, ...args] = argv;
  if (signal.aborted)
    return { exitCode: null, signal: null, absent: false, timedOut: false, cancelled: true };
  let timedOut = false;
  let cancelled = false;
  const child = spawn(program, args, {
    cwd,
    env: { ...options.env, [testVariable]: mark },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that all of it can be ended at once.
    detached: true,
  });
  const signalGroup = (name: NodeJS.Signals): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, name);
    } catch {
      // Gone already.
    }
  };
  const timers: NodeJS.Timeout[] = [];
  const end = (): void => {
    signalGroup('SIGTERM');
    timers.push(setTimeout(() => signalGroup('SIGKILL'), graceMs));
  };
  const cancel = (): void => {
    cancelled = !timedOut;
    end();
  };
  signal.addEventListener('abort', cancel, { once: true });
  timers.push(
    setTimeout(() => {
      timedOut = !cancelled;
      end();
    }, limitMs),
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
  for (const timer of timers) clearTimeout(timer);
  // What it left behind would hold its output open, and run for ever.
  signalGroup('SIGKILL');
  await endMarked(testVariable, mark);
  if (child.pid !== undefined) await Promise.all(outputs.map(({ closed }) => closed));
  for (const { reader } of outputs) reader.end();
  return { ...ended, timedOut, cancelled };
}
