import type { Readable, Writable } from 'node:stream';
import { browserOpener, openInBrowser } from './browser.ts';
import { renderInvitation } from './status-view.ts';
import { type Terminal, openTerminal } from './terminal.ts';

/** What the person has before them: a conversation on the terminal, or the page with the terminal beside it. */
export interface Face extends Disposable {
  /** Only for a conversation; beside the page the terminal is not read. */
  readonly terminal?: Terminal;
  /** Aborted when the person, or whoever started us, wants an end. */
  readonly signal: AbortSignal;
  note(text: string): void;
}

export interface Ends {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly input: Readable & { isTTY?: boolean };
  readonly output: Writable & { isTTY?: boolean; columns?: number };
  readonly signal: AbortSignal;
}

export function openConversation({ input, output, signal }: Ends): Face {
  const terminal = openTerminal(input, output);
  const ending = new AbortController();
  // A terminal that is read line by line gets Ctrl-C as a key, not as a signal.
  terminal.onInterrupt(() => ending.abort());
  return {
    terminal,
    signal: AbortSignal.any([signal, ending.signal]),
    note: (text) => terminal.note(text),
    [Symbol.dispose]: () => terminal[Symbol.dispose](),
  };
}

export function besidePage({ output, signal }: Ends): Face {
  return { signal, note: (text) => void output.write(`${text}\n`), [Symbol.dispose]: () => {} };
}

/** Says where the page is, and opens it where there is a desktop. */
export function invite(face: Face, { env }: Ends, url: string): void {
  const opener = browserOpener(env);
  face.note(renderInvitation(url, opener !== undefined));
  if (opener !== undefined) openInBrowser(opener, `${url}/`);
}
