import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { AuditEntry } from './threads/ports.ts';

/** Who did what, when, and what came of it (IN-11): one JSON line each, appended, never rewritten. */
export interface Audit extends AsyncDisposable {
  write(entry: AuditEntry): void;
}

/** @param redact applied to each line */
export function openAudit(file: string, redact: (line: string) => string): Audit {
  const stream = createWriteStream(file, { flags: 'a', mode: 0o600 });
  return {
    write(entry) {
      stream.write(redact(`${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`));
    },
    async [Symbol.asyncDispose]() {
      stream.end();
      await finished(stream);
    },
  };
}
