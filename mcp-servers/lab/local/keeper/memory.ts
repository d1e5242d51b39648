import { setTimeout as pause } from 'node:timers/promises';
import type { ProcessGroup } from '../../../kit/processes.ts';
import type { KeeperSpec } from '../spec.ts';

/**
 * Resident memory of all its processes together, looked at now and then. (A limit of address space is none of memory: node
 * alone reserves gigabytes.) What they share is counted once.
 * @returns bytes used, once that is more than it may
 */
export async function untilFull(
  { memoryMb, limits }: Pick<KeeperSpec, 'memoryMb' | 'limits'>,
  group: ProcessGroup,
  signal: AbortSignal,
): Promise<number> {
  const limit = memoryMb * 1024 * 1024;
  while (!signal.aborted) {
    await pause(limits.sampleMs, undefined, { signal }).catch(() => {});
    const bytes = signal.aborted ? 0 : group.memory(limit);
    if (bytes > limit) return bytes;
  }
  return await new Promise<never>(() => {});
}
