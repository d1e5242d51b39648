import { describe, expect, it } from 'vitest';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import { createEventHub } from './event-hub.ts';

const frame = (type: string, properties: Record<string, unknown>) => ({
  directory: '/d',
  payload: { type, properties },
});
const idle = (sessionID: string) => frame('session.idle', { sessionID });

describe('the event hub', () => {
  it('SE-5: hands events to the watchers of their session only, until disposed', () => {
    const hub = createEventHub(createSilentLog());
    const told: string[] = [];
    const one = hub.watch('ses_1', ({ kind }) => told.push(`1 ${kind}`));
    hub.watch('ses_2', ({ kind }) => told.push(`2 ${kind}`));
    hub.accept(idle('ses_1'));
    hub.accept(idle('ses_3'));
    one[Symbol.dispose]();
    hub.accept(idle('ses_1'));
    expect(told).toEqual(['1 check']);
  });

  it('OUT-4: after a gap everybody checks, and no half text goes on', () => {
    const hub = createEventHub(createSilentLog());
    const told: string[] = [];
    hub.watch('ses_1', (event) => told.push(event.kind));
    const sessionID = 'ses_1';
    hub.accept(frame('message.updated', { info: { id: 'a', role: 'assistant', sessionID } }));
    hub.accept(frame('message.part.updated', { part: { id: 'p', messageID: 'a', type: 'text', sessionID } }));
    hub.gap();
    hub.accept(frame('message.part.delta', { sessionID, partID: 'p', field: 'text', delta: 'x' }));
    expect(told).toEqual(['step', 'check']);
  });

  it('survives a listener that throws and frames that are no events', () => {
    const hub = createEventHub(createSilentLog());
    const told: string[] = [];
    hub.watch('ses_1', () => {
      throw new Error('listener');
    });
    hub.watch('ses_1', ({ kind }) => told.push(kind));
    for (const junk of [null, 'text', 7, {}, { payload: { type: 'x' } }]) hub.accept(junk);
    hub.accept(idle('ses_1'));
    expect(told).toEqual(['check']);
  });

  it('OUT-5: remembers the last error of a session, but no abort', () => {
    const hub = createEventHub(createSilentLog());
    const error = (name: string, message: string) =>
      frame('session.error', { sessionID: 'ses_1', error: { name, data: { message } } });
    hub.accept(error('UnknownError', 'Agent not found: "x".\n  at stack'));
    hub.accept(error('MessageAbortedError', 'aborted'));
    expect(hub.lastError('ses_1')).toBe('Agent not found: "x".');
    hub.forgetError('ses_1');
    expect(hub.lastError('ses_1')).toBeUndefined();
  });
});
