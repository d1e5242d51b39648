import { describe, expect, it } from 'vitest';
import type { ThreadRecord } from '../threads/record.ts';
import { decideThreads } from './catch-up.ts';
import { messageSchema } from './schema.ts';

const oldest = '100.000000';
const root = (ts: string, latest?: string) =>
  messageSchema.parse({ type: 'message', ts, thread_ts: ts, ...(latest ? { latest_reply: latest } : {}) });
const record = (thread: string, first: string, last: string): ThreadRecord => ({
  ref: { team: 'T', channel: 'C', thread, dm: false },
  sessionId: null,
  muted: false,
  turn: null,
  queue: [],
  seen: [],
  firstMessageId: first,
  lastMessageId: last,
  delivered: [],
  aside: [],
  activeAt: 0,
});

describe('which threads are read after a gap', () => {
  it('IN-5: one that is served, unless its root says that nothing came', () => {
    const served = [record('050.000000', '050.000000', '060.000000')];
    const threads = [{ root: '050.000000', since: '060.000000' }];
    expect(decideThreads([root('050.000000', '061.000000')], served, oldest)).toEqual(threads);
    expect(decideThreads([root('050.000000', '060.000000')], served, oldest)).toEqual([]);
    // Its root is too old to be listed: nothing is known of it.
    expect(decideThreads([], served, oldest)).toEqual(threads);
  });

  it('IN-5: from before its newest message, when older ones may have been missed', () => {
    const served = [record('050.000000', '050.000000', '120.000000')];
    expect(decideThreads([root('050.000000', '120.000000')], served, oldest)).toEqual([
      { root: '050.000000', since: oldest },
    ]);
  });

  it('IN-3: never from before the bot was called into it', () => {
    const served = [record('050.000000', '110.000000', '120.000000')];
    expect(decideThreads([root('050.000000', '120.000000')], served, oldest)).toEqual([
      { root: '050.000000', since: '110.000000' },
    ]);
  });

  it('IN-5: one that is new below an old message, and none that is old and not ours', () => {
    const roots = [root('050.000000', '110.000000'), root('051.000000', '099.000000'), root('101.000000')];
    expect(decideThreads(roots, [], oldest)).toEqual([{ root: '050.000000', since: oldest }]);
  });
});
