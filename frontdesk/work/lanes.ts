/** One task at a time per key, in order of arrival; keys do not wait for each other. */
export type Lanes = <T>(key: string, task: () => Promise<T>) => Promise<T>;

export function createLanes(): Lanes {
  const ends = new Map<string, Promise<unknown>>();
  return async (key, task) => {
    const before = ends.get(key) ?? Promise.resolve();
    const mine = before.then(task, task);
    const end = mine.catch(() => {});
    ends.set(key, end);
    try {
      return await mine;
    } finally {
      if (ends.get(key) === end) ends.delete(key);
    }
  };
}
