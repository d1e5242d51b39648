import { describe, expect, it } from 'vitest';
import { type Ask, askSchema } from '../../mcp-servers/kit/asks.ts';
import { policySchema } from '../../mcp-servers/kit/policy.ts';
import { deadlineOf, decideExpiry, ownJudgement, showAssumed } from './deadline.ts';

const asked = Date.parse('2026-11-20T15:30:00Z');
const policy = (deadline: unknown, timeZone = 'Europe/Berlin') =>
  policySchema.parse({ deadline, hours: { timeZone } });
const due = (deadline: unknown, timeZone?: string) => {
  const { deadline: rule, hours } = policy(deadline, timeZone);
  const at = deadlineOf(rule, hours, asked);
  return at === null ? null : new Date(at).toISOString();
};
const ask = (body: unknown, more: object = {}): Ask =>
  askSchema.parse({
    id: 'ask_1',
    source: { kind: 'host', host: 'local', sessionId: 's', directory: '/w', requestId: 'r', instance: 'i' },
    workspace: 'w',
    card: null,
    body,
    status: 'open',
    answer: null,
    by: '',
    note: '',
    askedAt: asked,
    deadlineAt: asked + 300_000,
    endedAt: null,
    checkpoint: null,
    late: null,
    discussion: null,
    ...more,
  });
const permission = ask({
  kind: 'permission',
  request: { permission: 'bash', patterns: [], detail: 'ls', detailKind: 'command' },
});

describe('deadlines', () => {
  it('AS-3: the default is two business hours, in each project’s own zone', () => {
    expect(due(undefined)).toBe('2026-11-23T09:30:00.000Z');
    expect(due(undefined, 'America/New_York')).toBe('2026-11-20T17:30:00.000Z');
  });

  it('AS-3: by the wall clock it is real time, also over a weekend; or nobody is waited for', () => {
    expect(due({ wallMinutes: 60 })).toBe('2026-11-20T16:30:00.000Z');
    expect(due('continue-immediately')).toBe('2026-11-20T15:30:00.000Z');
  });

  it('AS-3: several questions: each its recommended option, or the agent’s own judgement', () => {
    const options = [{ label: 'Blue' }, { label: 'Red (Recommended)' }];
    const several = ask({
      kind: 'question',
      questions: [{ header: 'Colour', question: 'Which?', options }, { question: 'What name?' }],
    });
    expect(decideExpiry(several, policy(undefined))).toEqual({
      answer: [['Red (Recommended)'], [ownJudgement]],
      note: '',
    });
    expect(showAssumed(several)).toBe('Colour: ⭐ Red; 2: the agent’s own judgement');
  });

  it.each([
    [{ businessMinutes: 120 }, 'Nobody answered within 2 business hours.'],
    [{ businessMinutes: 90 }, 'Nobody answered within 90 business minutes.'],
    [{ wallMinutes: 1 }, 'Nobody answered within 1 minute.'],
    ['continue-immediately', 'Nobody is waited for in this project.'],
  ])('AS-3: a permission is denied with the reason: %j', (deadline, note) => {
    expect(decideExpiry(permission, policy(deadline))).toEqual({ answer: 'deny', note });
  });

  it('AS-7: a call over HTTP names its own seconds', () => {
    const call = { ...permission, source: { kind: 'http', sessionId: 'tool_0001' } } as const;
    expect(decideExpiry(call, policy(undefined)).note).toBe('Nobody answered within 300 s.');
  });
});
