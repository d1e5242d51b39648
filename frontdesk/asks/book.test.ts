import { describe, expect, it } from 'vitest';
import type { Ask } from '../../mcp-servers/kit/asks.ts';
import { newAsk, tidyAsk } from './book.ts';

const before = 1000;
const open = newAsk({
  id: 'ask_1',
  source: { kind: 'http', sessionId: 'ses_12345' },
  workspace: null,
  card: null,
  body: {
    kind: 'question',
    questions: [{ question: 'Which?', header: '', options: [], multiple: false }],
  },
  askedAt: 1,
});
const over: Ask = { ...open, status: 'delivered', stale: false, endedAt: 999 };
const late = { answer: 'once', by: 'U1', choice: 'dropped' } as const;

describe('which questions are forgotten', () => {
  it.each([
    ['over for long', over, false],
    ['over since lately', { ...over, endedAt: 1000 }, true],
    ['open for ever so long', open, true],
    ['answered, and its asker has not got it', { ...over, status: 'answered' }, true],
    ['over, and its card does not say so yet', { ...over, stale: true }, true],
    ['answered late, lately', { ...over, late: { ...late, at: 1000 } }, true],
    ['answered late, long ago', { ...over, late: { ...late, at: 999 } }, false],
  ] as const)('AS-4, AS-6: %s', (_, ask, kept) => {
    expect(tidyAsk(ask, ask.id, { now: 2000, before })).toBe(kept ? ask : undefined);
  });
});
