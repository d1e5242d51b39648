import { describe, expect, it } from 'vitest';
import { createLanes } from './lanes.ts';

describe('lanes', () => {
  it('run one task of a key at a time, in order, also after one that failed; other keys go on', async () => {
    const lanes = createLanes();
    const gate = Promise.withResolvers<void>();
    const seen: string[] = [];
    const first = lanes('a', async () => {
      await gate.promise;
      seen.push('a1');
      throw new Error('a1 failed');
    });
    const second = lanes('a', async () => seen.push('a2'));
    await lanes('b', async () => seen.push('b'));
    expect(seen).toEqual(['b']);
    expect([lanes.isBusy('a'), lanes.isBusy('b')]).toEqual([true, false]);
    gate.resolve();
    await expect(first).rejects.toThrow('a1 failed');
    expect(await second).toBe(3);
    expect(seen).toEqual(['b', 'a1', 'a2']);
    expect(lanes.isBusy('a')).toBe(false);
  });

  it('settle when all that was begun has ended, well or not', async () => {
    const lanes = createLanes();
    const gate = Promise.withResolvers<void>();
    const ended: string[] = [];
    const failing = lanes('a', async () => {
      await gate.promise;
      ended.push('a');
      throw new Error('no');
    });
    failing.catch(() => {});
    const waiting = lanes('a', async () => void ended.push('later'));
    const settled = lanes.settle().then(() => ended.push('settled'));
    gate.resolve();
    await Promise.all([settled, waiting]);
    expect(ended).toEqual(['a', 'later', 'settled']);
  });
});
