import { describe, expect, it } from 'vitest';
import type { SessionStatus } from '../../mcp-servers/kit/work.ts';
import { decideEvent } from './decide-event.ts';

type Told = { kind: 'active' | 'idle' } | { kind: 'error'; error: string };
const judge = (status: SessionStatus, event: Told, todo: { done: number; total: number } | null = null) =>
  decideEvent(status, { ...event, sessionId: 's' }, todo);

describe('what an event does', () => {
  it.each<[SessionStatus, Told, SessionStatus | undefined, string | undefined]>([
    ['idle', { kind: 'active' }, 'running', undefined],
    ['running', { kind: 'active' }, undefined, undefined],
    ['unreachable', { kind: 'active' }, 'running', undefined],
    ['crashed', { kind: 'active' }, 'running', undefined],
    ['paused', { kind: 'active' }, 'running', 'woken'],
    ['stopped', { kind: 'active' }, 'running', 'woken'],
    ['running', { kind: 'idle' }, 'idle', 'turn'],
    ['unreachable', { kind: 'idle' }, 'idle', 'turn'],
    ['idle', { kind: 'idle' }, undefined, undefined],
    ['paused', { kind: 'idle' }, undefined, undefined],
    ['stopped', { kind: 'idle' }, undefined, undefined],
    ['crashed', { kind: 'idle' }, undefined, undefined],
    ['complete', { kind: 'idle' }, undefined, undefined],
    ['running', { kind: 'error', error: 'boom' }, 'crashed', 'crashed'],
    ['running', { kind: 'error', error: 'MessageAbortedError' }, 'idle', 'interrupted'],
    ['paused', { kind: 'error', error: 'MessageAbortedError' }, undefined, undefined],
    ['stopped', { kind: 'error', error: 'boom' }, undefined, undefined],
  ])('WA-2: %s + %o → %s, news %s', (status, event, next, news) => {
    const verdict = judge(status, event);
    expect(verdict.status).toBe(next);
    expect(verdict.news?.kind).toBe(news);
  });

  it('WA-2: idle with every todo done is complete, with some open or none it waits', () => {
    expect(judge('running', { kind: 'idle' }, { done: 2, total: 2 }).status).toBe('complete');
    expect(judge('running', { kind: 'idle' }, { done: 1, total: 2 }).status).toBe('idle');
    expect(judge('running', { kind: 'idle' }, { done: 0, total: 0 }).status).toBe('idle');
  });
});
