import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createLog, createSilentLog } from '../log.ts';
import { buildFileName } from './file-name.ts';
import { openStore } from './store.ts';

const log = createSilentLog();
const schema = z.object({ n: z.int(), text: z.string().optional() });
let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'store-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const spec = { name: 'things', schema, version: 1 };
const plusOne = (current?: { n: number }) => ({ n: (current?.n ?? 0) + 1 });

function fileOf(id: string): string {
  const { shard, name } = buildFileName(id);
  return path.join(dir, 'things', shard, name);
}

async function collect<V>(values: AsyncIterable<V>): Promise<V[]> {
  const all: V[] = [];
  for await (const value of values) all.push(value);
  return all;
}

describe('store', () => {
  it('keeps what an update resolved with, over a restart', async () => {
    {
      await using store = await openStore({ dir, log });
      const things = store.collection(spec);
      expect(await things.get('T1:C2:173.45')).toBeUndefined();
      expect(await things.update('T1:C2:173.45', plusOne)).toEqual({ n: 1 });
      expect(JSON.parse(await readFile(fileOf('T1:C2:173.45'), 'utf8'))).toEqual({
        v: 1,
        id: 'T1:C2:173.45',
        data: { n: 1 },
      });
    }
    await using store = await openStore({ dir, log });
    expect(await store.collection(spec).get('T1:C2:173.45')).toEqual({ n: 1 });
  });

  it('folds queued updates of one document into one write, in order', async () => {
    let writes = 0;
    const counting = createLog({
      level: 'trace',
      redact: (line) => line,
      destination: { write: (line: string) => void (line.includes('store.document.written') && writes++) },
    });
    await using store = await openStore({ dir, log: counting });
    const things = store.collection(spec);
    const results = await Promise.all(Array.from({ length: 100 }, () => things.update('a', plusOne)));
    expect(results.map((result) => result?.n)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
    expect(writes).toBe(1);
    expect(JSON.parse(await readFile(fileOf('a'), 'utf8'))).toMatchObject({ data: { n: 100 } });
  });

  it('shows a change at once and writes it lazily when nobody waits for the disk', async () => {
    await using store = await openStore({ dir, log });
    const things = store.collection(spec);
    await things.update('a', plusOne);
    await things.update('a', plusOne, { durable: false });
    expect(await things.get('a')).toEqual({ n: 2 });
    await expect
      .poll(async () => JSON.parse(await readFile(fileOf('a'), 'utf8')) as unknown, { interval: 5 })
      .toMatchObject({ data: { n: 2 } });
  });

  it('writes lazy changes on close', async () => {
    {
      await using store = await openStore({ dir, log });
      await store.collection(spec).update('a', plusOne, { durable: false });
    }
    await using store = await openStore({ dir, log });
    expect(await store.collection(spec).get('a')).toEqual({ n: 1 });
  });

  it('deletes, lists and iterates, including what is not synced yet', async () => {
    await using store = await openStore({ dir, log });
    const things = store.collection({ ...spec, cache: 3 });
    const ids = ['', '.', '..', '../../etc/passwd', 'a/b', 'ü 🐢', '~+%', '\ud800', 'x'.repeat(500), '%'];
    for (const [n, id] of ids.entries()) await things.update(id, () => ({ n }));
    await things.update('lazy', () => ({ n: 99 }), { durable: false });
    await things.update('a/b', () => undefined);
    const expected = [...ids.filter((id) => id !== 'a/b'), 'lazy'];
    expect((await things.ids()).sort()).toEqual(expected.sort());
    const seen = await collect(things.entries());
    expect(new Map(seen)).toEqual(
      new Map(expected.map((id) => [id, { n: id === 'lazy' ? 99 : ids.indexOf(id) }])),
    );
    expect(await things.get('a/b')).toBeUndefined();
  });

  it('freezes values and refuses what the schema refuses, changing nothing', async () => {
    await using store = await openStore({ dir, log });
    const things = store.collection(spec);
    const value = await things.update('a', plusOne);
    expect(Object.isFrozen(value)).toBe(true);
    await expect(things.update('a', () => ({ n: 0.5 }))).rejects.toThrow(z.ZodError);
    expect(await things.get('a')).toEqual({ n: 1 });
  });

  it('rolls memory back when the disk refuses, and goes on when it is well again', async () => {
    await using store = await openStore({ dir, log });
    const things = store.collection(spec);
    await things.update('a', plusOne);
    const shard = path.dirname(fileOf('a'));
    await rm(shard, { recursive: true });
    await writeFile(shard, 'a file where the folder should be');
    const failing = [things.update('a', plusOne), things.update('a', plusOne)];
    expect((await Promise.allSettled(failing)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await things.get('a')).toEqual({ n: 1 });
    expect(await readdir(path.join(dir, 'tmp'))).toEqual([]);
    await rm(shard);
    expect(await things.update('a', plusOne)).toEqual({ n: 2 });
    expect(JSON.parse(await readFile(fileOf('a'), 'utf8'))).toMatchObject({ data: { n: 2 } });
  });

  it('sets a damaged file aside, reports it, and goes on with the rest', async () => {
    {
      await using store = await openStore({ dir, log });
      const things = store.collection(spec);
      for (const id of ['bad json', 'bad schema', 'empty', 'good']) await things.update(id, plusOne);
    }
    await writeFile(fileOf('bad json'), '{"v":1,"id":"bad js');
    await writeFile(fileOf('bad schema'), '{"v":1,"id":"bad schema","data":{"n":"one"}}');
    await writeFile(fileOf('empty'), '');
    const damaged: { id: string; movedTo: string; text: string }[] = [];
    await using store = await openStore({
      dir,
      log,
      onDamaged: ({ id, movedTo }) => damaged.push({ id, movedTo, text: '' }),
    });
    const things = store.collection(spec);
    expect(await collect(things.entries())).toEqual([['good', { n: 1 }]]);
    expect(damaged.map(({ id }) => id).sort()).toEqual(['bad json', 'bad schema', 'empty']);
    const moved = damaged.find(({ id }) => id === 'bad json');
    expect(await readFile(moved?.movedTo ?? '', 'utf8')).toBe('{"v":1,"id":"bad js');
    expect(await things.update('bad json', plusOne)).toEqual({ n: 1 });
    expect(await readFile(moved?.movedTo ?? '', 'utf8')).toBe('{"v":1,"id":"bad js');
  });

  it('migrates step by step, and leaves what is newer alone', async () => {
    {
      await using store = await openStore({ dir, log });
      await store.collection(spec).update('a', plusOne);
    }
    const newer = {
      name: 'things',
      schema: z.object({ count: z.string() }),
      version: 3,
      migrations: {
        1: (old: unknown) => ({ count: (old as { n: number }).n }),
        2: (old: unknown) => ({ count: String((old as { count: number }).count) }),
      },
    };
    {
      await using store = await openStore({ dir, log });
      const things = store.collection(newer);
      expect(await things.get('a')).toEqual({ count: '1' });
      await things.update('a', () => ({ count: '2' }));
    }
    await using store = await openStore({ dir, log });
    const things = store.collection(spec);
    const before = await readFile(fileOf('a'), 'utf8');
    await expect(things.get('a')).rejects.toMatchObject({ code: 'state_newer' });
    await expect(things.update('a', plusOne)).rejects.toMatchObject({ code: 'state_newer' });
    expect(await readFile(fileOf('a'), 'utf8')).toBe(before);
    expect(() => store.collection({ ...newer, name: 'others', migrations: {} })).toThrow(/version 1/);
  });

  it('forgets what the rule of a collection says, changes what it cuts, and asks it of the newest value', async () => {
    await using store = await openStore({ dir, log });
    const tidied: string[] = [];
    const things = store.collection({
      ...spec,
      tidy(value, id, { now, before }) {
        tidied.push(id);
        if (value.n < before) return undefined;
        return value.n < now && value.text !== undefined ? { n: value.n } : value;
      },
    });
    const others = store.collection({ ...spec, name: 'others' });
    for (const [id, n] of [
      ['old', 1],
      ['cut', 15],
      ['new', 25],
    ] as const)
      await things.update(id, () => ({ n, text: id }));
    await others.update('old', () => ({ n: 1 }));
    const tidying = store.tidy({ now: 20, before: 10 });
    await things.update('old', () => ({ n: 11 }));
    expect(await tidying).toEqual({ things: expect.any(Number) });
    expect(await things.get('old')).toEqual({ n: 11 });
    await store.tidy({ now: 20, before: 12 });
    expect(await collect(things.entries())).toEqual(
      expect.arrayContaining([
        ['cut', { n: 15 }],
        ['new', { n: 25, text: 'new' }],
      ]),
    );
    expect(await things.ids()).not.toContain('old');
    await expect(readFile(fileOf('old'), 'utf8')).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await others.get('old')).toEqual({ n: 1 });
    tidied.length = 0;
    expect(await store.tidy({ now: 20, before: 12 }), 'nothing is left to do').toEqual({});
    expect(tidied.toSorted(), 'each is read once').toEqual(['cut', 'new']);
  });

  it('refuses a second writer, by pid and host, until the first has closed', async () => {
    const first = await openStore({ dir, log });
    const second = openStore({ dir, log });
    await expect(second).rejects.toMatchObject({ code: 'state_locked' });
    await expect(second).rejects.toThrow(`process ${process.pid} on this host (${os.hostname()})`);
    await first[Symbol.asyncDispose]();
    await (await openStore({ dir, log }))[Symbol.asyncDispose]();
  });

  it('removes temporary files left by a writer that was killed', async () => {
    await (await openStore({ dir, log }))[Symbol.asyncDispose]();
    await writeFile(path.join(dir, 'tmp', 'left-over'), 'half');
    await using _store = await openStore({ dir, log });
    expect(await readdir(path.join(dir, 'tmp'))).toEqual([]);
  });
});
