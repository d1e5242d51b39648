import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import type { Log } from '../log.ts';
import { type Collection, createCollection, type Tidy, type TidyMoment } from './collection.ts';
import type { DamagedFile } from './damaged.ts';
import { makeFolder } from './document-file.ts';
import { openLock } from './lock.ts';

export type { DamagedFile } from './damaged.ts';

interface CollectionSpec<T> {
  /** Its sub-folder: `[a-z][a-z0-9-]*`. */
  readonly name: string;
  /** Checks what is read and what is written. What it returns must be valid input to it, and survive JSON. */
  readonly schema: z.ZodType<T>;
  /** Version of the data, from 1. */
  readonly version: number;
  /** `migrations[n]` turns data of version n into data of version n + 1; needed for every n below `version`. */
  readonly migrations?: Readonly<Record<number, (old: unknown) => unknown>>;
  /** Documents kept in memory, default 1000. */
  readonly cache?: number;
  /** What `store.tidy()` leaves of a document; absent: all of it, for ever. */
  readonly tidy?: Tidy<T>;
}

export interface Store extends AsyncDisposable {
  /** Once per name. Resolves nothing yet: each document is read, and checked, when it is first asked for. */
  collection<T>(spec: CollectionSpec<T>): Collection<T>;
  /** Resolves when all that waits is on the disk. @throws what a write failed with */
  flush(): Promise<void>;
  /**
   * Forgets what is over, collection by collection, each document in one step: killed meanwhile, it is half done and does no harm.
   * @returns how many documents it changed or removed, by collection, without those with none
   * @throws what a write failed with; what was done before stays done
   */
  tidy(moment: TidyMoment, giveUp?: AbortSignal): Promise<Readonly<Record<string, number>>>;
}

/**
 * Opens the durable store: one small file a document in `<dir>/<collection>/<00…ff>/`, so that cost does not grow
 * with what is not touched. Disposing it writes what waits and gives the lock back.
 * @param o.onDamaged told of each file that could not be read and was moved to `<dir>/damaged/`
 * @throws FrontdeskError('state_locked') when another process writes this folder
 */
export async function openStore(o: {
  dir: string;
  log: Log;
  onDamaged?: (file: DamagedFile) => void;
}): Promise<Store> {
  const dir = path.resolve(o.dir);
  await makeFolder(path.join(dir, 'tmp'));
  const lock = await openLock({ dir, log: o.log });
  // Ours alone now: temporary files of a writer that was killed.
  await rm(path.join(dir, 'tmp'), { recursive: true, force: true });
  await makeFolder(path.join(dir, 'tmp'));
  const collections = new Map<string, Pick<ReturnType<typeof createCollection>, 'flush' | 'tidy'>>();

  const flush = async (): Promise<void> => {
    const results = await Promise.allSettled([...collections.values()].map((each) => each.flush()));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  };

  return {
    collection: (spec) => {
      const { name, version, migrations = {}, cache = 1000 } = spec;
      assertSpec(spec);
      if (collections.has(name)) throw new TypeError(`collection ${name} is open already`);
      const shape = { name, schema: spec.schema, version, migrations, cache, tidy: spec.tidy };
      const { onDamaged = () => {}, log } = o;
      const collection = createCollection({ ...shape, dir, log, onDamaged, assertHeld: lock.assertHeld });
      collections.set(name, collection);
      return collection;
    },
    flush,
    async tidy(moment, giveUp = new AbortController().signal) {
      const counts: Record<string, number> = {};
      for (const [name, each] of collections) {
        const count = await each.tidy(moment, giveUp);
        if (count > 0) counts[name] = count;
      }
      return counts;
    },
    [Symbol.asyncDispose]: async () => {
      try {
        await flush();
      } finally {
        await lock[Symbol.asyncDispose]();
      }
    },
  };
}

/** A forgotten migration would set every older document aside; it is found here, before one is read. */
function assertSpec<T>({ name, version, migrations = {} }: CollectionSpec<T>): void {
  if (!/^[a-z][a-z0-9-]*$/.test(name) || name === 'tmp' || name === 'damaged') {
    throw new TypeError(`"${name}" cannot be a collection's name`);
  }
  for (let from = 1; from < version; from += 1) {
    if (!migrations[from]) throw new TypeError(`collection ${name} lacks the migration from version ${from}`);
  }
}
