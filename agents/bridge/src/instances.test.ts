import { describe, expect, it } from 'vitest';
import type { Api } from './api.ts';
import { createInstances } from './instances.ts';

function setUp(standing: { busy?: string[]; questions?: string[]; permissions?: string[] } = {}) {
  const disposed: string[] = [];
  let now = 0;
  const gate = Promise.withResolvers<void>();
  let held = false;
  const api = {
    busy: async () => standing.busy ?? [],
    questions: async () => standing.questions ?? [],
    permissions: async () => standing.permissions ?? [],
    disposeInstance: async (directory: string) => {
      if (held) await gate.promise;
      disposed.push(directory);
    },
  } as unknown as Api;
  const instances = createInstances({ api: () => api, home: '/home', now: () => now });
  return {
    instances,
    disposed,
    pass: (ms: number) => (now += ms),
    holdDispose: () => (held = true),
    letDispose: () => gate.resolve(),
  };
}

describe('directory instances', () => {
  it('ends those that were idle for long enough, never the one OpenCode started in', async () => {
    const { instances, disposed, pass } = setUp();
    for (const directory of ['/home', '/a', '/b']) instances.opened(directory);
    pass(60_000);
    instances.touch('/b');
    pass(1_000);
    await instances.sweep(30_000);
    expect(disposed).toEqual(['/a']);
    expect(instances.all()).toEqual(['/home', '/b']);
  });

  it.each([
    ['works', { busy: ['s1'] }],
    ['waits with a question', { questions: ['q1'] }],
    ['waits for a permission', { permissions: ['p1'] }],
  ])('never ends one in which a session %s', async (_, standing) => {
    const { instances, disposed, pass } = setUp(standing);
    instances.opened('/a');
    pass(60_000);
    expect(await instances.release('/a')).toBe(false);
    expect(disposed).toEqual([]);
  });

  it('never ends one while a command runs in it, nor right after', async () => {
    const { instances, pass } = setUp();
    instances.opened('/a');
    pass(60_000);
    const done = Promise.withResolvers<void>();
    const command = instances.hold('/a', () => done.promise);
    expect(await instances.release('/a')).toBe(false);
    done.resolve();
    await command;
    expect(await instances.release('/a')).toBe(false);
    pass(3_000);
    expect(await instances.release('/a')).toBe(true);
  });

  it('a command waits for an instance that is being ended', async () => {
    const { instances, disposed, pass, holdDispose, letDispose } = setUp();
    instances.opened('/a');
    pass(60_000);
    holdDispose();
    const released = instances.release('/a');
    const seen = instances.hold('/a', async () => [...disposed]);
    letDispose();
    expect(await seen).toEqual(['/a']);
    expect(await released).toBe(true);
  });

  it('does not know one that OpenCode never made', async () => {
    const { instances } = setUp();
    await expect(instances.hold('/bad', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(instances.all()).toEqual([]);
    expect(await instances.release('/bad')).toBe(false);
  });
});
