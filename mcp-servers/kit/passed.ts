/** No wait that is counted by the wall clock in memory is off by so much, unless somebody sets the clock. */
const setBackMs = 60_000;

/**
 * Whether so many milliseconds have passed since a moment. A clock that was set back would have everybody wait for it to come
 * round again: then they have.
 * @param at Unix ms, of this life
 * @param now Unix ms
 */
export function hasPassed(at: number, ms: number, now: number): boolean {
  return now - at >= ms || at - now > setBackMs;
}
