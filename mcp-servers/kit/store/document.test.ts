import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Document } from './document.ts';

const schema = z.array(z.string());
const append = (word: string) => (current?: string[]) => [...(current ?? []), word];

/** A disk whose writes end when the test says so. */
function createDisk(first?: string[]) {
  const writes: { value: string[] | undefined; end: PromiseWithResolvers<void> }[] = [];
  const lost: unknown[] = [];
  const door = {
    load: async () => first,
    save: (value: string[] | undefined) => {
      const end = Promise.withResolvers<void>();
      writes.push({ value, end });
      return end.promise;
    },
    onLost: (error: unknown) => lost.push(error),
  };
  const write = async (index: number) => {
    await expect.poll(() => writes.length, { interval: 1 }).toBeGreaterThan(index);
    return writes[index] as (typeof writes)[number];
  };
  return { door, writes, write, lost };
}

async function openDocument(first?: string[]) {
  const disk = createDisk(first);
  const document = new Document<string[]>(disk.door, schema);
  await document.loaded;
  return { disk, document };
}

describe('document', () => {
  it('folds what arrives during a write into the next one', async () => {
    const { disk, document } = await openDocument();
    const first = document.update(append('a'), true);
    const write = await disk.write(0);
    const others = ['b', 'c', 'd'].map((word) => document.update(append(word), true));
    expect(document.current).toEqual(['a', 'b', 'c', 'd']);
    write.end.resolve();
    expect(await first).toEqual(['a']);
    (await disk.write(1)).end.resolve();
    expect(await Promise.all(others)).toEqual([
      ['a', 'b'],
      ['a', 'b', 'c'],
      ['a', 'b', 'c', 'd'],
    ]);
    expect(disk.writes.map(({ value }) => value)).toEqual([['a'], ['a', 'b', 'c', 'd']]);
  });

  it('a failed write refuses its callers and replays what came after on the older value', async () => {
    const { disk, document } = await openDocument(['x']);
    const failing = document.update(append('a'), true);
    const write = await disk.write(0);
    const lazy = await document.update(append('b'), false);
    const later = document.update(append('c'), true);
    expect(lazy).toEqual(['x', 'a', 'b']);
    write.end.reject(new Error('ENOSPC'));
    await expect(failing).rejects.toThrow('ENOSPC');
    (await disk.write(1)).end.resolve();
    expect(await later).toEqual(['x', 'b', 'c']);
    expect(document.current).toEqual(['x', 'b', 'c']);
    expect(disk.writes[1]?.value).toEqual(['x', 'b', 'c']);
  });

  it('tells of a lazy change that could not be written', async () => {
    const { disk, document } = await openDocument(['x']);
    await document.update(append('a'), false);
    const flushing = document.flush();
    (await disk.write(0)).end.reject(new Error('ENOSPC'));
    await expect(flushing).rejects.toThrow('ENOSPC');
    expect(disk.lost).toHaveLength(1);
    expect(document.current).toEqual(['x']);
  });

  it('writes nothing for no change, but answers a durable caller only when what it saw is on the disk', async () => {
    const { disk, document } = await openDocument(['x']);
    expect(await document.update((current) => current, true)).toEqual(['x']);
    expect(disk.writes).toHaveLength(0);
    const first = document.update(append('a'), true);
    let answered = false;
    const second = document
      .update((current) => current, true)
      .then((value) => {
        answered = true;
        return value;
      });
    const write = await disk.write(0);
    expect(answered).toBe(false);
    write.end.resolve();
    expect(await first).toEqual(await second);
    expect(disk.writes).toHaveLength(1);
  });

  it('writes again after a failure even when memory equals what was stored: the disk may hold either', async () => {
    const { disk, document } = await openDocument(['x']);
    const failing = document.update(append('a'), true);
    (await disk.write(0)).end.reject(new Error('EIO'));
    await expect(failing).rejects.toThrow('EIO');
    const same = document.update((current) => current, true);
    (await disk.write(1)).end.resolve();
    expect(await same).toEqual(['x']);
    expect(disk.writes[1]?.value).toEqual(['x']);
  });

  it('a change that throws changes nothing and harms no other', async () => {
    const { disk, document } = await openDocument(['x']);
    const bad = document.update(() => {
      throw new Error('no');
    }, true);
    const good = document.update(append('a'), true);
    await expect(bad).rejects.toThrow('no');
    (await disk.write(0)).end.resolve();
    expect(await good).toEqual(['x', 'a']);
  });
});
