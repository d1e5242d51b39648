import { describe, expect, it } from 'vitest';
import type { Api } from './api.ts';
import { createInstances } from './instances.ts';
import { createStandings } from './standing.ts';

function setUp() {
  let now = 0;
  const asked: string[] = [];
  const busy = new Map<string, string[]>();
  const questions = new Map<string, { id: string; sessionID: string }[]>();
  const api = {
    busy: async (directory: string) => (asked.push(directory), busy.get(directory) ?? []),
    questions: async (directory: string) => questions.get(directory) ?? [],
    permissions: async () => [],
  } as unknown as Api;
  const instances = createInstances({ api: () => api, home: '/home', now: () => now });
  const parents: Record<string, string> = { child: 'a1' };
  const rootOf = (id: string) => parents[id] ?? id;
  const standings = createStandings({ api: () => api, instances, rootOf });
  return { standings, instances, busy, questions, asked, pass: (ms: number) => (now += ms) };
}

describe('how a host stands', () => {
  it('WA-1: tells who works and what waits, a subagent as the session that started it', async () => {
    const { standings, instances, busy, questions } = setUp();
    instances.opened('/a');
    busy.set('/a', ['a1', 'child']);
    questions.set('/a', [{ id: 'q1', sessionID: 'child' }]);
    expect(await standings.recent()).toEqual({
      busy: [{ session_id: 'a1', directory: '/a' }],
      waiting: [
        {
          kind: 'question.asked',
          question_id: 'q1',
          session_id: 'a1',
          directory: '/a',
          request: { id: 'q1', sessionID: 'child' },
        },
      ],
    });
  });

  it('WA-1: asks only where something happened lately, works or waits; makes no instance', async () => {
    const { standings, instances, busy, asked, pass } = setUp();
    for (const directory of ['/quiet', '/busy', '/gone']) instances.opened(directory);
    busy.set('/busy', ['b1']);
    busy.set('/gone', ['g1']);
    await standings.recent();
    expect(asked.toSorted()).toEqual(['/busy', '/gone', '/quiet']);
    pass(120_000);
    instances.closed('/gone');
    asked.length = 0;
    expect((await standings.recent()).busy).toEqual([{ session_id: 'b1', directory: '/busy' }]);
    expect(asked).toEqual(['/busy']);
    busy.clear();
    await standings.recent();
    asked.length = 0;
    await standings.recent();
    expect(asked).toEqual([]);
    instances.touch('/quiet');
    await standings.recent();
    expect(asked).toEqual(['/quiet']);
    await standings.all();
    expect(asked).toEqual(['/quiet', '/quiet', '/busy']);
  });

  it('looking keeps no instance from being ended, and none is read while it ends', async () => {
    const { standings, instances, pass } = setUp();
    instances.opened('/a');
    pass(10_000);
    const looking = standings.all();
    expect(await instances.look('/never', async () => 'made')).toBeUndefined();
    await looking;
    expect(instances.touchedWithin(5_000)).toEqual([]);
  });
});
