/** The memory limit of a lab and of a test run: one rule. A lab's keeper runs this, too: it loads no packages. */
import { setTimeout as pause } from 'node:timers/promises';
import type { ProcessGroup } from './processes.ts';

const megabyte = 1024 * 1024;

export interface MemoryLimit {
  readonly memoryMb: number;
  /** Looked at this often. */
  readonly sampleMs: number;
}

/**
 * Resident memory of all its processes together, looked at now and then. (A limit of address space is none of memory: node
 * alone reserves gigabytes.) What they share is counted once. Linux only: elsewhere nothing is ever too much.
 * @returns bytes used, once that is more than it may; never once the signal is aborted
 */
export async function untilFull(
  group: Pick<ProcessGroup, 'memory'>,
  { memoryMb, sampleMs }: MemoryLimit,
  signal: AbortSignal,
): Promise<number> {
  const limit = memoryMb * megabyte;
  while (!signal.aborted) {
    await pause(sampleMs, undefined, { signal }).catch(() => {});
    const bytes = signal.aborted ? 0 : group.memory(limit);
    if (bytes > limit) return bytes;
  }
  return await new Promise<never>(() => {});
}

/** What was too much, as people read it. */
export function showFull(bytes: number, memoryMb: number): string {
  return `It used ${Math.round(bytes / megabyte)} MB of memory; its limit is ${memoryMb} MB.`;
}
