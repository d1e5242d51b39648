import { describe, expect, it } from 'vitest';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import { supervise } from './supervisor.ts';

/** Things that run until the test ends them; `fail` makes the next start-ups fail. */
function factory() {
  const made: { end: (why: string) => void; stopped: boolean }[] = [];
  let failures = 0;
  return {
    made,
    fail: (times: number) => (failures = times),
    bringUp: async () => {
      if (failures-- > 0) throw new Error('will not start');
      const exit = Promise.withResolvers<string>();
      const one = { end: exit.resolve, stopped: false };
      made.push(one);
      const stop = async () => {
        one.stopped = true;
        exit.resolve('stopped');
      };
      return { number: made.length, exited: exit.promise, stop };
    },
  };
}

function options(things: ReturnType<typeof factory>, delays: number[]) {
  return {
    bringUp: things.bringUp,
    log: createSilentLog(),
    upWaitMs: 5_000,
    delay: async (ms: number) => void delays.push(ms),
  };
}

describe('supervision', () => {
  it('OP-4: does not wait for a start that is under way when it is to end', async () => {
    const things = factory();
    const asked = Promise.withResolvers<void>();
    let starts = 0;
    const supervised = await supervise({
      ...options(things, []),
      bringUp: async (giveUp) => {
        starts += 1;
        if (starts === 1) return await things.bringUp();
        asked.resolve();
        await new Promise<void>((resolve) => giveUp.addEventListener('abort', () => resolve()));
        throw new Error('given up');
      },
    });
    things.made[0]?.end('killed');
    await asked.promise;
    await supervised[Symbol.asyncDispose]();
    expect(starts).toBe(2);
  });

  it('starts again after 1, 2, 4 s and tells of down and up', async () => {
    const things = factory();
    const delays: number[] = [];
    const told: string[] = [];
    const up = Promise.withResolvers<void>();
    await using supervised = await supervise({
      ...options(things, delays),
      onDown: (reason) => told.push(`down ${reason}`),
      onUp: () => {
        told.push('up');
        up.resolve();
      },
    });
    things.fail(2);
    things.made[0]?.end('killed');
    await up.promise;
    expect(delays).toEqual([1_000, 2_000, 4_000]);
    expect(told).toEqual(['down killed', 'up']);
    expect(supervised.current?.number).toBe(2);
    expect(supervised.restarts).toBe(1);
  });

  it('goes on with longer delays when it crashes at once, and begins anew once it was stable', async () => {
    const things = factory();
    const delays: number[] = [];
    let now = 0;
    let up = Promise.withResolvers<void>();
    await using _ = await supervise({ ...options(things, delays), now: () => now, onUp: () => up.resolve() });
    for (const livedMs of [10, 10, 60_000]) {
      now += livedMs;
      things.made.at(-1)?.end('crashed');
      await up.promise;
      up = Promise.withResolvers();
    }
    expect(delays).toEqual([1_000, 2_000, 1_000]);
  });

  it('a call during a restart waits for it', async () => {
    const things = factory();
    await using supervised = await supervise(options(things, []));
    await supervised.restart('test');
    await expect(supervised.whenUp()).resolves.toBeDefined();
  });

  it('a call fails when it does not come up in time', async () => {
    const things = factory();
    const down = Promise.withResolvers<void>();
    await using supervised = await supervise({
      ...options(things, []),
      upWaitMs: 10,
      onDown: () => down.resolve(),
      delay: (_, signal) => new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve())),
    });
    things.made[0]?.end('killed by a test');
    await down.promise;
    await expect(supervised.whenUp()).rejects.toThrow(/killed by a test/);
  });

  it('the error of the first start is the caller’s', async () => {
    const things = factory();
    things.fail(1);
    await expect(supervise(options(things, []))).rejects.toThrow('will not start');
  });

  it('OP-4: once disposed it ends what runs and starts nothing more', async () => {
    const things = factory();
    const supervised = await supervise(options(things, []));
    await supervised[Symbol.asyncDispose]();
    expect(things.made).toMatchObject([{ stopped: true }]);
    expect(supervised.current).toBeUndefined();
  });
});
