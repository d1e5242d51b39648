import { describe, expect, it } from 'vitest';
import type { SessionStatus, WorkMessage } from '../../mcp-servers/kit/work.ts';
import { decideFound } from './reconcile.ts';

const prompt: WorkMessage = { id: 'm', role: 'user', text: 'go', at: 0 };
const answer = (finished?: boolean): WorkMessage => ({
  id: 'm',
  role: 'assistant',
  text: 'x',
  at: 0,
  finished,
});

describe('what became of a session meanwhile', () => {
  it.each<[string, SessionStatus, boolean, WorkMessage | undefined, string]>([
    ['works still', 'running', true, prompt, 'working'],
    ['was woken', 'paused', true, prompt, 'working'],
    ['came to its end', 'running', false, answer(true), 'ended'],
    ['ended on a host that does not say so', 'running', false, answer(), 'ended'],
    ['died over its answer', 'running', false, answer(false), 'cut'],
    ['died over its prompt', 'running', false, prompt, 'cut'],
    ['lost its task', 'running', false, undefined, 'cut'],
    ['has no history and waited', 'idle', false, undefined, 'ended'],
    ['waited', 'idle', false, answer(false), 'ended'],
    ['was interrupted by a person', 'paused', false, answer(false), 'ended'],
  ])('SE-6: it %s', (_, before, busy, last, found) => {
    expect(decideFound(before, busy, last)).toBe(found);
  });
});
