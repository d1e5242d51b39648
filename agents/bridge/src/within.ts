/** @returns what it comes to; `instead` when that takes longer than `ms`, or fails */
export async function within<T>(ms: number, work: Promise<T>, instead: T): Promise<T> {
  const late = Promise.withResolvers<T>();
  const timer = setTimeout(() => late.resolve(instead), ms);
  const done = await Promise.race([work.catch(() => instead), late.promise]);
  clearTimeout(timer);
  return done;
}
