import { describe, expect, it } from 'vitest';
import {
  observedSession,
  observedThread,
  observedWorkspace,
  texts,
  watch,
} from '../test/support/observed.ts';
import { defaultLimits, type ObservedWorkspace } from './contract.ts';
import { decide } from './decide.ts';
import type { News } from './news.ts';

const minute = 60_000;
const news = (kind: News['kind'], note = '', n = 1): News => ({ n, kind, note });

describe('what becomes of a session', () => {
  it.each<[News['kind'], string, string]>([
    ['turn', '', '💬 `csv` has finished its turn and waits.'],
    ['complete', '3/3', '🎉 `csv` is complete (3/3 todos).'],
    ['interrupted', '', '⏹️ `csv` was interrupted in OpenCode and waits.'],
    ['crashed', 'no\n key', '💥 `csv` crashed: no key\n\nResume lets it try again.'],
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

  it('WS-3: of a state file that was set back, what happens from then on is told', () => {
    const seen = (...ns: number[]) => observedWorkspace({ news: ns.map((n) => news('turn', '', n)) });
    const said = texts([0, seen(1, 2, 3)], [1, seen(1)], [2, seen(1)], [3, seen(1, 2)]);
    expect(said.map((each) => each.length)).toEqual([3, 0, 0, 1]);
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
      [{ key: 'milestone-1', edit: true, markdown: '- ✅ Milestone: M1\n- ✅ Milestone: M2 (`csv`)' }],
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

  it('WA-3: in the next turn it is a message of its own, however soon', () => {
    const rests = { ...seen('1'), session: observedSession({ status: 'idle' }) };
    expect(watch([0, rests], [1, seen('1')], [2, seen('1', '2')], [3, seen('1', '2', '3')])).toMatchObject([
      [{ key: 'milestone-1' }],
      [],
      [{ key: 'milestone-2', edit: false }],
      [{ key: 'milestone-2', edit: true }],
    ]);
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
  const at = '2026-11-20T10:00:16.000Z';
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

  it.each([
    ['while whoever asked is looking', '2026-11-20T10:00:02.000Z', observedThread, 0],
    ['after a while', '2026-11-20T10:00:00.000Z', observedThread, 1],
    ['with its card elsewhere', '2026-11-20T10:00:02.000Z', { ...observedThread, thread: '2.0' }, 1],
    ['with a clock that was set back meanwhile', '2026-11-20T10:01:00.000Z', observedThread, 1],
  ])('WA-2: what a new card in the thread shows is not said again: %s', (_, since, ref, said) => {
    const shown = { ref, since };
    const ready = { id: 'd1', status: 'ready', url: 'http://x/', cause: '', at, shown };
    const red = { id: 'r1', text: '❌ Unit Tests: 1/2 passing (1 failure)', green: false, at, shown };
    expect(texts([0, observedWorkspace({ lab: ready })]).flat()).toHaveLength(said);
    expect(texts([0, observedWorkspace({ tests: [red] })]).flat()).toHaveLength(said);
    const always = { updates: { inSightSeconds: 0 } };
    expect(texts([0, observedWorkspace({ lab: ready }, always)]).flat()).toHaveLength(1);
    const down = { ...ready, status: 'down' };
    expect(texts([0, observedWorkspace({ lab: down })]).flat()).toHaveLength(1);
  });

  it('TE-2, WA-3: tests are told once; all green is a milestone', () => {
    const green = { id: 'r1', text: '✅ Unit Tests: 45/45 passing (3.2 s)', green: true, at };
    const red = { id: 'r2', text: '❌ Unit Tests: 44/45 passing (1 failure)', green: false, at };
    const looks = [observedWorkspace({ tests: [green] }), observedWorkspace({ tests: [green, red] })];
    expect(texts(...looks.map((each, at) => [at * minute, each] as const))).toEqual([
      ['✅ Milestone: All tests passing (45/45) (`csv`)'],
      [`${red.text} (\`csv\`)`],
    ]);
  });

  it('TE-2, WA-5: green ones without milestones, or without a number, are told as they are', () => {
    const green = { id: 'r1', text: '🎉 All tests passing', green: true, at };
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
      ['💥 `csv` crashed: boom\n\nResume lets it try again.'],
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
  it('WA-4: what was done is told before what was reached by it, and does not follow a message that grows', () => {
    const lines = { since: 0 };
    const seen = (...ids: string[]) =>
      observedWorkspace({ lines, milestones: ids.map((id) => ({ id, text: id })) });
    expect(watch([10, seen('1')], [11, seen('1', '2')])).toMatchObject([
      [{ wants: 'lines' }, { key: 'milestone-1' }],
      [{ key: 'milestone-1', edit: true }],
    ]);
  });

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
