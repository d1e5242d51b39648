import { describe, expect, it } from 'vitest';
import type * as z from 'zod/mini';
import {
  cut,
  fromHostSchema,
  fromServiceSchema,
  helloSchema,
  parseFrame,
  protocolVersion,
} from './protocol.ts';

const read = <T>(schema: z.ZodMiniType<T>, frame: unknown) =>
  parseFrame(schema, typeof frame === 'string' ? frame : JSON.stringify(frame));

describe('the bridge protocol', () => {
  it('BR-2: reads a command and an event', () => {
    const command = {
      type: 'session.message',
      request_id: 'r1',
      directory: '/work/a',
      session_id: 's1',
      message_id: 'm1',
      text: 'hi',
      agent: 'builder',
      model: 'a/b',
    };
    expect(read(fromServiceSchema, command)).toEqual({ ok: true, frame: command });
    const event = { kind: 'todo.updated', session_id: 's1', directory: '/work/a', done: 1, total: 2 };
    const frame = { type: 'event', seq: 1, at: 5, event };
    expect(read(fromHostSchema, frame)).toEqual({ ok: true, frame });
  });

  it('BR-2: says what is wrong, and with which request', () => {
    expect(read(fromServiceSchema, 'no json')).toEqual({ ok: false, error: 'not JSON' });
    expect(read(fromServiceSchema, { type: 'unheard.of', request_id: 'r1' })).toMatchObject({
      ok: false,
      requestId: 'r1',
    });
    const missing = read(fromServiceSchema, { type: 'session.list', request_id: 'r2' });
    expect(missing).toMatchObject({
      ok: false,
      requestId: 'r2',
      error: expect.stringContaining('directory'),
    });
  });

  it.each([['relative'], ['']])('BR-2: a directory is absolute, not %j', (directory) => {
    expect(read(fromServiceSchema, { type: 'session.list', request_id: 'r', directory }).ok).toBe(false);
  });

  it('BR-1: a hello names host, version, instance and roots', () => {
    const hello = {
      type: 'hello',
      protocol: protocolVersion,
      host: 'my-laptop.local',
      opencode: '1.18.33',
      instance: 'i1',
      roots: ['/work'],
      seq: 0,
    };
    expect(helloSchema.safeParse(hello).success).toBe(true);
    for (const host of ['', 'a b', '../x', '-x', 'x'.repeat(64)])
      expect(helloSchema.safeParse({ ...hello, host }).success).toBe(false);
  });

  it('cuts with a mark', () => {
    expect(cut('abc', 3)).toBe('abc');
    expect(cut('abcd', 3)).toBe('ab…');
  });
});
