import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSilentLog } from '../log.ts';
import { type Holder, decideHolder, foreignLockMs } from './lock-holder.ts';
import { claim, type Lock, openLock } from './lock.ts';

const log = createSilentLog();
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'lock-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const self = { host: 'here', boot: 'b1' };
const holder: Holder = { pid: 7, host: 'here', boot: 'b1', start: '100', released: false };
const fresh = { holder, ageMs: 0, runningStart: '100' };

describe('decideHolder', () => {
  it.each([
    ['the same process runs', fresh, true],
    ['it has released', { ...fresh, holder: { ...holder, released: true } }, false],
    ['it is gone', { ...fresh, runningStart: null }, false],
    ['its pid belongs to another process now', { ...fresh, runningStart: '999' }, false],
    ['its pid runs and the start is unknown', { ...fresh, runningStart: '' }, true],
    ['the machine was started anew', { ...fresh, holder: { ...holder, boot: 'b0' } }, false],
    [
      'another host beat lately',
      { ...fresh, holder: { ...holder, host: 'there' }, runningStart: null },
      true,
    ],
    [
      'another host has been silent',
      { ...fresh, holder: { ...holder, host: 'there' }, ageMs: foreignLockMs },
      false,
    ],
    ['an unreadable lock is fresh', { ...fresh, holder: null }, true],
    ['an unreadable lock is old', { ...fresh, holder: null, ageMs: foreignLockMs }, false],
  ])('%s', (_case, seen, taken) => {
    expect(decideHolder(seen, self).taken).toBe(taken);
  });
});

describe('openLock', () => {
  const lockFiles = async (): Promise<string[]> =>
    (await readdir(dir)).filter((name) => name.startsWith('lock'));

  it('of many that start at once, one wins', async () => {
    await (await openLock({ dir, log }))[Symbol.asyncDispose]();
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => openLock({ dir, log })));
    const won = results.filter(
      (result): result is PromiseFulfilledResult<Lock> => result.status === 'fulfilled',
    );
    expect(won).toHaveLength(1);
    const refused = results.flatMap((result) =>
      result.status === 'rejected' ? [result.reason as unknown] : [],
    );
    expect(refused).toHaveLength(19);
    for (const reason of refused) expect(reason).toMatchObject({ code: 'state_locked' });
    expect(await lockFiles()).toEqual(['lock.2']);
    await won[0]?.value[Symbol.asyncDispose]();
    expect(() => won[0]?.value.assertHeld()).toThrow(/no longer holds/);
  });

  it('who comes late with a number that is no longer the highest steps back', async () => {
    await writeFile(path.join(dir, 'lock.7'), JSON.stringify(holder));
    expect(await claim(dir, 6, holder)).toBeNull();
    expect(await claim(dir, 7, holder)).toBeNull();
    expect(await lockFiles()).toEqual(['lock.7']);
    expect(await claim(dir, 8, holder)).toBe('lock.8');
    expect(await lockFiles()).toEqual(['lock.8']);
  });

  it('honours another host while it beats, and names it', async () => {
    const file = path.join(dir, 'lock.3');
    await writeFile(file, JSON.stringify({ ...holder, host: 'another-host' }));
    await expect(openLock({ dir, log })).rejects.toThrow(/process 7 on host another-host, .* another 30 s/);
    const then = new Date(Date.now() - foreignLockMs);
    await utimes(file, then, then);
    await using _lock = await openLock({ dir, log });
    expect(await lockFiles()).toEqual(['lock.4']);
    expect(JSON.parse(await readFile(path.join(dir, 'lock.4'), 'utf8'))).toMatchObject({ pid: process.pid });
  });

  it('knows when somebody else has taken over', async () => {
    await using lock = await openLock({ dir, log, heartbeatMs: 5 });
    lock.assertHeld();
    await writeFile(path.join(dir, 'lock.9'), JSON.stringify({ ...holder, host: 'another-host' }));
    await expect.poll(() => isHeld(lock), { interval: 5 }).toBe(false);
  });
});

function isHeld(lock: Lock): boolean {
  try {
    lock.assertHeld();
    return true;
  } catch {
    return false;
  }
}
