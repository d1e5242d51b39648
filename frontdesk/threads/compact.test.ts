import { describe, expect, it } from 'vitest';
import { compactThread } from './compact.ts';
import { decide, finishTurn } from './decide.ts';
import type { Incoming } from './incoming.ts';
import type { ThreadRecord } from './record.ts';

const ref = { team: 'T1', channel: 'C1', thread: '1.0', dm: false };
const moment = { now: 1000, promptId: 'msg_1' };
const later = { now: 5000, before: 2000 };

function message(at: number): Incoming & { kind: 'message' } {
  return {
    kind: 'message',
    ref,
    messageId: `1.${String(at).padStart(6, '0')}`,
    eventId: `Ev${at}`,
    author: 'U_ANNA',
    text: `message ${at}`,
    files: [],
    addressing: 'direct',
  };
}

/** A thread in which so many messages were answered, one after the other. */
function answered(count: number): ThreadRecord {
  let record: ThreadRecord | undefined;
  for (let at = 1; at <= count; at += 1) {
    record = decide(record, message(at), moment).record;
    if (record?.turn) record = finishTurn(record, record.turn.id, moment).record;
  }
  if (record === undefined) throw new Error('nothing was taken');
  return { ...record, sessionId: 'ses_1', muted: true };
}

const compact = (record: ThreadRecord) => compactThread(record, 'T1:C1:1.0', later) ?? record;

describe('a thread that was silent for long', () => {
  it('AG-1: keeps its session and its settings, and little of its messages', () => {
    const before = answered(300);
    const after = compact(before);
    expect(after).toMatchObject({ sessionId: 'ses_1', muted: true, lastMessageId: before.lastMessageId });
    expect(after.firstMessageId).toBe(before.firstMessageId);
    expect(JSON.stringify(after).length).toBeLessThan(2000);
    expect(compact(after), 'nothing is left to do').toBe(after);
  });

  it.each([1, 30, 300])('IN-5: of %i messages none is taken once more', (count) => {
    const after = compact(answered(count));
    for (let at = 1; at <= count; at += 1) expect(decide(after, message(at), moment).actions).toEqual([]);
    const { record, actions } = decide(after, message(count + 1), moment);
    expect(actions.map(({ kind }) => kind)).toEqual(['mark', 'run']);
    expect(record?.sessionId).toBe('ses_1');
  });

  it('OP-4: where something is under way or owed nothing is touched, nor where somebody wrote lately', () => {
    const record = answered(60);
    const waiting = decide(decide(record, message(61), moment).record, message(62), moment).record;
    const owed = [{ kind: 'mark', messageId: '1.1', on: false } as const];
    for (const kept of [
      { ...record, owed },
      { ...record, activeAt: later.before },
      waiting as ThreadRecord,
      { ...(waiting as ThreadRecord), turn: null },
    ])
      expect(compact(kept)).toBe(kept);
  });
});
