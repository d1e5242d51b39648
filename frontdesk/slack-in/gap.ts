import { setTimeout as sleep } from 'node:timers/promises';

/** Whether messages may have been missed, and the reading of them. */
export interface Gap extends Disposable {
  /** False from a gap until all that was missed has been taken. */
  readonly closed: boolean;
  /** There was a gap (the service was down, or without connection): reads what was missed. */
  read(): void;
}

/** Waits between tries, ms: Slack may be away for long, too. */
const againAfterMs = [5_000, 15_000, 30_000, 60_000];

export interface GapOptions {
  /** Reads what was missed, or soon gives up. @returns whether it has everything; must not throw */
  readonly attempt: (giveUp: AbortSignal) => Promise<boolean>;
  readonly delay?: (ms: number, signal: AbortSignal) => Promise<void>;
}

const pause = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }).catch(() => {});

/** Reads until it has everything; once more when there was another gap meanwhile. */
export function createGap({ attempt, delay = pause }: GapOptions): Gap {
  const ending = new AbortController();
  const { signal } = ending;
  let gaps = 0;
  let closedGaps = 0;
  let reading = false;

  const run = async () => {
    reading = true;
    for (let tries = 0; closedGaps < gaps && !signal.aborted;) {
      const upTo = gaps;
      if (await attempt(signal)) {
        closedGaps = upTo;
        tries = 0;
      } else {
        await delay(againAfterMs[tries] ?? 60_000, signal);
        tries += 1;
      }
    }
    reading = false;
  };

  return {
    get closed() {
      return gaps > 0 && closedGaps === gaps;
    },
    read() {
      gaps += 1;
      if (!reading) void run();
    },
    [Symbol.dispose]: () => ending.abort(),
  };
}
