/** `firstMs`, doubled with each attempt (0, 1, 2 …) up to `maxMs`. */
export function backoffMs(attempt: number, firstMs = 1_000, maxMs = 30_000): number {
  return Math.min(firstMs * 2 ** Math.min(attempt, 30), maxMs);
}
