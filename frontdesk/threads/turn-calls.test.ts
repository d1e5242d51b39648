import { describe, expect, it } from 'vitest';
import { createTurnCalls } from './turn-calls.ts';

describe('the calls of a turn', () => {
  it('OP-4: an attempt after one that was cut off asks for the same by the same name', () => {
    const calls = createTurnCalls('T:C:1.0/1.1');
    const [first, again, other] = ['start a', 'start a', 'start b'].map((words) => calls.nameOf(words));
    expect(new Set([first, again, other]).size).toBe(3);
    calls.restart();
    expect(['start b', 'start a', 'start a'].map((words) => calls.nameOf(words))).toEqual([
      other,
      first,
      again,
    ]);
    // So does the next life.
    expect(createTurnCalls('T:C:1.0/1.1').nameOf('start b')).toBe(other);
  });

  it('another turn asks for something of its own', () => {
    const names = ['T:C:1.0/1.1', 'T:C:1.0/1.2'].map((turnId) => createTurnCalls(turnId).nameOf('start a'));
    expect(names[0]).not.toBe(names[1]);
  });
});
