/** Time, so that tests decide when it passes. */
export interface Clock {
  /** Milliseconds since the epoch, for what is stored and compared with Slack's own times. People and NTP set it. */
  readonly now: () => number;
  /** Milliseconds since some moment of this life, for waits: nobody sets it, so that no wait grows by an hour. */
  readonly steady: () => number;
  /** Calls `wake` once after `ms`, unless disposed before. */
  after(ms: number, wake: () => void): Disposable;
}

export const systemClock: Clock = {
  now: Date.now,
  steady: () => performance.now(),
  after(ms, wake) {
    const timer = setTimeout(wake, ms);
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
};
