import { setTimeout as sleep } from 'node:timers/promises';
import { describeError, FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import type { Log } from '../../mcp-servers/kit/log.ts';
import { backoffMs } from './backoff.ts';

/** Something that runs until it exits by itself or is stopped. */
export interface Running {
  /** Resolves, never rejects, with why it ended. */
  readonly exited: Promise<string>;
  stop(): Promise<void>;
}

export interface SuperviseOptions<T extends Running> {
  /** Starts it and proves it good; throws otherwise, or soon after `giveUp`, leaving nothing behind. */
  readonly bringUp: (giveUp: AbortSignal) => Promise<T>;
  /** Gives up the first start. */
  readonly giveUp?: AbortSignal | undefined;
  readonly log: Log;
  readonly onDown?: ((reason: string) => void) | undefined;
  readonly onUp?: (() => void) | undefined;
  /** How long {@link Supervised.whenUp} waits through a restart. */
  readonly upWaitMs: number;
  /** Up for this long, the next crash starts again at the shortest delay. */
  readonly stableMs?: number;
  readonly now?: () => number;
  readonly delay?: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface Supervised<T> extends AsyncDisposable {
  readonly current: T | undefined;
  readonly restarts: number;
  readonly lastFailure: string | undefined;
  /** @throws FrontdeskError `opencode_failed` when it does not come up in time */
  whenUp(): Promise<T>;
  restart(reason: string): Promise<void>;
}

const pause = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }).catch(() => {});

/**
 * Runs one thing and starts it again after 1, 2, 4 … 30 s whenever it ends. The first start is not retried:
 * its error is the caller's.
 */
export async function supervise<T extends Running>(options: SuperviseOptions<T>): Promise<Supervised<T>> {
  const { bringUp, log, upWaitMs, stableMs = 60_000, now = Date.now, delay = pause } = options;
  const closing = new AbortController();
  let current: T | undefined = await bringUp(options.giveUp ?? closing.signal);
  let up = Promise.withResolvers<T>();
  let restarts = 0;
  let lastFailure: string | undefined;

  async function bringUpAgain(firstAttempt: number): Promise<{ next: T; attempt: number } | undefined> {
    for (let attempt = firstAttempt; ;) {
      await delay(backoffMs(attempt++), closing.signal);
      if (closing.signal.aborted) return undefined;
      try {
        return { next: await bringUp(closing.signal), attempt };
      } catch (error) {
        lastFailure = describeError(error);
        log.error({ error: lastFailure, attempt }, 'opencode.restart.failed');
      }
    }
  }
  async function watch(first: T): Promise<void> {
    let attempt = 0;
    for (let running = first; ;) {
      const since = now();
      lastFailure = await running.exited;
      if (closing.signal.aborted) return;
      current = undefined;
      log.error({ reason: lastFailure }, 'opencode.process.ended');
      options.onDown?.(lastFailure);
      const again = await bringUpAgain(now() - since >= stableMs ? 0 : attempt);
      if (!again) return;
      running = again.next;
      attempt = again.attempt;
      if (closing.signal.aborted) {
        await running.stop();
        return;
      }
      current = running;
      restarts += 1;
      log.info({ restarts }, 'opencode.process.restarted');
      up.resolve(running);
      up = Promise.withResolvers<T>();
      options.onUp?.();
    }
  }
  const watching = watch(current);

  return {
    get current() {
      return current;
    },
    get restarts() {
      return restarts;
    },
    get lastFailure() {
      return lastFailure;
    },
    async whenUp() {
      if (current) return current;
      const limit = new AbortController();
      const late = sleep(upWaitMs, undefined, {
        signal: AbortSignal.any([limit.signal, closing.signal]),
      }).catch(() => undefined);
      const next = await Promise.race([up.promise, late]);
      limit.abort();
      if (!next) throw new FrontdeskError('opencode_failed', lastFailure ?? 'It is not running.');
      return next;
    },
    async restart(reason) {
      log.warn({ reason }, 'opencode.process.restarting');
      await current?.stop();
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      const last = current;
      current = undefined;
      await last?.stop();
      await watching;
    },
  };
}
