/** A keeper as a process: its spec is the first line of its input. Without one (the service was killed first) it ends. */
import { createInterface } from 'node:readline';
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import type { KeeperSpec } from '../spec.ts';
import { keep } from './keep.ts';

const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => stop.abort());

const input = createInterface({ input: process.stdin });
let running: Promise<void> | undefined;
input.once('line', (line) => {
  // Written by the service that started this very file.
  const spec = JSON.parse(line) as KeeperSpec;
  input.once('close', () => {
    if (spec.endWithService) stop.abort();
  });
  running = keep(spec, stop.signal)
    .catch((error: unknown) => {
      appendFileSync(
        path.join(spec.place, 'keeper.err'),
        `${error instanceof Error ? error.stack : String(error)}\n`,
      );
      process.exitCode = 1;
    })
    // The pipe may be open still.
    .finally(() => process.exit());
});
input.once('close', () => {
  if (running === undefined) process.exit();
});
