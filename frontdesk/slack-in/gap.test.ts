import { describe, expect, it } from 'vitest';
import { createGap } from './gap.ts';

describe('a gap', () => {
  it('IN-5: stays open until everything was read, however often that fails', async () => {
    const waits: number[] = [];
    const outcomes = [false, false, true];
    const done = Promise.withResolvers<void>();
    using gap = createGap({
      attempt: async () => {
        const outcome = outcomes.shift() ?? true;
        if (outcome) queueMicrotask(() => queueMicrotask(done.resolve));
        return outcome;
      },
      delay: async (ms) => void waits.push(ms),
    });
    expect(gap.closed).toBe(false);
    gap.read();
    expect(gap.closed).toBe(false);
    await done.promise;
    expect(gap.closed).toBe(true);
    expect(waits).toEqual([5_000, 15_000]);
  });

  it('IN-5: is read once more when there was another one meanwhile', async () => {
    const attempts: PromiseWithResolvers<boolean>[] = [];
    const next = () => {
      const attempt = Promise.withResolvers<boolean>();
      attempts.push(attempt);
      return attempt.promise;
    };
    using gap = createGap({ attempt: next });
    gap.read();
    gap.read();
    attempts[0]?.resolve(true);
    await attempts[0]?.promise;
    await Promise.resolve();
    expect(attempts).toHaveLength(2);
    expect(gap.closed).toBe(false);
    attempts[1]?.resolve(true);
    await attempts[1]?.promise;
    await Promise.resolve();
    expect(gap.closed).toBe(true);
  });
});
