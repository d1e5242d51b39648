import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HostsGround, openHostsGround } from './hosts-ground.harness.ts';

const session = { host: 'laptop', sessionId: 's1', directory: '/work/a' };

describe('what hosts tell of their sessions', () => {
  let ground: HostsGround;
  beforeEach(async () => {
    ground = await openHostsGround();
  });
  afterEach(() => ground[Symbol.asyncDispose]());

  it('WA-1: a snapshot tells who works, what waits and what was reached', async () => {
    const host = await ground.welcomed();
    const asked = ground.hosts.snapshot('laptop');
    const { request_id } = await host.next('host.snapshot');
    const shared = { session_id: 's1', directory: '/work/a' };
    host.say({
      type: 'host.snapshot',
      request_id,
      busy: [shared],
      waiting: [
        { kind: 'question.asked', ...shared, question_id: 'q1', request: { a: 1 } },
        { kind: 'permission.asked', ...shared, permission_id: 'p1', request: { b: 1 } },
      ],
      milestones: [{ id: 'c1', session_id: 's1', text: 'M', at: 5 }],
      todos: [{ session_id: 's1', done: 1, total: 2 }],
    });
    const { sessionId, directory } = session;
    expect(await asked).toEqual({
      busy: [{ sessionId, directory }],
      waiting: [
        { kind: 'question', sessionId, directory, requestId: 'q1', request: { a: 1 } },
        { kind: 'permission', sessionId, directory, requestId: 'p1', request: { b: 1 } },
      ],
      milestones: [{ id: 'c1', sessionId, text: 'M', at: 5 }],
      todos: [{ sessionId, done: 1, total: 2 }],
    });
  });

  it('AS-6: an ask that was answered elsewhere is told with its answer, a milestone with its call', async () => {
    const host = await ground.welcomed();
    host.event(1, 's1', { kind: 'ask.ended', ask_id: 'q1', answer: [['A']] });
    host.event(2, 's1', { kind: 'ask.ended', ask_id: 'p1', answer: 'reject' });
    host.event(3, 's1', { kind: 'agent.milestone', text: 'M', call_id: 'c1' });
    await ground.settled(host);
    expect(ground.events.map(([, event]) => event)).toEqual([
      { sessionId: 's1', kind: 'askEnded', requestId: 'q1', answer: [['A']] },
      { sessionId: 's1', kind: 'askEnded', requestId: 'p1', answer: 'reject' },
      { sessionId: 's1', kind: 'milestone', text: 'M', id: 'c1' },
    ]);
  });

  it("WS-6: a person's own session: what it does is told, its write refused with a form, then it moves", async () => {
    const host = await ground.welcomed();
    const held = {
      hold_id: 'c1',
      tool: 'write',
      what: 'a.ts',
      title: 'T',
      said: 'do it',
      model: 'a/b',
      typed_at: 5,
    };
    host.event(1, 's1', { kind: 'session.typed', title: 'T', at: 5 });
    host.event(2, 's1', { kind: 'write.held', ...held });
    host.event(3, 's1', { kind: 'write.dropped', hold_id: 'c1' });
    host.event(4, 's1', { kind: 'session.typed', title: '', at: 6, text: 'use RS256' });
    await ground.settled(host);
    const { hold_id: holdId, typed_at: typedAt, ...rest } = held;
    // Of a session that works in a workspace.
    expect(ground.events.pop()?.[1]).toEqual({ sessionId: 's1', kind: 'typed', text: 'use RS256' });
    expect(ground.events.map(([, event]) => event.kind === 'exploring' && event.event)).toEqual([
      { kind: 'typed', title: 'T', at: 5 },
      { kind: 'held', holdId, typedAt, ...rest },
      { kind: 'dropped', holdId },
    ]);
    const form = [
      { question: 'Which?', header: 'W', options: [{ label: 'A', description: '' }], multiple: false },
    ];
    const released = ground.hosts.releaseWrite({ ...session, holdId, refusal: { message: 'Ask.', form } });
    const release = await host.next('write.release');
    expect(release).toMatchObject({ hold_id: 'c1', decision: 'refuse', message: 'Ask.', form });
    host.say({ type: 'write.released', request_id: release.request_id, waited: true });
    await released;
    const moved = ground.hosts.move({ ...session, to: '/work/.builders/x', title: 'New' });
    const move = await host.next('session.move');
    expect(move).toMatchObject({ session_id: 's1', to: '/work/.builders/x', title: 'New' });
    host.say({ type: 'session.moved', request_id: move.request_id });
    await moved;
    expect([
      ground.hosts.serves('laptop', '/work/x'),
      ground.hosts.serves('laptop', '/home'),
      ground.hosts.serves('no', '/work'),
    ]).toEqual([true, false, false]);
  });
});
