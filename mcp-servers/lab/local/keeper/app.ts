import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { ProcessGroup } from '../../../kit/processes.ts';
import type { Ring } from '../ring.ts';
import type { Exit } from './causes.ts';

/** What an app that is gone has written is read for so long; something it started may hold its output open for ever. */
const drainMs = 200;

/** Starts a program as the leader of its own session; what it writes goes to the log. */
export function startApp(
  argv: readonly string[],
  o: {
    readonly cwd: string;
    readonly env: Readonly<Record<string, string>>;
    readonly ring: Ring;
    readonly group: ProcessGroup;
  },
): Promise<Exit> {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, {
    cwd: o.cwd,
    env: o.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (child.pid !== undefined) o.group.add(child.pid);
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => o.ring.write(chunk));
    stream.on('error', () => {});
  }
  return new Promise((resolve) => {
    child.on('error', ({ code, message }: NodeJS.ErrnoException) =>
      resolve({ code: null, signal: null, error: code ?? message }),
    );
    child.on('exit', (code, signal) => {
      const tell = () => resolve(readExit(code, signal));
      const late = setTimeout(tell, drainMs);
      child.on('close', () => {
        clearTimeout(late);
        tell();
      });
    });
  });
}

/** A shell tells of a signal by a number. */
function readExit(code: number | null, signal: NodeJS.Signals | null): Exit {
  const name = Object.entries(constants.signals).find(([, number]) => code === 128 + number)?.[0];
  return name === undefined ? { code, signal, error: null } : { code: null, signal: name, error: null };
}

/** As a person would type it. */
export function showCommand(argv: readonly string[]): string {
  const line = argv[0] === '/bin/sh' && argv[1] === '-c' ? (argv[2] ?? '') : argv.join(' ');
  return line
    .replace(/^exec /, '')
    .replace(/\s+/g, ' ')
    .slice(0, 200);
}
