/** Both, or nothing. */
type Start<T extends AsyncDisposable | null> = (giveUp: AbortSignal) => Promise<T>;

/**
 * Starts both at once. When one fails, the other is given up, or stopped if it had started.
 * @throws whatever failed first, when nothing of either runs any more
 */
export async function startTogether<A extends AsyncDisposable | null, B extends AsyncDisposable | null>(
  first: Start<A>,
  second: Start<B>,
): Promise<readonly [A, B]> {
  await using started = new AsyncDisposableStack();
  const failed = new AbortController();
  const begin = async <T extends AsyncDisposable | null>(start: Start<T>): Promise<T> => {
    try {
      return started.use(await start(failed.signal));
    } catch (error) {
      failed.abort(error);
      throw error;
    }
  };
  const both = [begin(first), begin(second)] as const;
  await Promise.allSettled(both);
  failed.signal.throwIfAborted();
  started.move();
  return await Promise.all(both);
}
