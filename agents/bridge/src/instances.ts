import type { Api } from './api.ts';

/** Directory instances of this OpenCode: who uses one, and which may be ended (notes/opencode.md §2: OpenCode never does). */
export interface Instances {
  /** OpenCode made the directory's instance. */
  opened(directory: string): void;
  closed(directory: string): void;
  /** Something happened in it. */
  touch(directory: string): void;
  /** Runs with the instance held: it is not ended meanwhile, and one that is being ended is waited for. */
  hold<T>(directory: string, work: () => Promise<T>): Promise<T>;
  /** Reads in an instance as it is: none is made for it, and it is as long unused as before. @returns undefined: there is none */
  look<T>(directory: string, read: () => Promise<T>): Promise<T | undefined>;
  /** Those with an instance where something happened in the last `ms`. */
  touchedWithin(ms: number): string[];
  /** Ends it unless something works or waits in it. @returns whether it was ended */
  release(directory: string): Promise<boolean>;
  /** Ends what was idle for longer than `idleMs`. */
  sweep(idleMs: number): Promise<void>;
  /** Reading through another one spares the 30 MB and the second that making it costs. */
  has(directory: string): boolean;
  all(): string[];
}

interface Instance {
  /** OpenCode has made it; until then somebody only asked for something in it. */
  made: boolean;
  users: number;
  looks: Set<Promise<unknown>>;
  touchedAt: number;
  ending: Promise<boolean> | undefined;
}

/** A prompt is accepted before its session is busy; so long after the last use an instance counts as used. */
const settleMs = 2_000;

export interface InstancesOptions {
  readonly api: () => Api;
  /** Where OpenCode was started: every request without a directory would make it again. */
  readonly home: string;
  readonly now: () => number;
}

export function createInstances({ api, home, now }: InstancesOptions): Instances {
  const known = new Map<string, Instance>();
  const get = (directory: string): Instance => {
    const instance = known.get(directory) ?? {
      made: false,
      users: 0,
      looks: new Set<Promise<unknown>>(),
      touchedAt: now(),
      ending: undefined,
    };
    known.set(directory, instance);
    return instance;
  };

  async function end(directory: string, instance: Instance): Promise<boolean> {
    await Promise.allSettled(instance.looks);
    const lists = await Promise.all([
      api().busy(directory),
      api().questions(directory),
      api().permissions(directory),
    ]);
    if (instance.users > 0 || lists.some(({ length }) => length > 0)) return false;
    await api().disposeInstance(directory);
    known.delete(directory);
    return true;
  }

  async function release(directory: string): Promise<boolean> {
    const instance = known.get(directory);
    if (!instance?.made || directory === home) return false;
    if (instance.ending) return instance.ending;
    if (instance.users > 0 || now() - instance.touchedAt < settleMs) return false;
    instance.ending = end(directory, instance).finally(() => (instance.ending = undefined));
    return instance.ending;
  }

  return {
    opened(directory) {
      const instance = get(directory);
      instance.made = true;
      instance.touchedAt = now();
    },
    closed: (directory) => void known.delete(directory),
    touch: (directory) => {
      const instance = known.get(directory);
      if (instance) instance.touchedAt = now();
    },
    async hold(directory, work) {
      await known.get(directory)?.ending?.catch(() => false);
      const instance = get(directory);
      instance.users += 1;
      try {
        return await work();
      } finally {
        instance.users -= 1;
        instance.touchedAt = now();
        if (!instance.made && instance.users === 0) known.delete(directory);
      }
    },
    async look(directory, read) {
      await known.get(directory)?.ending?.catch(() => false);
      const instance = known.get(directory);
      if (!instance?.made) return undefined;
      const reading = read();
      instance.looks.add(reading);
      try {
        return await reading;
      } finally {
        instance.looks.delete(reading);
      }
    },
    touchedWithin: (ms) =>
      [...known].filter(([, { made, touchedAt }]) => made && now() - touchedAt <= ms).map(([dir]) => dir),
    release,
    has: (directory) => known.get(directory)?.made === true,
    async sweep(idleMs) {
      const idle = [...known].filter(([, { touchedAt }]) => now() - touchedAt > idleMs);
      for (const [directory] of idle) await release(directory);
    },
    all: () => [...known].filter(([, { made }]) => made).map(([directory]) => directory),
  };
}
