import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { runTry } from '../try/run.ts';

/** The service itself. */
const service: readonly [string, ...string[]] = [
  process.execPath,
  join(import.meta.dirname, '../../frontdesk/main.ts'),
  'start',
];

/** Runs the try command as in a pipe, on a state folder that goes with the test. @returns what it printed, and its exit code */
export async function pipeTry(
  lines: readonly string[],
  { command = service, stateDir = mkdtempSync(join(tmpdir(), 'try-pipe-')) } = {},
) {
  onTestFinished(() => rmSync(stateDir, { recursive: true, force: true, maxRetries: 5 }));
  const output = new PassThrough();
  const printed = output.toArray();
  const code = await runTry({
    env: process.env,
    input: Readable.from(lines.map((line) => `${line}\n`)),
    output,
    stateDir,
    signal: new AbortController().signal,
    command,
  });
  output.end();
  return { code, text: Buffer.concat((await printed) as Buffer[]).toString(), stateDir };
}
