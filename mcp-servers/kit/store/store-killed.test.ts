import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSilentLog } from '../log.ts';
import { counterIds, countersSpec } from './killed-writer.harness.ts';
import { type DamagedFile, openStore } from './store.ts';

const log = createSilentLog();
let dir: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'store-killed-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(dir, { recursive: true, force: true });
});

function startWriter(): ChildProcess {
  const harness = new URL('./killed-writer.harness.ts', import.meta.url).href;
  const program = `const { writeUntilKilled } = await import(${JSON.stringify(harness)}); await writeUntilKilled(${JSON.stringify(dir)});`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  return child;
}

/** Kills the writer at its `kill`th acknowledgement; @returns the last acknowledged number of each document. */
async function runUntilKilled(kill: number): Promise<Map<string, number>> {
  const child = startWriter();
  const acknowledged = new Map<string, number>();
  let lines = 0;
  if (!child.stdout) throw new Error('the writer has no output');
  for await (const line of createInterface({ input: child.stdout })) {
    const [, id = '', n = ''] = /^(.*) (\d+)$/.exec(line) ?? [];
    acknowledged.set(id, Number(n));
    lines += 1;
    if (lines === kill) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  return acknowledged;
}

describe('store after kill -9', () => {
  it('OP-4: no acknowledged update is lost, no document unreadable, the lock is taken over at once', async () => {
    for (const kill of [1, 7, 20, 33, 50, 81]) {
      const acknowledged = await runUntilKilled(kill);
      expect(acknowledged.size).toBeGreaterThan(0);
      const damaged: DamagedFile[] = [];
      await using store = await openStore({ dir, log, onDamaged: (file) => damaged.push(file) });
      const counters = store.collection(countersSpec);
      for (const id of counterIds) {
        expect((await counters.get(id))?.n ?? 0).toBeGreaterThanOrEqual(acknowledged.get(id) ?? 0);
      }
      expect(damaged).toEqual([]);
      expect(await readdir(path.join(dir, 'tmp'))).toEqual([]);
    }
  });

  it('OP-4: a writer that lives keeps its folder; its pid and host are named', async () => {
    const child = startWriter();
    if (!child.stdout) throw new Error('the writer has no output');
    await once(child.stdout, 'data');
    await expect(openStore({ dir, log })).rejects.toThrow(
      `process ${child.pid} on this host (${os.hostname()})`,
    );
  });
});
