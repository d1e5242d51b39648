import { appendFile, readdir, rename, stat, truncate } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { describeError } from '../mcp-servers/kit/errors.ts';
import type { Log } from '../mcp-servers/kit/log.ts';
import type { AuditEntry } from './threads/ports.ts';

/**
 * Who did what, when, and what came of it (IN-11): one JSON line each, appended, never rewritten. A full file is put aside as
 * `audit.0001.jsonl`, the next one as `audit.0002.jsonl`, and so on; none of them is ever removed.
 */
export interface Audit extends AsyncDisposable {
  write(entry: AuditEntry): void;
}

export interface AuditOptions {
  /** Applied to each line. */
  readonly redact: (line: string) => string;
  readonly log: Log;
  /** After a write that failed; default 5 s. */
  readonly retryMs?: number;
  /** Size at which a file is put aside, bytes; default 16 MB, some hundred thousand lines. */
  readonly fullBytes?: number;
}

const defaultFullBytes = 16 * 1024 * 1024;

/** Lines that are kept while the disk is full; the oldest are lost before the service is. */
const mostWaiting = 10_000;

/** Never throws: what cannot be written (the disk is full) is told in the log, kept, and tried again. */
export function openAudit(file: string, options: AuditOptions): Audit {
  const { redact, log, retryMs = 5000, fullBytes = defaultFullBytes } = options;
  let waiting: string[] = [];
  let writing: Promise<void> | undefined;
  let retry: NodeJS.Timeout | undefined;

  // It grows on rather than that a line is lost.
  const tellUnmoved = (error: unknown) => log.error({ err: describeError(error) }, 'audit.aside.failed');

  const flush = async (): Promise<void> => {
    while (waiting.length > 0) {
      const lines = waiting;
      waiting = [];
      try {
        if ((await sizeOf(file)) >= fullBytes) await putAside(file).catch(tellUnmoved);
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
  const before = await sizeOf(file);
  try {
    await appendFile(file, text, { mode: 0o600 });
  } catch (error) {
    await truncate(file, before).catch(() => {});
    throw error;
  }
}

/** Under the number after the last. */
async function putAside(file: string): Promise<void> {
  const { dir, name, ext } = parse(file);
  const numbers = (await readdir(dir))
    .filter((other) => other.startsWith(`${name}.`) && other.endsWith(ext))
    .map((other) => Number(other.slice(name.length + 1, -ext.length)))
    .filter(Number.isInteger);
  const next = String(Math.max(0, ...numbers) + 1).padStart(4, '0');
  await rename(file, join(dir, `${name}.${next}${ext}`));
}

async function sizeOf(file: string): Promise<number> {
  return await stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}
