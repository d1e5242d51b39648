import { describe, expect, it } from 'vitest';
import { observedSession, observedThread, observedWorkspace } from '../test/support/observed.ts';
import { defaultLimits, type ObservedWorkspace } from './contract.ts';
import { decide, hold, isHeld } from './decide.ts';
import type { News } from './news.ts';
import type { Told } from './told.ts';

const minute = 60_000;
/** A Friday, 10:00 UTC. */
const friday = Date.parse('2026-11-20T10:00:00Z');

/** What is said over several looks, each `[time, what is seen]`. */
function watch(...looks: readonly (readonly [number, ObservedWorkspace])[]) {
  let told: Told | undefined;
  return looks.map(([now, observed]) => {
    const decision = decide(observed, told, now, defaultLimits);
    const waits = decision.drafts.filter((each) => isHeld(observed, each, now));
    told = hold(
      decision.told,
      waits.map(({ markdown }) => markdown),
    );
    return decision.drafts.filter((each) => !waits.includes(each));
  });
}
const texts = (...looks: readonly (readonly [number, ObservedWorkspace])[]) =>
  watch(...looks).map((drafts) => drafts.map(({ markdown }) => markdown));

const news = (kind: News['kind'], note = '', n = 1): News => ({ n, kind, note });

describe('what becomes of a session', () => {
  it.each<[News['kind'], string, string]>([
    ['turn', '', '💬 `csv` has finished its turn and waits.'],
    ['complete', '3/3', '🎉 `csv` is complete (3/3 todos).'],
    ['interrupted', '', '⏹️ `csv` was interrupted in OpenCode and waits.'],
    ['crashed', 'no\n key', '💥 `csv` crashed: no key\nResume lets it try again.'],
    ['gone', 'h', '💥 `csv`: its host h does not know the session any more.'],
    ['given-up', '3', '💥 `csv` was cut off 3 times. Resume lets it try again.'],
    ['cut', 'h', '🔁 `csv` was cut off when its host ended; it goes on.'],
    ['lost', 'h', '🔌 `csv`: its host h is away. It comes back by itself; nothing is lost.'],
    ['back', 'h', '🔌 `csv`: its host h is back.'],
    ['woken', '', '▶️ `csv` works again: somebody wrote to it in OpenCode.'],
    ['paused', 'Ben', '⏸️ `csv` is paused. Resume lets it go on. (Ben)'],
    ['stopped', 'Ben', '⏹️ `csv` is stopped; its place is free. Resume takes it up again. (Ben)'],
    ['resumed', 'Ben', '▶️ `csv` goes on. (Ben)'],
    ['forked', 'Ben', '🔀 `csv` goes on with a copy of its session. (Ben)'],
  ])('WA-2: %s is told, once', (kind, note, text) => {
    const seen = observedWorkspace({ news: [news(kind, note)] });
    expect(texts([0, seen], [1, seen])).toEqual([[text], []]);
  });

  it('WA-1: looked at late, all that happened is told in its order; the last words belong to the last', () => {
    const seen = observedWorkspace({
      news: [news('turn', '', 1), news('lost', 'h', 2), news('turn', '', 3)],
    });
    const [drafts] = watch([0, seen]);
    expect(drafts?.map(({ key, wants }) => [key, wants])).toEqual([
      ['news-1', null],
      ['news-2', null],
      ['news-3', 'words'],
    ]);
  });

  it('WA-1: nothing new is nothing to store', () => {
    const seen = observedWorkspace();
    const { told } = decide(seen, undefined, 0, defaultLimits);
    expect(decide(seen, told, 1, defaultLimits)).toEqual({ told, drafts: [] });
    expect(decide(seen, told, 1, defaultLimits).told).toBe(told);
  });

  it('WS-5: another workspace of the same name begins anew', () => {
    const seen = observedWorkspace({ news: [news('turn')] });
    expect(texts([0, seen], [1, { ...seen, life: 'l2' }])[1]).toHaveLength(1);
  });

  it('WA-5: ends of turns are left out where the project says so, crashes are not', () => {
    const policy = { updates: { turns: false } };
    expect(texts([0, observedWorkspace({ news: [news('turn')] }, policy)])).toEqual([[]]);
    expect(texts([0, observedWorkspace({ news: [news('crashed')] }, policy)])[0]).toHaveLength(1);
  });

  it('WA-2: a long cause is bounded', () => {
    const [[text = ''] = []] = texts([0, observedWorkspace({ news: [news('crashed', 'x '.repeat(5000))] })]);
    expect(text.length).toBeLessThan(700);
  });
});

describe('milestones', () => {
  const milestone = (id: string) => ({ id, text: `M${id}` });
  const seen = (...ids: string[]) => observedWorkspace({ milestones: ids.map(milestone) });

  it('WA-3: each is told once, in the footer what is changed', () => {
    expect(watch([0, seen('1')], [1, seen('1')])).toMatchObject([
      [{ markdown: '✅ Milestone: M1 (`csv`)', wants: 'changes', edit: false }],
      [],
    ]);
  });

  it('WA-3: those within 30 s share one message, which is said at once and grows', () => {
    expect(watch([0, seen('1')], [29_999, seen('1', '2')], [30_000, seen('1', '2', '3')])).toMatchObject([
      [{ key: 'milestone-1', edit: false }],
      [{ key: 'milestone-1', edit: true, markdown: '✅ Milestone: M1\n✅ Milestone: M2 (`csv`)' }],
      [{ key: 'milestone-3', edit: false, markdown: '✅ Milestone: M3 (`csv`)' }],
    ]);
  });

  it('WA-3: after the end of a turn, or in another thread, the next is a message of its own', () => {
    const ended = { ...seen('1'), news: [news('turn')] };
    expect(watch([0, ended], [1, { ...ended, milestones: seen('1', '2').milestones }])[1]).toMatchObject([
      { key: 'milestone-2', edit: false },
    ]);
    const moved = { ...seen('1', '2'), thread: { ...observedThread, thread: '2.0' } };
    expect(watch([0, seen('1')], [1, moved])[1]).toMatchObject([{ key: 'milestone-2', edit: false }]);
  });

  it('WA-3: the milestone is told before the end of its turn', () => {
    expect(texts([0, { ...seen('1'), news: [news('turn')] }])[0]).toEqual([
      '✅ Milestone: M1 (`csv`)',
      '💬 `csv` has finished its turn and waits.',
    ]);
  });

  it('WA-3: a whole todo list done is one, again when more was added to it', () => {
    const todo = (done: number, total: number) =>
      observedWorkspace({ session: observedSession({ todo: { done, total } }) });
    const forgotten = observedWorkspace({ session: observedSession({ todo: null }) });
    const looks = [todo(1, 3), todo(3, 3), forgotten, todo(3, 3), todo(3, 4), todo(4, 4)];
    expect(texts(...looks.map((each, at) => [at * minute, each] as const))).toEqual([
      [],
      ['🎉 Milestone: Implementation complete (3/3 todos) (`csv`)'],
      [],
      [],
      [],
      ['🎉 Milestone: Implementation complete (4/4 todos) (`csv`)'],
    ]);
  });

  it('WA-3: many at once are counted', () => {
    const [[text = ''] = []] = texts([0, seen(...Array.from({ length: 50 }, (_, index) => `${index}`))]);
    expect(text.split('\n')).toHaveLength(21);
    expect(text).toContain('… and 30 more');
  });

  it('WA-5: left out where the project says so, also later', () => {
    const without = observedWorkspace({ milestones: [milestone('1')] }, { updates: { milestones: false } });
    expect(texts([0, without], [1, seen('1')])).toEqual([[], []]);
  });
});

describe('lab, tests, pull requests', () => {
  const lab = (status: string, at = 'a') =>
    observedWorkspace({ lab: { id: 'd1', status, url: 'http://x/', cause: 'port 80 is not open', at } });

  it('WA-2: a lab that is ready, failed or down is told, each change once', () => {
    const looks = [
      lab('deploying'),
      lab('ready'),
      lab('ready'),
      lab('down'),
      lab('ready', 'b'),
      lab('failed'),
    ];
    expect(texts(...looks.map((each, at) => [at, each] as const))).toEqual([
      [],
      ['✅ Deployment ready: http://x/ (`csv`)'],
      [],
      ['🔻 The lab of `csv` is down - port 80 is not open'],
      ['✅ Deployment ready: http://x/ (`csv`)'],
      ['❌ Deployment failed - port 80 is not open (`csv`)'],
    ]);
  });

  it('TE-2, WA-3: tests are told once; all green is a milestone', () => {
    const green = { id: 'r1', text: '✅ Unit Tests: 45/45 passing (3.2 s)', green: true };
    const red = { id: 'r2', text: '❌ Unit Tests: 44/45 passing (1 failure)', green: false };
    const looks = [observedWorkspace({ tests: [green] }), observedWorkspace({ tests: [green, red] })];
    expect(texts(...looks.map((each, at) => [at * minute, each] as const))).toEqual([
      ['✅ Milestone: All tests passing (45/45) (`csv`)'],
      [`${red.text} (\`csv\`)`],
    ]);
  });

  it('TE-2, WA-5: green ones without milestones, or without a number, are told as they are', () => {
    const green = { id: 'r1', text: '🎉 All tests passing', green: true };
    const counted = { ...green, text: '🎉 All tests passing (3/3)' };
    const without = { updates: { milestones: false } };
    expect(texts([0, observedWorkspace({ tests: [green] })])).toEqual([['🎉 All tests passing (`csv`)']]);
    expect(texts([0, observedWorkspace({ tests: [counted] }, without)])).toEqual([
      ['🎉 All tests passing (3/3) (`csv`)'],
    ]);
  });

  it('WA-2: failed checks are told once for a commit', () => {
    const seen = observedWorkspace({
      checks: [{ id: 'sha1', url: 'https://g/1', failed: ['lint', 'build'] }],
    });
    expect(texts([0, seen], [1, seen])).toEqual([
      ['❌ Pull request checks failed: lint, build (`csv`)\nhttps://g/1'],
      [],
    ]);
  });
});

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
    const waiting = [{ id: 'a', since: 16 * minute, text: 'Which?' }];
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
      '⏱️ `csv` works on, 1 h 30 min since it last had something to tell.\nTodos: 1/3\nLast: 🔧 x',
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
      observedWorkspace({ waiting: [{ id: 'a1', since, text: 'Which database?' }] });
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
});

describe('quiet hours', () => {
  const policy = { quiet: { from: '22:00', to: '07:00' } };
  const night = Date.parse('2026-11-20T23:00:00Z');
  const morning = Date.parse('2026-11-21T07:00:00Z');
  const seen = (given: Partial<ObservedWorkspace>) => observedWorkspace({ session: null, ...given }, policy);

  it('WA-5: what is not urgent waits for their end, then it is said in one message; a crash does not wait', () => {
    const milestones = [{ id: '1', text: 'A' }];
    const night1 = seen({ milestones });
    const night2 = seen({ milestones, news: [news('turn')] });
    const night3 = seen({ milestones, news: [news('turn'), news('crashed', 'boom', 2)] });
    expect(
      texts(
        [night, night1],
        [night + 1, night2],
        [night + 2, night3],
        [morning, night3],
        [morning + 1, night3],
      ),
    ).toEqual([
      [],
      [],
      ['💥 `csv` crashed: boom\nResume lets it try again.'],
      ['🌅 While it was quiet:\n\n- ✅ Milestone: A (`csv`)\n- 💬 `csv` has finished its turn and waits.'],
      [],
    ]);
  });

  it('WA-5: one alone is said as it is; of too many the last, and the rest is counted', () => {
    expect(
      texts([night, seen({ news: [news('turn')] })], [morning, seen({ news: [news('turn')] })])[1],
    ).toEqual(['💬 `csv` has finished its turn and waits.']);
    const milestones = Array.from({ length: 30 }, (_, index) => ({ id: `${index}`, text: `M${index}` }));
    const looks = milestones.map((_, index) => [
      night + index,
      seen({ milestones: milestones.slice(0, index + 1) }),
    ]);
    const all = texts(...(looks as [number, ObservedWorkspace][]), [morning, seen({ milestones })]);
    expect(all.at(-1)?.[0]).toContain('- … and 10 more');
    expect(all.at(-1)?.[0]).toContain('M29');
  });

  it('WA-4: progress lines wait, too', () => {
    const lines = { since: night };
    expect(watch([night + minute, seen({ lines })], [morning, seen({ lines })])).toMatchObject([
      [],
      [{ wants: 'lines' }],
    ]);
  });
});

describe('progress lines', () => {
  it('WA-4: one message for each batch, sooner at the end of a turn, above it', () => {
    const lines = { since: 0 };
    expect(
      watch([14_999, observedWorkspace({ lines })], [15_000, observedWorkspace({ lines })]),
    ).toMatchObject([[], [{ key: 'lines-0', wants: 'lines' }]]);
    expect(watch([10, observedWorkspace({ lines, news: [news('turn')] })])).toMatchObject([
      [{ wants: 'lines' }, { wants: 'words' }],
    ]);
  });
});
