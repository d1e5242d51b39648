import { describe, expect, it } from 'vitest';
import { observedSession, observedWorkspace, texts } from '../test/support/observed.ts';

const minute = 60_000;
/** A Friday, 10:00 UTC. */
const friday = Date.parse('2026-11-20T10:00:00Z');

describe('signs', () => {
  const running = (given: Parameters<typeof observedSession>[0]) =>
    observedWorkspace({ session: observedSession(given) });

  it('WA-2: silent for 15 min is told once, with what it last did; a sign of life begins it anew', () => {
    const silent = running({ lastSignAt: 0, lastDid: '🧪 Running tests: npm test' });
    const told = '⏳ `csv` is still running, silent for 15 min. It last did: 🧪 Running tests: npm test';
    expect(
      texts(
        [15 * minute - 1, silent],
        [15 * minute, silent],
        [90 * minute - 1, silent],
        [80 * minute, running({ lastSignAt: 79 * minute })],
        [94 * minute, running({ lastSignAt: 79 * minute })],
      ).map((each) => each.filter((text) => text.startsWith('⏳'))),
    ).toEqual([[], [told], [], [], ['⏳ `csv` is still running, silent for 15 min.']]);
  });

  it('WA-1: silent over a restart, of which nothing is heard, is not told again', () => {
    const before = running({ lastSignAt: 0 });
    const after = running({ lastSignAt: null, seenAt: 20 * minute });
    expect(texts([16 * minute, before], [21 * minute, after], [36 * minute, after])).toMatchObject([
      [expect.stringContaining('silent')],
      [],
      [],
    ]);
  });

  it('WA-2: one that waits for a person is not called stalled, nor one that is idle', () => {
    const waiting = [{ id: 'a', since: 16 * minute, until: null, text: 'Which?' }];
    const asks = observedWorkspace({ session: observedSession({ lastSignAt: 0 }), waiting });
    expect(texts([16 * minute, asks])).toEqual([[]]);
    expect(texts([16 * minute, running({ status: 'idle', lastSignAt: 0 })])).toEqual([[]]);
  });

  it('WA-2: the same call ten times in a row is told once, until it does something else', () => {
    const loop = (times: number, what = 'bash: npm test (failed)') => running({ loop: { what, times } });
    expect(texts([0, loop(9)], [1, loop(10)], [2, loop(11)], [3, loop(1, 'read: a')], [4, loop(10)])).toEqual(
      [
        [],
        ['🔁 `csv` may be going in circles: 10 times in a row bash: npm test (failed)'],
        [],
        [],
        ['🔁 `csv` may be going in circles: 10 times in a row bash: npm test (failed)'],
      ],
    );
  });

  it('WA-1: a host that does not answer for a minute is told once', () => {
    const blind = running({ blindSince: 0 });
    expect(texts([59_999, blind], [minute, blind], [2 * minute, blind])).toEqual([
      [],
      ['⚠️ `csv`: its host local does not answer; what it does may be told late.'],
      [],
    ]);
  });

  it('WA-5: without a milestone for 90 min a summary is told, while work goes on', () => {
    const at = (status: 'running' | 'idle') =>
      running({ status, todo: { done: 1, total: 3 }, lastDid: '🔧 x' });
    const summary = [
      '⏱️ `csv` works on, 1 h 30 min since it last had something to tell.\n- Todos: 1/3\n- Last: 🔧 x',
    ];
    expect(
      texts(
        [0, at('running')],
        [90 * minute - 1, at('running')],
        [90 * minute, at('running')],
        [100 * minute, at('idle')],
        [300 * minute, at('idle')],
        [301 * minute, at('running')],
        [390 * minute, at('running')],
      ),
    ).toEqual([[], [], summary, [], [], [], []]);
  });

  it('WA-5: a milestone begins the time anew; null is never', () => {
    const reached = { milestones: [{ id: '1', text: 'x' }] };
    expect(
      texts(
        [0, observedWorkspace()],
        [89 * minute, observedWorkspace(reached)],
        [95 * minute, observedWorkspace(reached)],
      )[2],
    ).toEqual([]);
    const never = observedWorkspace({}, { updates: { summaryMinutes: null } });
    expect(texts([0, never], [1e9, never])).toEqual([[], []]);
  });

  it('WA-2: nobody answers for 30 working minutes: told once more, in working hours', () => {
    const asked = (since: number) =>
      observedWorkspace({ waiting: [{ id: 'a1', since, until: null, text: 'Which database?' }] });
    expect(texts([friday + 29 * minute, asked(friday)])).toEqual([[]]);
    expect(texts([friday + 30 * minute, asked(friday)], [friday + 31 * minute, asked(friday)])).toEqual([
      ['⏰ `csv` waits for an answer for 30 min: Which database?'],
      [],
    ]);
    // Asked on Friday at 16:50 UTC: 20 min of it are on Monday.
    const late = friday + 410 * minute;
    const monday = Date.parse('2026-11-23T09:00:00Z');
    expect(
      texts(
        [late + 60 * minute, asked(late)],
        [monday + 19 * minute, asked(late)],
        [monday + 20 * minute, asked(late)],
      ).map((each) => each.length),
    ).toEqual([0, 0, 1]);
  });

  it('AS-1: what waits is shown as it is: a command with signs of Markdown in it, too', () => {
    const waiting = [
      { id: 'a1', since: friday, until: null, text: 'may it run a command: rm *.js [all](x)' },
    ];
    expect(texts([friday + 30 * minute, observedWorkspace({ waiting })])).toEqual([
      ['⏰ `csv` waits for an answer for 30 min: may it run a command: rm \\*.js \\[all\\](x)'],
    ]);
  });

  it('AS-3, WA-2: one that has passed its deadline, as after days away, is not told to wait: it goes on', () => {
    const until = friday + 40 * minute;
    const asked = observedWorkspace({
      waiting: [{ id: 'a1', since: friday, until, text: 'Which database?' }],
    });
    expect(texts([until - 1, asked])[0]).toHaveLength(1);
    expect(texts([until, asked], [friday + 72 * 60 * minute, asked])).toEqual([[], []]);
  });
});
