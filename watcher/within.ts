/**
 * Whether it is less than so many milliseconds ago. A moment still to come is long past: the clock was set back since.
 * @param from Unix ms, as is `now`
 */
export function isWithin(from: number, ms: number, now: number): boolean {
  return now >= from && now - from < ms;
}
