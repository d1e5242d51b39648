import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createSilentLog } from '../mcp-servers/kit/log.ts';
import { openStore, type Store } from '../mcp-servers/kit/store/store.ts';
import { startTidying } from './tidying.ts';

const dayMs = 86_400_000;
const log = createSilentLog();

describe('tidying up', () => {
  let dir: string;
  let store: Store;
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    dir = await mkdtemp(join(tmpdir(), 'frontdesk-tidying-'));
    store = await openStore({ dir, log });
  });
  afterEach(async () => {
    vi.useRealTimers();
    await store[Symbol.asyncDispose]();
    await rm(dir, { recursive: true });
  });

  const openThings = () =>
    store.collection({
      name: 'things',
      schema: z.object({ endedAt: z.number() }),
      version: 1,
      tidy: (thing, _, { before }) => (thing.endedAt < before ? undefined : thing),
    });

  it('OP-4: what is over is forgotten at the start, and every day from then on', async () => {
    const things = openThings();
    let now = 100 * dayMs;
    for (const day of [69, 71, 72]) await things.update(`day-${day}`, () => ({ endedAt: day * dayMs }));
    let packed = 0;
    const workspaces = { tidy: async () => void (packed += 1) };
    await using _ = startTidying({ store, workspaces, keepDays: 30, log, now: () => now });
    await expect.poll(async () => (await things.ids()).toSorted()).toEqual(['day-71', 'day-72']);
    await expect.poll(() => packed).toBe(1);
    now += 1.5 * dayMs;
    vi.advanceTimersByTime(dayMs);
    await expect.poll(() => things.ids()).toEqual(['day-72']);
    await expect.poll(() => packed).toBe(2);
  });

  it('OP-4: what cannot be forgotten now is tried again the next day, and keeps nothing from running', async () => {
    let tries = 0;
    const failing = {
      async tidy() {
        tries += 1;
        throw new Error('the disk is full');
      },
    };
    await using _ = startTidying({ store: failing, workspaces: null, keepDays: 30, log, now: Date.now });
    await expect.poll(() => tries).toBe(1);
    vi.advanceTimersByTime(dayMs);
    await expect.poll(() => tries).toBe(2);
  });

  it('OP-4: closed meanwhile, it ends with what it is at', async () => {
    const things = openThings();
    for (let at = 0; at < 300; at += 1)
      await things.update(`${at}`, () => ({ endedAt: 0 }), { durable: false });
    await startTidying({ store, workspaces: null, keepDays: 30, log, now: Date.now })[Symbol.asyncDispose]();
    expect((await things.ids()).length).toBeGreaterThan(200);
  });
});
