import { describe, expect, it } from 'vitest';
import { observedSession, observedWorkspace } from '../test/support/observed.ts';
import { defaultLimits, type ObservedSession, type ObservedWorkspace } from './contract.ts';
import { decide } from './decide.ts';
import { decideLive } from './live.ts';

const minute = 60_000;

function live(session: Partial<ObservedSession>, given: Partial<ObservedWorkspace> = {}, now = 90_000) {
  const seen = observedWorkspace({ session: observedSession(session), ...given });
  return decideLive(seen, decide(seen, undefined, now, defaultLimits).told, now);
}

describe('what a session at work shows', () => {
  it('OUT-4: what it does now, for how long, how far, and its last milestone', () => {
    expect(
      live(
        { doing: '🧪 Running tests: npm test', lastDid: '🔧 Wrote file: a.ts', todo: { done: 3, total: 7 } },
        { milestones: [{ id: '1', text: 'Login works' }] },
      ),
    ).toEqual({
      body: '- 🧪 Running tests: npm test\n- ✅ Milestone: Login works',
      facts: ['1 min', 'todos 3/7'],
    });
  });

  it.each<[string, Partial<ObservedSession>, Partial<ObservedWorkspace>, string]>([
    ['between two calls', { lastDid: '🔧 Wrote file: a.ts' }, {}, '🤔 Thinking. Last: 🔧 Wrote file: a.ts'],
    ['with nothing heard of it', {}, {}, ''],
    [
      'while it asks',
      { doing: '🔧 Running: x' },
      { waiting: [{ id: 'a', since: 0, until: null, text: 'which?' }] },
      '🙋 Waits for an answer',
    ],
    ['with signs of Markdown', { doing: '🔧 Running: rm *.log' }, {}, String.raw`🔧 Running: rm \*.log`],
  ])('OUT-4: %s', (_, session, given, body) => {
    expect(live(session, given)?.body).toBe(body);
  });

  it('OUT-4: while it waits for a person the card stands still', () => {
    const waiting = [{ id: 'a', since: 0, until: null, text: 'which?' }];
    expect(live({ runsSince: 1000 }, { waiting }, 61_000)).toEqual(
      live({ runsSince: 1000 }, { waiting }, 7_200_000),
    );
  });

  it('OUT-4: the time since it began to run: by the second at first, then by the minute', () => {
    const at = (now: number) => live({ runsSince: 1000 }, {}, now)?.facts[0];
    expect([at(46_000), at(1000 + minute), at(1000 + 2 * minute - 1), at(1000 + 65 * minute)]).toEqual([
      '45 s',
      '1 min',
      '2 min',
      '1 h 5 min',
    ]);
  });

  it('OUT-4: nothing of one that does not work, or is plugged in nowhere', () => {
    expect(live({ status: 'idle', doing: '🔧 Running: x' })).toBeNull();
    expect(live({}, { thread: null })).toBeNull();
    expect(live({}, { session: null })).toBeNull();
  });

  it('OUT-4: a list that its host has forgotten is shown as it was, but not that of another session', () => {
    const first = observedWorkspace({ session: observedSession({ todo: { done: 1, total: 2 } }) });
    const { told } = decide(first, undefined, 0, defaultLimits);
    const facts = (id: string) =>
      decideLive(observedWorkspace({ session: observedSession({ id, todo: null }) }), told, 0)?.facts;
    expect([facts('ses_1'), facts('ses_2')]).toEqual([['0 s', 'todos 1/2'], ['0 s']]);
  });

  it('OUT-4: a milestone of the session before is not its own', () => {
    const first = observedWorkspace({ milestones: [{ id: '1', text: 'Login works' }] });
    const { told } = decide(first, undefined, 0, defaultLimits);
    const next = observedWorkspace({ session: observedSession({ id: 'ses_2' }) });
    expect([decideLive(first, told, 1)?.body, decideLive(next, told, 1)?.body]).toEqual([
      '✅ Milestone: Login works',
      '',
    ]);
  });
});
