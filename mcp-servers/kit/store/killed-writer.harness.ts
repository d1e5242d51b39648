import { z } from 'zod';
import { createSilentLog } from '../log.ts';
import { openStore } from './store.ts';

/** What the writer writes: `filler` makes a document long enough to be caught half-written. */
export const countersSpec = {
  name: 'counters',
  schema: z.object({ n: z.int(), filler: z.string() }),
  version: 1,
};
export const counterIds = ['T1:C1:1.1', 'T1:C1:2.2', 'T1:C2:3.3', 'T2:D1:'];

/**
 * Counts up in several documents until it is killed, each third time without waiting for the disk.
 * Prints `<id> <n>` once n is said to be on the disk.
 */
export async function writeUntilKilled(dir: string): Promise<never> {
  const store = await openStore({ dir, log: createSilentLog() });
  const counters = store.collection(countersSpec);
  const count = async (id: string): Promise<never> => {
    for (let round = 0; ; round += 1) {
      const durable = round % 3 !== 2;
      const filler = String(round).repeat(5_000);
      const next = await counters.update(id, (old) => ({ n: (old?.n ?? 0) + 1, filler }), { durable });
      if (durable) process.stdout.write(`${id} ${next?.n}\n`);
    }
  };
  return await Promise.race(counterIds.map(count));
}
