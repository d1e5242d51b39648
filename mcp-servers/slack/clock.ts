/** Time, so that tests decide when it passes. */
export interface Clock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Calls `wake` once after `ms`, unless disposed before. */
  after(ms: number, wake: () => void): Disposable;
}

export const systemClock: Clock = {
  now: Date.now,
  after(ms, wake) {
    const timer = setTimeout(wake, ms);
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
};
