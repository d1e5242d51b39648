import { describe, expect, it } from 'vitest';
import type { BridgeEvent } from '../protocol.ts';
import { createRing } from './ring.ts';

const milestone = (text: string): BridgeEvent => ({
  kind: 'agent.milestone',
  session_id: 's',
  directory: '/w',
  text,
});

describe('the ring of events', () => {
  it('BR-2: numbers from 1 and gives each back', () => {
    const ring = createRing(() => 7);
    expect(ring.head).toBe(0);
    expect(ring.frame(1)).toBeUndefined();
    ring.push(milestone('a'));
    ring.push(milestone('b'));
    expect(ring.head).toBe(2);
    expect(JSON.parse(ring.frame(2) ?? '')).toEqual({ type: 'event', seq: 2, at: 7, event: milestone('b') });
    expect(ring.frame(3)).toBeUndefined();
  });

  it('BR-1: forgets the oldest beyond its number or size', () => {
    const few = createRing(() => 0, { events: 2, size: 1_000_000 });
    for (const text of ['a', 'b', 'c']) few.push(milestone(text));
    expect(few.frame(1)).toBeUndefined();
    expect(few.frame(2)).toContain('"b"');
    const small = createRing(() => 0, { events: 100, size: 400 });
    for (let n = 0; n < 10; n++) small.push(milestone('x'.repeat(100)));
    expect(small.frame(8)).toBeUndefined();
    expect(small.frame(10)).toBeDefined();
  });
});
