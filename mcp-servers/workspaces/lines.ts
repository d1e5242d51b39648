/** One after the other for each key; different keys never wait for each other. */
export interface Lines {
  isBusy(key: string): boolean;
  /** Resolves when all that runs or waits now has ended. */
  settle(): Promise<void>;
  run<T>(key: string, work: () => Promise<T>): Promise<T>;
}

export function createLines(): Lines {
  const last = new Map<string, Promise<unknown>>();
  return {
    isBusy: (key) => last.has(key),
    async settle() {
      await Promise.allSettled(last.values());
    },
    async run(key, work) {
      const before = last.get(key) ?? Promise.resolve();
      const mine = before.then(work, work);
      last.set(key, mine);
      try {
        return await mine;
      } finally {
        if (last.get(key) === mine) last.delete(key);
      }
    },
  };
}
