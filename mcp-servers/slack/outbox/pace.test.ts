import { describe, expect, it } from 'vitest';
import { createPace } from './pace.ts';

function start() {
  let time = 0;
  const pace = createPace(() => time);
  const spend = (method: string, channel: string, times: number) => {
    for (let left = times; left > 0; left -= 1) pace.take(method, channel);
  };
  return { pace, spend, pass: (ms: number) => (time += ms) };
}

describe('pace', () => {
  it('OUT-1: posts are counted per channel, a short burst is free', () => {
    const { pace, spend, pass } = start();
    spend('chat.postMessage', 'C1', 4);
    expect(pace.delay('chat.postMessage', 'C1', false)).toBe(1035);
    expect(pace.delay('chat.postMessage', 'C2', false)).toBe(0);
    pass(1035);
    expect(pace.delay('chat.postMessage', 'C1', false)).toBe(0);
  });

  it('OUT-1: updates are counted per workspace, and live ones leave a reserve', () => {
    const { pace, spend } = start();
    spend('chat.update', 'C1', 30);
    expect(pace.delay('chat.update', 'C2', true)).toBeGreaterThan(0);
    expect(pace.delay('chat.update', 'C2', false)).toBe(0);
    spend('chat.update', 'C1', 20);
    expect(pace.delay('chat.update', 'C2', false)).toBe(1200);
  });

  it('OUT-1: 429 pauses one method in one channel, and shortens bursts for a while', () => {
    const { pace, spend, pass } = start();
    pace.limited('chat.postMessage', 'C1', 30_000);
    expect(pace.delay('chat.postMessage', 'C1', false)).toBe(30_000);
    expect(pace.delay('chat.update', 'C1', false)).toBe(0);
    expect(pace.delay('chat.postMessage', 'C2', false)).toBe(0);
    pass(30_000);
    expect(pace.delay('chat.postMessage', 'C1', false)).toBe(0);
    spend('chat.postMessage', 'C1', 1);
    expect(pace.delay('chat.postMessage', 'C1', false)).toBeGreaterThan(1000);
    pass(180_000);
    spend('chat.postMessage', 'C1', 3);
    expect(pace.delay('chat.postMessage', 'C1', false)).toBe(0);
  });

  it('IN-4: a mark leaves no reserve, for nothing durable shares its rate', () => {
    const { pace, spend } = start();
    spend('reactions.add', 'C1', 49);
    expect(pace.delay('reactions.add', 'C2', true)).toBe(0);
  });

  it('OUT-1: 429 of what counts per workspace sets the others to the steady rate, not to a halt', () => {
    const { pace } = start();
    pace.limited('reactions.remove', 'C1', 30_000);
    expect(pace.delay('reactions.remove', 'C1', false)).toBe(30_000);
    expect(pace.delay('reactions.remove', 'C2', false)).toBe(3000);
  });

  it('does not hold back what has no tier', () => {
    expect(start().pace.delay('conversations.replies', 'C1', true)).toBe(0);
  });
});
