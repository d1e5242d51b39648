import { describe, expect, it } from 'vitest';
import { type SessionStatus, workspaceStateSchema } from '../../mcp-servers/kit/work.ts';
import { type ListEntry, listText, showLabAndTests, standingOf } from './standing.ts';

function entry(workspace: string, status: SessionStatus | null, more: Partial<ListEntry> = {}): ListEntry {
  const title = `Title of ${workspace}`;
  const row = {
    workspace,
    title,
    project: 'a/b',
    session: 's',
    agent: 'builder',
    model: 'm/x',
    here: false,
  } as const;
  return { workspace, title, row: status && { ...row, status }, asks: [], lab: null, ...more };
}

describe('how work stands', () => {
  it.each([
    ['running', 0, 'runs'],
    ['starting', 0, 'runs'],
    ['running', 1, 'needs you'],
    ['complete', 1, 'needs you'],
    ['crashed', 0, 'needs you'],
    ['idle', 0, 'waits'],
    ['paused', 0, 'waits'],
    ['unreachable', 0, 'waits'],
    [null, 0, 'waits'],
    ['stopped', 0, 'done'],
    ['complete', 0, 'done'],
  ] as const)('IN-10: %s with %i asks: %s', (status, asks, standing) => {
    expect(standingOf(status, asks)).toBe(standing);
  });

  it('IN-10: the list begins with what needs me', () => {
    const at = '2026-11-20T05:00:00.000Z';
    const lab = { id: 'd', status: 'ready', url: 'http://127.0.0.1:4000/', cause: '', at } as const;
    const entries = [
      entry('done', 'complete'),
      entry('bare', null),
      entry('busy', 'running', { lab }),
      entry('asks', 'running', { asks: ['Which\ndatabase?', 'Another'] }),
      entry('down', 'idle', { lab: { ...lab, status: 'down', cause: 'exited' } }),
    ];
    expect(listText(entries, 5)).toBe(
      [
        '🙋 NEEDS YOU',
        '- 🟢 running · `asks` — Title of asks (builder) · ❓ Which database? and 1 more',
        '',
        '🏃 RUNS',
        '- 🟢 running · `busy` — Title of busy (builder) · ✅ lab at <http://127.0.0.1:4000/>',
        '',
        '💤 WAITS',
        '- `bare` — Title of bare · no session',
        '- 💤 idle · `down` — Title of down (builder) · 💥 lab down: exited',
        '',
        '✅ DONE',
        '- ✅ complete · `done` — Title of done (builder)',
        '',
        '3 of 5 places taken.',
      ].join('\n'),
    );
  });

  it('IN-10: with nothing there, it says how to begin', () => {
    expect(listText([], 10)).toContain('/opencode start');
  });

  it('LAB-6: the status tells lab and tests; what is damaged in the state file is as if it were not there', () => {
    const at = '2026-11-20T05:00:00.000Z';
    const base = { version: 1, workspace: 'w', project: { category: 'a', project: 'b' }, title: 't' };
    const rest = { repositories: [], branch: 'b', createdBy: 'U', createdAt: at, thread: null };
    const state = (more: Record<string, unknown>) =>
      workspaceStateSchema.parse({ ...base, ...rest, routing: null, session: null, ...more });
    const lab = { id: 'd', status: 'ready', url: 'http://127.0.0.1:1', cause: '', at };
    const tests = [{ id: 't', suite: 'unit', text: '⚠️ Some tests failing', green: false, at }];
    expect(showLabAndTests(state({ lab, tests }))).toEqual([
      '✅ lab at <http://127.0.0.1:1>',
      '⚠️ Some tests failing',
    ]);
    expect(showLabAndTests(state({ lab: { ...lab, status: 'removed' } }))).toEqual([]);
    expect(showLabAndTests(state({ lab: 'boom', tests: [1] }))).toEqual([]);
  });
});
