import { describe, expect, it } from 'vitest';
import type { Api } from './api.ts';
import { createInstances } from './instances.ts';
import { createStandings } from './standing.ts';

function setUp() {
  let now = 0;
  const asked: string[] = [];
  /** What happens after one question was answered, and before the next. */
  const meanwhile: (() => void)[] = [];
  const busy = new Map<string, string[]>();
  const questions = new Map<string, { id: string; sessionID: string }[]>();
  const api = {
    busy: async (directory: string) => {
      asked.push(directory);
      const found = busy.get(directory) ?? [];
      meanwhile.shift()?.();
      return found;
    },
    questions: async (directory: string) => questions.get(directory) ?? [],
    permissions: async () => [],
  } as unknown as Api;
  const instances = createInstances({ api: () => api, home: '/home', now: () => now });
  const parents: Record<string, string> = { child: 'a1' };
  const rootOf = (id: string) => parents[id] ?? id;
  const standings = createStandings({ api: () => api, instances, rootOf, now: () => now });
  return { standings, instances, busy, questions, asked, meanwhile, pass: (ms: number) => (now += ms) };
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

  it('WA-1: asks only where something changed, and what works again after 10 s; makes no instance', async () => {
    const { standings, instances, busy, asked, pass } = setUp();
    const looked = async () => {
      asked.length = 0;
      const { busy: found } = await standings.recent();
      return [found.map(({ session_id }) => session_id), asked.toSorted()];
    };
    for (const directory of ['/quiet', '/busy', '/gone']) instances.opened(directory);
    busy.set('/busy', ['b1']);
    busy.set('/gone', ['g1']);
    expect(await looked()).toEqual([
      ['b1', 'g1'],
      ['/busy', '/gone', '/quiet'],
    ]);
    expect(await looked()).toEqual([['b1', 'g1'], []]);
    instances.closed('/gone');
    busy.set('/quiet', ['q1']);
    standings.heard('/quiet', 'message.updated');
    expect(await looked()).toEqual([['b1'], []]);
    standings.heard('/quiet', 'session.status');
    expect(await looked()).toEqual([['b1', 'q1'], ['/quiet']]);
    busy.delete('/busy');
    busy.set('/quiet', []);
    pass(11_000);
    expect(await looked()).toEqual([[], ['/busy', '/quiet']]);
    pass(120_000);
    expect(await looked()).toEqual([[], []]);
    asked.length = 0;
    await standings.all();
    expect(asked.toSorted()).toEqual(['/busy', '/quiet']);
  });

  it('WA-1: what changes while it is read is read again', async () => {
    const { standings, instances, busy, asked, meanwhile } = setUp();
    instances.opened('/a');
    meanwhile.push(() => {
      busy.set('/a', ['a1']);
      standings.heard('/a', 'session.status');
    });
    expect((await standings.recent()).busy).toEqual([]);
    asked.length = 0;
    expect((await standings.recent()).busy).toEqual([{ session_id: 'a1', directory: '/a' }]);
    expect(asked).toEqual(['/a']);
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
