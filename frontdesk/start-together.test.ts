import { describe, expect, it } from 'vitest';
import { startTogether } from './start-together.ts';

/** Parts that tell what becomes of them. */
function parts() {
  const told: string[] = [];
  const part = (name: string): AsyncDisposable => ({
    async [Symbol.asyncDispose]() {
      told.push(`${name} stopped`);
    },
  });
  const start = (name: string) => async () => {
    told.push(`${name} started`);
    return part(name);
  };
  return { told, part, start };
}

const fail = (words: string) => async (): Promise<AsyncDisposable> => {
  throw new Error(words);
};

describe('two parts of the service that start together', () => {
  it('neither waits for the other, and both run', async () => {
    const { told, part, start } = parts();
    const gate = Promise.withResolvers<void>();
    const slow = async () => {
      await gate.promise;
      return part('slow');
    };
    const starting = startTogether(slow, async () => {
      gate.resolve();
      return await start('quick')();
    });
    expect(await starting).toHaveLength(2);
    expect(told).toEqual(['quick started']);
  });

  it('the one that had started is stopped when the other fails', async () => {
    const { told, start } = parts();
    await expect(startTogether(start('host'), fail('no model'))).rejects.toThrow('no model');
    expect(told).toEqual(['host started', 'host stopped']);
  });

  it('the one that still starts is given up, and the first failure is told', async () => {
    const waits = (giveUp: AbortSignal) =>
      new Promise<AsyncDisposable>((_, reject) => {
        giveUp.addEventListener('abort', () => reject(new Error('given up')));
      });
    await expect(startTogether(waits, fail('agent altered'))).rejects.toThrow('agent altered');
  });

  it('there may be only one', async () => {
    const { start } = parts();
    const [one, none] = await startTogether(start('one'), async () => null);
    expect([one === null, none]).toEqual([false, null]);
  });
});
