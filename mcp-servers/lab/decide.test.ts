import { describe, expect, it } from 'vitest';
import type { Deployment } from '../kit/lab.ts';
import { vanished } from './causes.ts';
import { decideReplaced, decideShown, decideStanding } from './decide.ts';
import { newRecord } from './record.ts';

const made = (
  id: string,
  status: Deployment['status'],
  startedAt: number,
  workspace = 'shop',
): Deployment => ({
  ...newRecord({
    id,
    workspace,
    repository: 'api',
    target: 'local',
    runtime: 'node',
    by: '',
    ref: null,
    startedAt,
  }).deployment,
  status,
  endedAt: startedAt + 5,
});
const ids = (all: readonly Deployment[]) => all.map(({ id }) => id);
const cause = { kind: 'unhealthy', text: 'x', fix: 'y' } as const;

describe('what follows from how labs stand', () => {
  it.each([
    ['ready', 'ready', null, { to: 'same' }],
    ['ready', 'starting', null, { to: 'same' }],
    ['ready', 'down', cause, { to: 'down', cause }],
    ['ready', 'absent', null, { to: 'down', cause: vanished }],
    ['down', 'absent', null, { to: 'same' }],
    ['down', 'starting', null, { to: 'same' }],
    ['down', 'ready', null, { to: 'ready' }],
  ] as const)('WA-1: %s and found %s', (status, state, because, expected) => {
    const verdict = decideStanding(made('a', status, 0), { state, cause: because, restarts: 0 }, 100, null);
    expect(verdict).toEqual(expected);
  });

  it('LAB-6: the time of one that expires counts from when it was ready', () => {
    const found = { state: 'ready', cause: null, restarts: 0 } as const;
    expect(decideStanding(made('a', 'ready', 0), found, 104, 100)).toEqual({ to: 'same' });
    expect(decideStanding(made('a', 'ready', 0), found, 105, 100)).toMatchObject({ to: 'removed' });
  });

  it('LAB-1: of several that stand, the newest ready one is meant; without one, all stay', () => {
    const all = [
      made('old', 'ready', 1),
      made('down', 'down', 2),
      made('new', 'ready', 3),
      made('failed', 'failed', 4),
      made('other', 'ready', 1, 'blog'),
    ];
    expect(ids(decideReplaced(all))).toEqual(['old', 'down']);
    expect(decideReplaced([made('a', 'down', 1), made('b', 'down', 2)])).toEqual([]);
  });

  it('LAB-6: a list shows the latest, and what runs beside it; nothing of what was removed', () => {
    const ready = made('ready', 'ready', 2);
    expect(ids(decideShown([made('old', 'replaced', 1), ready]))).toEqual(['ready']);
    expect(ids(decideShown([ready, made('failed', 'failed', 3)]))).toEqual(['failed', 'ready']);
    expect(decideShown([ready, made('gone', 'removed', 3)])).toEqual([]);
    expect(decideShown([])).toEqual([]);
  });
});
