import { describe, expect, it } from 'vitest';
import { decideTurnWatch, type TurnSigns } from './turn-watch.ts';

const limits = { remindAfterMs: 180_000, stalledAfterMs: 900_000, turnLimitMs: 3_600_000, turnSteps: 100 };
const signs = (given: Partial<TurnSigns>): TurnSigns => ({
  now: 0,
  startedAt: 0,
  lastEventAt: 0,
  steps: 1,
  told: 'nothing',
  ...given,
});

describe('a turn that is long or silent', () => {
  it.each([
    [179_999, 'nothing', 'none'],
    [180_000, 'nothing', 'remind'],
    [180_001, 'reminder', 'none'],
    [900_000, 'reminder', 'stalled'],
    [900_000, 'nothing', 'stalled'],
    [2_000_000, 'stalled', 'none'],
  ] as const)('AG-3: after %i ms of silence, told %s: %s', (now, told, kind) => {
    expect(decideTurnWatch(signs({ now, told }), limits).kind).toBe(kind);
  });

  it('AG-3: an event starts the silence anew', () => {
    expect(decideTurnWatch(signs({ now: 1_000_000, lastEventAt: 900_000 }), limits).kind).toBe('none');
  });

  it('AG-3: too many steps or too long ends it, with the reason', () => {
    expect(decideTurnWatch(signs({ steps: 101 }), limits)).toMatchObject({
      kind: 'end',
      note: expect.stringContaining('100 steps'),
    });
    expect(decideTurnWatch(signs({ now: 3_600_001, lastEventAt: 3_600_000 }), limits)).toMatchObject({
      kind: 'end',
      note: expect.stringContaining('60 min'),
    });
  });
});
