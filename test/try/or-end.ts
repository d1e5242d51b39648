/** @returns what the work gives, or undefined when the signal comes first. */
export async function orEnd<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const ended = Promise.withResolvers<undefined>();
  const listener = () => ended.resolve(undefined);
  signal.addEventListener('abort', listener, { once: true });
  if (signal.aborted) listener();
  try {
    return await Promise.race([work, ended.promise]);
  } finally {
    signal.removeEventListener('abort', listener);
  }
}
