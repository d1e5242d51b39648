import { describe, expect, it } from 'vitest';
import { crashLoop, didNotInstall, exitedAtStart, notReady, outOfMemory } from './keeper/causes.ts';
import { decideCondition, handleOf, supervisorGone } from './status.ts';

const status = { phase: 'ready', begun: [], restarts: 1, cause: null, host: '127.0.0.1' } as const;
const cause = { kind: 'unhealthy', text: 'x', fix: 'y' } as const;

describe('how a lab on this machine stands', () => {
  it.each([
    ['ready', status, true, { state: 'ready', cause: null, restarts: 1 }],
    ['asleep', { ...status, phase: 'asleep' }, true, { state: 'ready', cause: null, restarts: 1 }],
    [
      'being started again',
      { ...status, phase: 'restarting' },
      true,
      { state: 'starting', cause: null, restarts: 1 },
    ],
    ['unwell', { ...status, phase: 'unhealthy', cause }, true, { state: 'down', cause, restarts: 1 }],
    [
      'ended for a reason',
      { ...status, phase: 'ended', cause },
      false,
      { state: 'down', cause, restarts: 1 },
    ],
    [
      'ended as it was told',
      { ...status, phase: 'ended' },
      false,
      { state: 'absent', cause: null, restarts: 1 },
    ],
    ['without its keeper', status, false, { state: 'down', cause: supervisorGone, restarts: 1 }],
    ['never begun', null, false, { state: 'absent', cause: null, restarts: 0 }],
    ['about to begin', null, true, { state: 'starting', cause: null, restarts: 0 }],
  ] as const)('LAB-9: %s', (_, found, isAlive, expected) => {
    expect(decideCondition(found, isAlive)).toEqual(expected);
  });

  it('LAB-9: a handle of another kind is none', () => {
    expect(handleOf({ handle: {} })).toBeNull();
    expect(handleOf({ handle: { namespace: 'shop-lab' } })).toBeNull();
  });

  it('LAB-4: causes say what happened in words', () => {
    const exit = { code: 1, signal: null, error: null };
    const texts = [
      didNotInstall('npm ci', 'late', 120_000),
      didNotInstall('npm ci', { code: null, signal: null, error: 'ENOENT' }, 1),
      exitedAtStart('node x.js', { ...exit, code: 0 }, ''),
      exitedAtStart('node x.js', { ...exit, code: null, signal: 'SIGKILL' }, 'Port 3000 was taken.'),
      crashLoop(exit, 4, 12_400),
      outOfMemory(600 * 1024 * 1024, 512),
      notReady({ is: 'closed' }, 4000, '/', 180_000, ''),
      notReady({ is: 'unwell', status: 500 }, 4000, '/up', 180_000, ''),
      notReady({ is: 'unwell', status: 0 }, 4000, '/up', 180_000, ''),
    ].map(({ text }) => text);
    expect(texts).toEqual([
      '`npm ci` took longer than 120 s.',
      '`npm ci` could not be started (ENOENT).',
      '`node x.js` ended by itself before it answered.',
      '`node x.js` was ended by SIGKILL before it answered. Port 3000 was taken.',
      'It crashed 4 times within 12 s and is not started again; at last it ended with exit code 1.',
      'It used 600 MB of memory; its limit is 512 MB.',
      'It runs, but nothing listened on port 4000 within 180 s.',
      'It runs, but /up answered 500 for 180 s.',
      'It runs, but /up gave no answer for 180 s.',
    ]);
  });
});
