import { describe, expect, it } from 'vitest';
import { createMapState, mapEvent, sessionOf } from './event-map.ts';

const sessionID = 'ses_1';
const message = (id: string, role: string) => ({
  type: 'message.updated',
  properties: { info: { id, role, sessionID } },
});
const part = (messageID: string, part: Record<string, unknown>) => ({
  type: 'message.part.updated',
  properties: { part: { sessionID, messageID, ...part } },
});
const delta = (partID: string, delta: string) => ({
  type: 'message.part.delta',
  properties: { sessionID, partID, field: 'text', delta },
});
const tool = (status: string, title?: string) =>
  part('msg_a', { id: 'prt_t', type: 'tool', tool: 'slack_reply', state: { status, title } });

function mapAll(events: { type: string; properties: Record<string, unknown> }[]) {
  const state = createMapState();
  return events.map((event) => mapEvent(state, event)).filter((event) => event !== undefined);
}

describe('events of a turn', () => {
  it('OUT-4: streams the text of answers only: not of people, not reasoning', () => {
    const events = mapAll([
      message('msg_u', 'user'),
      part('msg_u', { id: 'prt_u', type: 'text', text: 'hi' }),
      message('msg_a', 'assistant'),
      part('msg_a', { id: 'prt_r', type: 'reasoning', text: '' }),
      part('msg_a', { id: 'prt_a', type: 'text', text: '' }),
      delta('prt_u', 'echo'),
      delta('prt_r', 'thought'),
      delta('prt_a', 'Hello'),
      delta('prt_missed', 'half'),
    ]);
    expect(events).toEqual([{ kind: 'step' }, { kind: 'text', partId: 'prt_a', delta: 'Hello' }]);
  });

  it('AG-3: counts a step for each model call, however often its message is updated', () => {
    const events = mapAll([message('a', 'assistant'), message('a', 'assistant'), message('b', 'assistant')]);
    expect(events).toEqual([{ kind: 'step' }, { kind: 'step' }]);
  });

  it('tells each status of a tool once', () => {
    const events = mapAll([tool('pending'), tool('running'), tool('running'), tool('completed', 'Replied')]);
    expect(events).toEqual([
      { kind: 'tool', tool: 'slack_reply', title: '', status: 'running' },
      { kind: 'tool', tool: 'slack_reply', title: 'Replied', status: 'completed' },
    ]);
  });

  it('tells retries with their time, and a check when the turn may have ended', () => {
    const status = { type: 'retry', attempt: 2, message: 'busy', next: 99 };
    expect(
      mapAll([
        { type: 'session.status', properties: { sessionID, status } },
        { type: 'session.status', properties: { sessionID, status: { type: 'busy' } } },
        { type: 'session.error', properties: { sessionID, error: { name: 'UnknownError' } } },
        { type: 'session.idle', properties: { sessionID } },
        { type: 'todo.updated', properties: { sessionID } },
      ]),
    ).toEqual([
      { kind: 'retry', attempt: 2, message: 'busy', nextAt: 99 },
      { kind: 'check' },
      { kind: 'check' },
    ]);
  });

  it('knows the session of an event wherever it stands', () => {
    expect(sessionOf(message('a', 'user'))).toBe(sessionID);
    expect(sessionOf(tool('running'))).toBe(sessionID);
    expect(sessionOf(delta('p', 'x'))).toBe(sessionID);
    expect(sessionOf({ type: 'server.heartbeat', properties: {} })).toBeUndefined();
  });
});
