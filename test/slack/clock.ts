/**
 * Time as the server sees it. Slack's minutes (retries after 1 and 5 min, a stream's 5 min, a response_url's
 * 30 min, a status's 2 min) are divided by `scale`; the 3 s deadlines and the rate limits stay real, because
 * they measure the app and not Slack.
 */
export interface ClockOptions {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Slack's minutes pass this many times faster. 1 is real time. */
  scale: number;
}

export interface Clock {
  now(): number;
  /** Real milliseconds that `slackMs` take. */
  real(slackMs: number): number;
  /** A message id: unique and growing, `seconds.micros`. */
  nextTs(): string;
  /** Runs `action` after `slackMs` of Slack's time unless cancelled or stopped before. */
  after(slackMs: number, action: () => void): () => void;
  /** Runs `action` after `ms` real milliseconds unless cancelled or stopped before. */
  afterReal(ms: number, action: () => void): () => void;
  stop(): void;
}

/** @returns a clock whose timers all end with `stop()`. */
export function createClock(options: ClockOptions): Clock {
  const timers = new Set<NodeJS.Timeout>();
  let lastMicros = 0;
  const afterReal = (ms: number, action: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      action();
    }, ms);
    timers.add(timer);
    return () => {
      clearTimeout(timer);
      timers.delete(timer);
    };
  };
  return {
    now: () => options.now(),
    real: (slackMs) => slackMs / options.scale,
    nextTs() {
      lastMicros = Math.max(lastMicros + 1, Math.floor(options.now() * 1000));
      const micros = String(lastMicros % 1_000_000).padStart(6, '0');
      return `${Math.floor(lastMicros / 1_000_000)}.${micros}`;
    },
    after: (slackMs, action) => afterReal(slackMs / options.scale, action),
    afterReal,
    stop() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}
