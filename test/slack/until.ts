import { renderTranscript } from './render/transcript.ts';
import type { World } from './store/world.ts';

/** Predicates that look at the app are asked this often, since its changes are not told here. */
const lookAgainMs = 50;

/**
 * Waits for a condition.
 * @throws after `timeoutMs` with `what` and every transcript, or what the predicate throws
 */
export function waitUntil<T>(
  world: World,
  predicate: () => T | undefined | false,
  what: string,
  timeoutMs = 120_000,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    let scheduled = false;
    const finish = (settle: () => void) => {
      unwatch();
      clearInterval(again);
      clearTimeout(deadline);
      settle();
    };
    const look = () => {
      scheduled = false;
      try {
        const value = predicate();
        if (value !== undefined && value !== false) finish(() => resolve(value));
      } catch (error) {
        finish(() => reject(error));
      }
    };
    const unwatch = world.changes.watch(() => {
      if (scheduled) return;
      scheduled = true;
      queueMicrotask(look);
    });
    const again = setInterval(look, lookAgainMs);
    const deadline = setTimeout(() => {
      const seen = [...world.channels.keys()].map((channel) => renderTranscript(world, channel)).join('\n');
      finish(() => reject(new Error(`waited ${timeoutMs} ms in vain for ${what}. In Slack:\n${seen}`)));
    }, timeoutMs);
    look();
  });
}
