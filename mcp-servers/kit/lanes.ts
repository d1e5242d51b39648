/** One task at a time per key, in order of arrival, also after one that failed; keys do not wait for each other. */
export interface Lanes {
  <T>(key: string, task: () => Promise<T>): Promise<T>;
  /** Whether something of the key runs or waits. */
  isBusy(key: string): boolean;
  /** Resolves when all that runs or waits now has ended, well or not. */
  settle(): Promise<void>;
}

export function createLanes(): Lanes {
  /** By key, the end of the last one; it never rejects. */
  const ends = new Map<string, Promise<unknown>>();
  const run = async <T>(key: string, task: () => Promise<T>): Promise<T> => {
    const mine = (ends.get(key) ?? Promise.resolve()).then(task);
    const end = mine.catch(() => {});
    ends.set(key, end);
    try {
      return await mine;
    } finally {
      if (ends.get(key) === end) ends.delete(key);
    }
  };
  return Object.assign(run, {
    isBusy: (key: string) => ends.has(key),
    async settle() {
      await Promise.all(ends.values());
    },
  });
}
