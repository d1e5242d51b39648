import { appendFile, stat, truncate } from 'node:fs/promises';
import { describeError } from '../mcp-servers/kit/errors.ts';
import type { Log } from '../mcp-servers/kit/log.ts';
import type { AuditEntry } from './threads/ports.ts';

/** Who did what, when, and what came of it (IN-11): one JSON line each, appended, never rewritten. */
export interface Audit extends AsyncDisposable {
  write(entry: AuditEntry): void;
}

export interface AuditOptions {
  /** Applied to each line. */
  readonly redact: (line: string) => string;
  readonly log: Log;
  /** After a write that failed; default 5 s. */
  readonly retryMs?: number;
}

/** Lines that are kept while the disk is full; the oldest are lost before the service is. */
const mostWaiting = 10_000;

/** Never throws: what cannot be written (the disk is full) is told in the log, kept, and tried again. */
export function openAudit(file: string, { redact, log, retryMs = 5000 }: AuditOptions): Audit {
  let waiting: string[] = [];
  let writing: Promise<void> | undefined;
  let retry: NodeJS.Timeout | undefined;

  const flush = async (): Promise<void> => {
    while (waiting.length > 0) {
      const lines = waiting;
      waiting = [];
      try {
        await append(file, lines.join(''));
      } catch (error) {
        waiting = [...lines, ...waiting].slice(-mostWaiting);
        log.error({ err: describeError(error), lines: waiting.length }, 'audit.write.failed');
        retry ??= setTimeout(start, retryMs).unref();
        return;
      }
    }
  };
  const start = (): void => {
    clearTimeout(retry);
    retry = undefined;
    writing ??= flush().finally(() => (writing = undefined));
  };

  return {
    write(entry) {
      waiting.push(redact(`${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`));
      // While it is known to fail, lines wait for the next try.
      if (retry === undefined) start();
    },
    async [Symbol.asyncDispose]() {
      await writing;
      start();
      await writing;
      clearTimeout(retry);
    },
  };
}

/** Whole, or not at all: a line of which a full disk took half would spoil the next one. */
async function append(file: string, text: string): Promise<void> {
  const before = await stat(file).then(
    ({ size }) => size,
    () => 0,
  );
  try {
    await appendFile(file, text, { mode: 0o600 });
  } catch (error) {
    await truncate(file, before).catch(() => {});
    throw error;
  }
}
