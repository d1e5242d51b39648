/** A program in a terminal of its own, as a person sits before it. Linux: `script` of util-linux makes the terminal. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Terminal extends AsyncDisposable {
  /** Keys as a terminal sends them: `\r` for Enter. */
  readonly type: (keys: string) => void;
  /** Waits until it has shown the words. @throws with all it showed */
  readonly shows: (words: string) => Promise<void>;
}

const patienceMs = 120_000;
const columns = 120;

/** Control sequences: titles and replies up to their end mark, then colours and movements. */
// oxlint-disable-next-line no-control-regex
const strings = /\u001B[\]P_][^\u0007\u001B]*(\u0007|\u001B\\)/g;
// oxlint-disable-next-line no-control-regex
const sequences = /\u001B(\[[0-9;?<>=:$ ]*[@-~]|[()].|[=>78])/g;

/** What was drawn, in the order it was drawn in: a program that redraws only what changed leaves pieces. */
function readable(drawn: string): string {
  return drawn.replaceAll(strings, '').replaceAll(sequences, ' ').replaceAll(/ +/g, ' ');
}

/** @param command with its arguments; seen by a shell only as `"$@"` */
export function openTerminal(
  command: readonly [string, ...string[]],
  o: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Terminal {
  const quoted = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  const child = spawn('script', ['-qfec', `stty cols ${columns} rows 40; exec ${quoted}`, '/dev/null'], {
    cwd: o.cwd,
    env: { PATH: process.env['PATH'] ?? '', TERM: 'xterm-256color', ...o.env },
    // It says that it was ended.
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const gone = once(child, 'close');
  let drawn = '';
  let wake = () => {};
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    drawn += piece;
    wake();
  });
  child.once('close', () => wake());
  // Keys for a program that is gone are nobody's.
  child.stdin.on('error', () => {});
  return {
    type: (keys) => void child.stdin.write(keys),
    async shows(words) {
      const late = AbortSignal.timeout(patienceMs);
      late.addEventListener('abort', () => wake());
      while (!readable(drawn).includes(words)) {
        if (late.aborted || child.exitCode !== null)
          throw new Error(`the terminal does not show “${words}”:\n${readable(drawn)}`);
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    async [Symbol.asyncDispose]() {
      child.kill();
      await gone;
    },
  };
}
