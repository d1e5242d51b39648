import { describe, expect, it } from 'vitest';
import { decide } from './decide.ts';
import type { ThreadRecord } from './record.ts';
import { dropStrangers } from './strangers.ts';

const ref = { team: 'T1', channel: 'C1', thread: '1.0', dm: false };

/** Who speaks first has the turn, the others wait. */
function threadOf(...authors: string[]): ThreadRecord {
  let record: ThreadRecord | undefined;
  for (const [index, author] of authors.entries())
    ({ record } = decide(
      record,
      {
        kind: 'message',
        ref,
        messageId: `1.00000${index}`,
        eventId: `Ev${index}`,
        author,
        text: 'do it',
        files: [],
        addressing: 'direct',
      },
      { now: 1000, promptId: 'msg_1' },
    ));
  return record as ThreadRecord;
}

describe('who was taken off the allowlist', () => {
  it('IN-2: what they asked before is not taken up again; what others asked is', () => {
    const before = threadOf('U_EVE', 'U_ANNA', 'U_EVE');
    const owed = ['U_EVE', 'U_ANNA'].map((author) => ({
      kind: 'command' as const,
      messageId: '0.1',
      author,
      text: 'cleanup',
    }));
    const { record, actions } = dropStrangers({ ...before, owed }, ['U_ANNA']);
    expect(record?.turn?.stop).toMatchObject({ why: 'limit' });
    expect(record?.queue.map(({ author }) => author)).toEqual(['U_ANNA']);
    expect(record?.owed).toMatchObject([{ author: 'U_ANNA' }]);
    expect(actions).toEqual([
      { kind: 'unqueued', messageId: '1.000002', by: '', how: 'deleted' },
      { kind: 'mark', messageId: '1.000002', on: false },
    ]);
    expect(dropStrangers(record, ['U_ANNA'])).toEqual({ record, actions: [] });
  });

  it('IN-2: with everybody still on it, nothing is stored', () => {
    const before = threadOf('U_EVE', 'U_ANNA');
    expect(dropStrangers(before, ['U_ANNA', 'U_EVE']).record).toBe(before);
    expect(dropStrangers(undefined, []).record).toBeUndefined();
  });
});
