import { describe, expect, it } from 'vitest';
import { hasPassed } from './passed.ts';

describe('whether time has passed', () => {
  it.each([
    ['not yet', 1000, 5999, false],
    ['now', 1000, 6000, true],
    ['asked for a moment before it began', 10_000, 9000, false],
    ['at a time that is still to come', 15_000, 10_000, false],
    ['since ever', -Infinity, 0, true],
    ['the clock was set back an hour', 3_600_000, 0, true],
  ])('OP-4: %s', (_, at, now, is) => {
    expect(hasPassed(at, 5000, now)).toBe(is);
  });
});
