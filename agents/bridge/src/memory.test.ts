import { describe, expect, it } from 'vitest';
import type { BridgeEvent } from '../protocol.ts';
import { createMemory } from './memory.ts';

const shared = { session_id: 's', directory: '/w' };
const milestone = (n: number): BridgeEvent => ({
  kind: 'agent.milestone',
  ...shared,
  text: `M${n}`,
  call_id: `c${n}`,
});

describe('what the bridge remembers', () => {
  it('WA-3: the latest 200 milestones by their call, oldest first', () => {
    const memory = createMemory(() => 7);
    for (let n = 0; n < 201; n++) memory.note(milestone(n));
    expect(memory.milestones()).toHaveLength(200);
    expect(memory.milestones()[0]).toEqual({ id: 'c1', session_id: 's', text: 'M1', at: 7 });
  });

  it('WA-3: how far the todo list of each session is', () => {
    const memory = createMemory(() => 0);
    for (const done of [1, 2]) memory.note({ kind: 'todo.updated', ...shared, done, total: 3 });
    memory.note({ kind: 'session.idle', ...shared });
    expect(memory.todos()).toEqual([{ session_id: 's', done: 2, total: 3 }]);
    for (let n = 0; n < 500; n++)
      memory.note({ kind: 'todo.updated', ...shared, session_id: `s${n}`, done: 0, total: 1 });
    expect(memory.todos()).toHaveLength(500);
    expect(memory.todos()[0]?.session_id).toBe('s0');
  });
});
