import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../wire.ts';
import { filterCauses, groupByCause, summarise } from './causes.ts';

let seq = 0;
const entry = (at: number, kind: string, name: string, rest: Partial<JournalEntry> = {}): JournalEntry => ({
  seq: ++seq,
  at,
  kind,
  name,
  ...rest,
});
const place = { channel: 'C_DEV', thread: '1.1' };
const told = (at: number, id: string, by: string, ts: string, thread?: string) => [
  entry(at, 'event', 'message', { id, by, channel: 'C_DEV', ts, ...(thread ? { thread } : {}) }),
  entry(at, 'envelope', 'message', { id, by, attempt: 0 }),
];
const shape = (entries: JournalEntry[]) =>
  groupByCause(entries, 'U_BOT').map(({ by, title, entries }) => [
    `${by}:${title}`,
    entries.map(({ kind, name }) => `${kind} ${name}`).join(', '),
  ]);

describe('the journal as stories', () => {
  it('a message: what was done, delivered, acknowledged, and what the app did, its own echo included', () => {
    const entries = [
      entry(0, 'person', 'U_ANNA.post', { channel: 'C_DEV' }),
      ...told(1, 'E1', 'U_ANNA', '1.1'),
      entry(5, 'ack', 'message', { id: 'E1', by: 'U_ANNA', ms: 4 }),
      entry(9, 'call', 'reactions.add', { ...place, ms: 1, outcome: 'ok' }),
      ...told(3_000, 'E2', 'U_BOT', '1.2', '1.1'),
      entry(3_001, 'call', 'chat.postMessage', { ...place, ms: 2, outcome: 'ok' }),
      entry(3_004, 'ack', 'message', { id: 'E2', by: 'U_BOT', ms: 3 }),
    ];
    const [cause, own, ...rest] = groupByCause(entries, 'U_BOT');
    expect(rest).toEqual([]);
    expect(cause?.entries.map(({ kind }) => kind)).toEqual([
      'person',
      'event',
      'envelope',
      'ack',
      'call',
      'call',
    ]);
    expect(own?.entries.map(({ kind }) => kind)).toEqual(['event', 'envelope', 'ack']);
    expect(summarise(cause!)).toEqual({ ackMs: 4, calls: 2, weight: 'fine' });
  });

  it('two people at once: ids and threads keep them apart', () => {
    expect(
      shape([
        entry(0, 'person', 'U_ANNA.post', place),
        ...told(1, 'E1', 'U_ANNA', '1.2', '1.1'),
        entry(2, 'person', 'U_BEN.post', { channel: 'C_DEV' }),
        ...told(3, 'E2', 'U_BEN', '2.1'),
        entry(4, 'ack', 'message', { id: 'E1' }),
        entry(5, 'ack', 'message', { id: 'E2' }),
        entry(6, 'call', 'chat.postMessage', { channel: 'C_DEV', thread: '2.1' }),
        entry(7, 'call', 'chat.update', place),
      ]),
    ).toEqual([
      ['U_ANNA:post', 'person U_ANNA.post, event message, envelope message, ack message, call chat.update'],
      [
        'U_BEN:post',
        'person U_BEN.post, event message, envelope message, ack message, call chat.postMessage',
      ],
    ]);
  });

  it('a click has no event: its delivery follows the act', () => {
    expect(
      shape([
        entry(0, 'person', 'U_ANNA.click', place),
        entry(1, 'envelope', 'block_actions', { by: 'U_ANNA' }),
        entry(4, 'ack', 'block_actions', { by: 'U_ANNA', ms: 3 }),
      ]),
    ).toEqual([['U_ANNA:click', 'person U_ANNA.click, envelope block_actions, ack block_actions']]);
  });

  it('what nobody caused stands alone, and trouble is found', () => {
    const entries = [
      entry(0, 'socket', 'closed'),
      entry(9_000, 'fault', 'chat.update', { outcome: 'ratelimited' }),
      entry(9_001, 'call', 'chat.update', { ...place, outcome: 'ratelimited' }),
      entry(20_000, 'call', 'auth.test', { outcome: 'ok', ms: 900 }),
      entry(30_000, 'call', 'auth.test', { outcome: 'ok', ms: 1 }),
    ];
    const causes = groupByCause(entries, 'U_BOT');
    const trouble = filterCauses(causes, '', true);
    expect(trouble.map((cause) => [cause.title, summarise(cause).weight])).toEqual([
      ['fault chat.update', 'failed'],
      ['chat.update', 'failed'],
      ['auth.test', 'slow'],
    ]);
    expect(filterCauses(causes, 'ratelimited update', false)).toHaveLength(2);
    expect(filterCauses(causes, '', false, 2).map(({ title }) => title)).toEqual(['auth.test', 'auth.test']);
  });
});
