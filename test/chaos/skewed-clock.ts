/**
 * The service's wall clock as the chaos tests set it: off by CHAOS_CLOCK ms, or by what it is told later. To be imported
 * before anything that takes `Date.now`.
 */
const real = Date.now;
let offMs = Number(process.env['CHAOS_CLOCK'] ?? 0);
Date.now = () => real() + offMs;

/** `clock <ms>` sets it. @returns false for any other message */
export function setClock(message: string): boolean {
  const [, ms] = /^clock (-?\d+)$/.exec(message) ?? [];
  if (ms === undefined) return false;
  offMs = Number(ms);
  return true;
}
