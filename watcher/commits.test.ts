import { describe, expect, it } from 'vitest';
import {
  observedSession,
  observedThread,
  observedWorkspace,
  texts,
  watch,
} from '../test/support/observed.ts';
import { type ObservedCommit, defaultLimits } from './contract.ts';
import { decide } from './decide.ts';
import { nothingTold } from './told.ts';

const startedAt = 1_000_500;
const commit = (id: string, given: Partial<ObservedCommit> = {}): ObservedCommit => ({
  id,
  repository: 'domain-apis',
  subject: `Add ${id}`,
  at: 1_001_000,
  added: 10,
  removed: 1,
  own: false,
  ...given,
});
const session = observedSession({ startedAt });
const seen = (commits: readonly ObservedCommit[], updates: object = {}) =>
  observedWorkspace({ session, commits }, { updates });
const [a, b] = [commit('JWT middleware', { added: 100 }), commit('tests', { added: 20, removed: 3 })];
const said = { id: 'm1', text: 'Login works' };

describe('new commits', () => {
  it('WA-3: those of a repository are one milestone with their subjects and lines, told once, by its time and changes', () => {
    expect(watch([0, seen([a, b])], [1, seen([a, b])])).toMatchObject([
      [
        {
          key: 'milestone-commits-JWT middleware',
          markdown: '✅ Milestone: 2 commits in domain-apis: Add JWT middleware, Add tests (+120 −4) (`csv`)',
          wants: 'changes',
          footer: '',
        },
      ],
      [],
    ]);
  });

  it('WA-3: each repository has its line; many are cut, and what looks like Markdown is shown as it is', () => {
    const many = Array.from({ length: 7 }, (_, index) => commit(`*${index}*`));
    const other = commit('c', { repository: 'web', subject: 'long '.repeat(40), added: 1200 });
    expect(texts([0, seen([...many, other])])[0]).toEqual([
      [
        String.raw`- ✅ Milestone: 7 commits in domain-apis: Add \*0\*, Add \*1\*, Add \*2\*, Add \*3\*, Add \*4\*, … and 2 more (+70 −7)`,
        `- ✅ Milestone: 1 commit in web: ${'long '.repeat(20).slice(0, 99)}… (+1200 −1) (\`csv\`)`,
      ].join('\n'),
    ]);
  });

  it('WA-3: what was there when the session started, and what we committed to save work, is none', () => {
    const history = commit('old', { at: 999_000 });
    const sameSecond = commit('quick', { at: 1_000_000 });
    expect(texts([0, seen([history, commit('saved', { own: true })])])).toEqual([[]]);
    expect(texts([0, seen([history, sameSecond])])[0]).toEqual([
      '✅ Milestone: 1 commit in domain-apis: Add quick (+10 −1) (`csv`)',
    ]);
  });

  it('WA-1: not looked at yet is nothing new; what a version that knew no commits left behind is not told', () => {
    expect(texts([0, observedWorkspace({ session })], [1, seen([a])])).toEqual([
      [],
      [expect.stringContaining('JWT')],
    ]);
    const before = { ...nothingTold('l1'), commits: null };
    const first = decide(seen([a]), before, 0, defaultLimits);
    expect([first.drafts, first.told.commits]).toEqual([[], [a.id]]);
    expect(decide(seen([a, b]), first.told, 1, defaultLimits).drafts[0]?.markdown).toContain('Add tests');
  });

  it('WA-3: within 30 s they share the message, and the line of their repository', () => {
    const later = seen([a, b]);
    expect(watch([0, seen([a])], [29_999, later], [30_000, seen([a, b, commit('docs')])])).toMatchObject([
      [{ edit: false, markdown: expect.stringContaining('1 commit in') }],
      [
        {
          edit: true,
          markdown: expect.stringContaining('2 commits in domain-apis: Add JWT middleware, Add tests (+120'),
        },
      ],
      [{ edit: false, markdown: expect.stringContaining('1 commit in domain-apis: Add docs') }],
    ]);
  });

  it.each([
    ['after it', [seen([]), { ...seen([]), milestones: [said] }, { ...seen([a]), milestones: [said] }]],
    ['before it', [seen([]), seen([a]), { ...seen([a]), milestones: [said] }]],
    ['with it', [seen([]), { ...seen([a]), milestones: [said] }]],
  ])(
    'WA-3: committed %s, the work of a milestone that the agent told is told once, in its words',
    (_, looks) => {
      expect(watch(...looks.map((each, at) => [at, each] as const)).at(-1)).toMatchObject([
        { markdown: '✅ Milestone: Login works (`csv`)', footer: '1 commit', wants: 'changes' },
      ]);
    },
  );

  it('WA-3: beside a list that is done they are a line of their own', () => {
    const done = { ...seen([a]), session: { ...session, todo: { done: 2, total: 2 } } };
    expect(texts([0, done])[0]).toEqual([
      '- 🎉 Milestone: Implementation complete (2/2 todos)\n- ✅ Milestone: 1 commit in domain-apis: Add JWT middleware (+100 −1) (`csv`)',
    ]);
  });

  it('WA-3, WA-4: the record has them also where the message only counts them', () => {
    const looks = [
      { ...seen([]), milestones: [said] },
      { ...seen([a]), milestones: [said] },
    ];
    expect(watch(...looks.map((each, at) => [at, each] as const))[1]).toMatchObject([
      { edit: true, record: '✅ Milestone: 1 commit in domain-apis: Add JWT middleware (+100 −1)' },
    ]);
  });

  it('WA-5: those that are too few or too small wait for more, and count then', () => {
    const few = { commits: { atLeast: 2 } };
    expect(texts([0, seen([a], few)], [9_000_000, seen([a, b], few)])).toEqual([
      [],
      [expect.stringContaining('2 commits')],
    ]);
    const small = { commits: { lines: 120 } };
    expect(texts([0, seen([a], small)], [9_000_000, seen([a, b], small)])).toEqual([
      [],
      [expect.stringContaining('(+120 −4)')],
    ]);
  });

  it('WA-5: left out where the project says so, also later', () => {
    expect(texts([0, seen([a], { commits: null })], [1, seen([a])])).toEqual([[], []]);
    expect(texts([0, seen([a], { milestones: false })], [1, seen([a])])).toEqual([[], []]);
  });

  it('WA-5: in quiet hours they wait for their end', () => {
    const night = Date.parse('2026-11-20T23:00:00Z');
    const quiet = observedWorkspace({ session: null }, { quiet: { from: '22:00', to: '07:00' } });
    const committed = { ...quiet, session: observedSession({ status: 'idle', startedAt }), commits: [a] };
    expect(texts([night, committed], [night + 8 * 3_600_000, committed])).toEqual([
      [],
      ['✅ Milestone: 1 commit in domain-apis: Add JWT middleware (+100 −1) (`csv`)'],
    ]);
  });

  it('WA-3: told before the end of the turn that made them', () => {
    expect(texts([0, { ...seen([a]), news: [{ n: 1, kind: 'turn', note: '' }] }])[0]).toEqual([
      expect.stringContaining('1 commit'),
      '💬 `csv` has finished its turn and waits.',
    ]);
  });

  it('WA-3: of thousands no more is remembered than is looked at, and none is told again', () => {
    const all = Array.from({ length: 1000 }, (_, index) => commit(`${index}`));
    const looks = Array.from({ length: 9 }, (_, at) => seen(all.slice(at * 100, at * 100 + 200)));
    const drafts = watch(...looks.map((each, at) => [at * 60_000, each] as const));
    expect(drafts.map(([each]) => /(\d+) commit/.exec(each?.markdown ?? '')?.[1])).toEqual([
      '200',
      ...Array.from({ length: 8 }, () => '100'),
    ]);
  });

  it('WS-4: in another thread the next ones are a message of their own', () => {
    const moved = { ...seen([a, b]), thread: { ...observedThread, thread: '2.0' } };
    expect(watch([0, seen([a])], [1, moved])[1]).toMatchObject([
      { edit: false, markdown: expect.stringContaining('1 commit in domain-apis: Add tests') },
    ]);
  });
});
