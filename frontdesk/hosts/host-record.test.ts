import { describe, expect, it } from 'vitest';
import { type BridgeEvent, protocolVersion } from '../../agents/bridge/protocol.ts';
import { createHostRecord } from './host-record.ts';

const hello = (instance = 'i1', seq = 0) => ({
  type: 'hello' as const,
  protocol: protocolVersion,
  host: 'laptop',
  opencode: '1',
  instance,
  roots: ['/work'],
  seq,
});
const frame = (seq: number, kind: 'session.active' | 'session.idle', id = 's1') => ({
  type: 'event' as const,
  seq,
  at: 0,
  event: { kind, session_id: id, directory: '/work' } satisfies BridgeEvent,
});
const resync = (seq: number, busy: string[]) => ({
  type: 'resync' as const,
  seq,
  busy: busy.map((session_id) => ({ session_id, directory: '/work' })),
  waiting: [],
});

describe('a host record', () => {
  it('BR-2: takes events in order, drops repeats, asks once for a gap', () => {
    const record = createHostRecord('laptop');
    expect(record.welcome(hello())).toEqual({ resumeFrom: null, events: [] });
    expect(record.event(frame(5, 'session.active'))).toEqual([{ sessionId: 's1', kind: 'active' }]);
    expect(record.event(frame(5, 'session.active'))).toEqual([]);
    expect(record.event(frame(8, 'session.idle'))).toBe('gap');
    expect(record.lastSeq).toBe(5);
    expect(record.event(frame(9, 'session.idle'))).toEqual([]);
    expect(record.event(frame(6, 'session.idle'))).toEqual([{ sessionId: 's1', kind: 'idle' }]);
    expect(record.event(frame(9, 'session.idle'))).toBe('gap');
  });

  it('BR-2: a line of the same instance resumes after the last event, and may ask for a gap again', () => {
    const record = createHostRecord('laptop');
    record.welcome(hello());
    record.event(frame(1, 'session.active'));
    expect(record.event(frame(3, 'session.idle'))).toBe('gap');
    expect(record.welcome(hello('i1', 9))).toEqual({ resumeFrom: 1, events: [] });
    expect(record.event(frame(3, 'session.idle'))).toBe('gap');
    expect(record.busy).toBe(1);
  });

  it('BR-2: a resync tells the difference only', () => {
    const record = createHostRecord('laptop');
    record.welcome(hello());
    record.event(frame(1, 'session.active', 'ended'));
    record.event(frame(2, 'session.active', 'goes on'));
    expect(record.resync(resync(40, ['goes on', 'begun']))).toEqual([
      { sessionId: 'ended', kind: 'idle' },
      { sessionId: 'begun', kind: 'active' },
    ]);
    expect(record.event(frame(41, 'session.idle', 'begun'))).toEqual([{ sessionId: 'begun', kind: 'idle' }]);
    expect(record.busy).toBe(1);
  });

  it('BR-3: a restarted OpenCode has interrupted what it worked at', () => {
    const record = createHostRecord('laptop');
    record.welcome(hello());
    record.event(frame(1, 'session.active'));
    const { resumeFrom, events } = record.welcome(hello('i2'));
    expect(resumeFrom).toBeNull();
    expect(events).toMatchObject([
      { sessionId: 's1', kind: 'error', error: expect.stringContaining('restarted') },
      { sessionId: 's1', kind: 'idle' },
    ]);
    expect(record.busy).toBe(0);
    expect(record.event(frame(1, 'session.active', 's2'))).toHaveLength(1);
  });

  it('BR-3: counts a placed session as load until it works, fails or a minute has passed', () => {
    const record = createHostRecord('laptop');
    record.welcome(hello());
    const [first, second, third] = [record.reserve(0), record.reserve(0), record.reserve(0)];
    expect(record.load(0)).toBe(3);
    first('s1');
    second();
    expect(record.load(0)).toBe(2);
    record.event(frame(1, 'session.active', 's1'));
    expect(record.load(0)).toBe(2);
    expect(record.busy).toBe(1);
    third('s3');
    record.event(frame(2, 'session.idle', 's1'));
    expect(record.load(59_000)).toBe(1);
    expect(record.load(61_000)).toBe(0);
  });
});
