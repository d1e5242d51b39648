import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Line } from './view.ts';

/** A conversation on a terminal, or its plain transcript in a pipe. */
export interface Terminal extends Disposable {
  /** True when somebody sits in front of it: progress is then shown, and typing is answered at once. */
  readonly interactive: boolean;
  print(lines: readonly Line[]): void;
  /** Something the try command itself says. */
  note(text: string): void;
  /** Asks for the next line; '' stops asking. */
  prompt(text: string): void;
  /** What is typed, line by line, until end of input, Ctrl-D or {@link Disposable}. */
  readonly typed: AsyncIterable<string>;
  /** Ctrl-C while typing. */
  onInterrupt(listener: () => void): void;
}

interface Output extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export function openTerminal(input: Readable & { isTTY?: boolean }, output: Output): Terminal {
  const interactive = input.isTTY === true && output.isTTY === true;
  const editor = createInterface({ input, output, terminal: interactive, prompt: '' });
  // Listening starts now, so that lines a pipe delivers before anybody asks are not lost.
  const lines = editor[Symbol.asyncIterator]();
  /** The key of the line right above the prompt; undefined when it cannot be replaced. */
  let lastKey: string | undefined;
  let prompting = false;
  editor.on('line', () => (lastKey = undefined));

  const write = (text: string, replace: boolean) => {
    if (!interactive) return void output.write(`${text}\n`);
    // Over the prompt, then the prompt and what is being typed again below it.
    const up = replace ? '\x1b[1A' : '';
    output.write(`\r${up}\x1b[J${text}\n`);
    if (prompting) editor.prompt(true);
  };

  return {
    interactive,
    typed: { [Symbol.asyncIterator]: () => lines },
    print(lines) {
      for (const { key, text, passing } of lines) {
        if (passing && !interactive) continue;
        const shown = passing ? clip(text, output.columns ?? 80) : text;
        write(paint(shown, interactive), passing && lastKey === key);
        lastKey = passing ? key : undefined;
      }
    },
    note(text) {
      lastKey = undefined;
      write(interactive ? `\x1b[2m${text}\x1b[0m` : text, false);
    },
    prompt(text) {
      if (!interactive) return;
      prompting = text !== '';
      if (!prompting) return;
      editor.setPrompt(`${text} > `);
      editor.prompt(true);
    },
    onInterrupt: (listener) => void editor.on('SIGINT', listener),
    [Symbol.dispose]: () => editor.close(),
  };
}

/** Replacing a line moves up by one row, so it must not wrap. Emoji take two columns: room is left for some. */
function clip(text: string, columns: number): string {
  const room = Math.max(columns - 6, 20);
  return text.length > room ? `${text.slice(0, room)}…` : text;
}

function paint(text: string, colours: boolean): string {
  if (!colours) return text;
  if (text.startsWith('\n──')) return `\x1b[1m${text}\x1b[0m`;
  return /^(~| {4}(…|\())/.test(text) ? `\x1b[2m${text}\x1b[0m` : text;
}
