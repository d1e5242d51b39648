import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import type { Collection } from '../../mcp-servers/kit/store/collection.ts';
import { buildFileName } from '../../mcp-servers/kit/store/file-name.ts';
import { renderDocument } from '../../mcp-servers/kit/store/parse-document.ts';
import { openStore } from '../../mcp-servers/kit/store/store.ts';

const turns = 400;
const writesPerTurn = 5;

const threadSchema = z.object({ turns: z.int(), log: z.array(z.string()) });
type Thread = z.infer<typeof threadSchema>;
const name = 'threads';

export interface StoreBench {
  /** p95 of a turn's five durable writes, milliseconds, in a store of 10 threads. */
  readonly p95With10Ms: number;
  /** The same in a store of 10,000. */
  readonly p95With10000Ms: number;
  readonly ratio: number;
  /** For comparison: one file of the same size written and synced, nothing else. */
  readonly bareFsyncP50Ms: number;
  readonly bareFsyncP95Ms: number;
}

/**
 * What a turn's writes cost in a small and in a large store. Both are measured in turn with each other, so that
 * a busy disk is busy for both; threads are picked at random, so most of the 10,000 are not in memory.
 */
export async function benchStore(): Promise<StoreBench> {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'store-bench-'));
  try {
    await fill(path.join(dir, 'small'), 10);
    await fill(path.join(dir, 'large'), 10_000);
    await using small = await openStore({ dir: path.join(dir, 'small'), log: createSilentLog() });
    await using large = await openStore({ dir: path.join(dir, 'large'), log: createSilentLog() });
    const few = small.collection({ name, schema: threadSchema, version: 1 });
    const many = large.collection({ name, schema: threadSchema, version: 1 });
    const times: Record<'few' | 'many' | 'bare', number[]> = { few: [], many: [], bare: [] };
    for (let turn = 0; turn < turns; turn += 1) {
      const inFew = async () => times.few.push(await time(() => writeTurn(few, threadId(turn % 10))));
      const inMany = async () =>
        times.many.push(await time(() => writeTurn(many, threadId((turn * 7919) % 10_000))));
      // Neither always follows the other.
      for (const work of turn % 2 === 0 ? [inFew, inMany] : [inMany, inFew]) await work();
      times.bare.push(await time(() => writeBare(path.join(dir, 'bare'))));
    }
    const p95With10Ms = percentile(times.few, 95);
    const p95With10000Ms = percentile(times.many, 95);
    return {
      p95With10Ms,
      p95With10000Ms,
      ratio: p95With10000Ms / p95With10Ms,
      bareFsyncP50Ms: percentile(times.bare, 50),
      bareFsyncP95Ms: percentile(times.bare, 95),
    };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function threadId(index: number): string {
  return `T1:C${index % 17}:1700000000.${index}`;
}

function thread(id: string): Thread {
  return {
    turns: 0,
    log: Array.from({ length: 20 }, (_, line) => `${id} said line ${line} of what was said here`),
  };
}

/** Writes the documents as the store would, without waiting 10,000 times for the disk. */
async function fill(dir: string, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const id = threadId(index);
    const { shard, name: file } = buildFileName(id);
    await mkdir(path.join(dir, name, shard), { recursive: true });
    await writeFile(path.join(dir, name, shard, file), renderDocument(1, id, thread(id)));
  }
}

async function writeTurn(threads: Collection<Thread>, id: string): Promise<void> {
  for (let write = 0; write < writesPerTurn; write += 1) {
    await threads.update(id, (old = thread(id)) => ({ ...old, turns: old.turns + 1 }));
  }
}

async function writeBare(file: string): Promise<void> {
  const handle = await open(file, 'w');
  await handle.writeFile('x'.repeat(1_200));
  await handle.sync();
  await handle.close();
}

async function time(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN;
}
