import { describe, expect, it } from 'vitest';
import { footerOf, formatDuration, queuedCard, turnCard } from './texts.ts';

describe('what the service says', () => {
  it.each([
    [0, '0 s'],
    [8_400, '8 s'],
    [59_600, '1 min'],
    [200_000, '3 min 20 s'],
    [7_500_000, '2 h 5 min'],
  ])('%i ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('OUT-6: the footer names what is known, and nothing else', () => {
    const usage = { model: 'a/b', cost: 0.123, contextTokens: 40_000, contextLimit: 200_000 };
    expect(footerOf(usage, 12_000)).toBe('12 s ⋅ 20 % context ⋅ $0.12 ⋅ a/b');
    expect(footerOf({ ...usage, cost: 0.001, contextLimit: 0 }, 1000)).toBe('1 s ⋅ < $0.01 ⋅ a/b');
    expect(footerOf(null, 1000)).toBe('1 s');
  });

  it('OUT-4: the card says phase, tool, elapsed, and has Stop', () => {
    const progress = { startedAt: 0, steps: 3, tool: '', retry: '' };
    expect(turnCard('t', progress, 5000)).toMatchObject({
      title: '🤔 Agent is thinking…',
      facts: ['5 s', 'step 3'],
      buttons: [{ action: 'turn.stop', value: 't' }],
    });
    expect(turnCard('t', { ...progress, tool: 'read' }, 0).title).toBe('🔧 read');
    expect(turnCard('t', { ...progress, retry: 'Busy' }, 0).title).toBe('⏳ Busy');
  });

  it('IN-6: the notice of a queued message has both its buttons', () => {
    const { title, buttons } = queuedCard('1.1', 2);
    expect(title).toBe('🕐 Queued at position 2');
    expect(buttons?.map(({ label }) => label)).toEqual(['Send now', 'Remove']);
  });
});
