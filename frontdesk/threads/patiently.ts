import { setTimeout as delay } from 'node:timers/promises';
import type { LiveTurn } from './live-turn.ts';

/** OpenCode restarts within 30 s at most; longer than this it is not coming back by itself. */
const patienceMs = 180_000;

/**
 * Calls OpenCode until it answers: it may be restarting. Gives up when the turn is stopped, or after three minutes, or at
 * once when no patience helps. By a clock that nobody sets: summer time is no reason to give up.
 */
export async function patiently<T>(
  live: Pick<LiveTurn, 'stopped'>,
  call: () => Promise<T>,
  isHopeless: (error: unknown) => boolean = () => false,
): Promise<T> {
  const giveUpAt = performance.now() + patienceMs;
  for (let waitMs = 100; ; waitMs = Math.min(waitMs * 2, 3000)) {
    try {
      return await call();
    } catch (error) {
      if (live.stopped || performance.now() > giveUpAt || isHopeless(error)) throw error;
      await delay(waitMs);
    }
  }
}
