import { describe, expect, it } from 'vitest';
import type { PermissionRequest } from '../../mcp-servers/kit/asks.ts';
import { anna, thread } from '../../test/support/work-world.ts';
import { createLateRig, here, type LateLife, type LateRig } from '../../test/support/late-rig.ts';
import { newAsk } from './book.ts';
import { createPermissionCalls, showCaller, withdrawOldCalls } from './permission-calls.ts';

const desk = thread('5.0');
const request: PermissionRequest = {
  permission: 'deploy',
  patterns: [],
  detail: 'kubectl apply',
  detailKind: 'command',
};
const waits = new AbortController().signal;

function callsOf(life: LateLife, place: typeof desk | null = desk) {
  return createPermissionCalls({
    ...life.ports,
    asks: life.asks,
    workspaces: life.workspaces,
    desk: async () => place,
    timeoutSeconds: 300,
  });
}

const buttons = ({ world }: LateRig, ref = desk) =>
  world.cards(ref).flatMap(({ buttons: all = [] }) => all.map(({ label }) => label));

describe('permission calls of other tools', () => {
  it('AS-7: the card is at the desk, and the first click is the answer; for the session it is remembered', async () => {
    await using rig = await createLateRig();
    const life = await rig.begin();
    const ask = callsOf(life);
    const answer = ask({ sessionId: 'tool_0001', request }, waits);
    await rig.world.until(() => buttons(rig).includes('Deny'), 'the card');
    await life.press('Allow for session', anna, desk);
    expect(await answer).toEqual({
      decision: 'allow',
      scope: 'session',
      reason: 'anna allowed this for the session.',
      by: 'anna',
    });
    expect(rig.replies).toEqual([]);
    expect(await ask({ sessionId: 'tool_0001', request }, waits)).toEqual({
      decision: 'allow',
      scope: 'session',
      reason: 'Allowed for the session before.',
      by: '',
    });
    await life.end();
  });

  it('AS-7: of a session that works for us, it is in its workspace’s thread; nobody answers: denied with the reason', async () => {
    await using rig = await createLateRig();
    const life = await rig.begin();
    const [{ id: sessionId } = { id: '' }] = rig.world.hosts.get('local')?.sessions.values() ?? [];
    const answer = callsOf(life)({ sessionId, request }, waits);
    await rig.world.until(() => buttons(rig, here).includes('Deny'), 'the card');
    rig.pass(5);
    life.asks.tick();
    expect(await answer).toEqual({
      decision: 'deny',
      scope: null,
      reason: 'Nobody answered within 300 s. Denied: go on without it or ask later.',
      by: '',
    });
    await rig.world.until(
      () => rig.world.shown(here).some((text) => text.startsWith('⏰ Nobody answered; denied:')),
      'the notice',
    );
    await life.end();
  });

  it('AS-7: the caller goes away: the ask closes and its buttons go; also before it was asked', async () => {
    await using rig = await createLateRig();
    const life = await rig.begin();
    const caller = new AbortController();
    const answer = callsOf(life)({ sessionId: 'tool_0001', request }, caller.signal);
    await rig.world.until(() => buttons(rig).includes('Deny'), 'the card');
    caller.abort();
    expect(await answer).toMatchObject({
      decision: 'deny',
      reason: 'The tool that asked is not waiting any more.',
    });
    await rig.world.until(() => buttons(rig).length === 0, 'the buttons to go');
    const gone = AbortSignal.abort();
    expect(await callsOf(life)({ sessionId: 'tool_0001', request }, gone)).toMatchObject({
      decision: 'deny',
    });
    await life.end();
  });

  it('AS-7: a tool in a loop does not bury people in cards: 60 a minute; what is allowed for a session counts for none', async () => {
    await using rig = await createLateRig();
    const life = await rig.begin();
    const ask = callsOf(life);
    const first = ask({ sessionId: 'tool_0001', request }, waits);
    await rig.world.until(() => buttons(rig).includes('Deny'), 'the card');
    await life.press('Allow for session', anna, desk);
    await first;
    for (let count = 0; count < 100; count += 1)
      expect(await ask({ sessionId: 'tool_0001', request }, waits)).toMatchObject({ decision: 'allow' });
    const gone = AbortSignal.abort();
    const other = { sessionId: 'tool_0002', request };
    for (let count = 1; count < 60; count += 1)
      expect((await ask(other, gone)).reason).toBe('The tool that asked is not waiting any more.');
    expect(await ask(other, gone)).toMatchObject({
      decision: 'deny',
      reason: 'People were asked 60 times within a minute. Ask again later.',
    });
    rig.pass(1);
    expect((await ask(other, gone)).reason).toBe('The tool that asked is not waiting any more.');
    await life.end();
  });

  it('AS-7: with nowhere to ask it is denied at once; after a restart what was asked is withdrawn', async () => {
    await using rig = await createLateRig();
    const life = await rig.begin();
    const nowhere = await callsOf(life, null)({ sessionId: 'tool_0001', request }, waits);
    expect(nowhere.reason).toContain('Nobody can be asked');
    void callsOf(life)({ sessionId: 'tool_0001', request }, waits);
    await rig.world.until(() => buttons(rig).includes('Deny'), 'the card');
    await life.end();
    const next = await rig.live();
    await withdrawOldCalls(next.asks);
    expect(next.asks.pending()).toEqual([]);
    await rig.world.until(() => buttons(rig).length === 0, 'the buttons to go');
    await next.end();
  });

  it('AS-7: the card says who asks, and for what in its own words', () => {
    const body = { kind: 'permission', request } as const;
    const ask = newAsk({
      id: 'ask_1',
      source: { kind: 'http', sessionId: 'tool_0001' },
      workspace: null,
      card: null,
      body,
      askedAt: 0,
    });
    expect(showCaller(ask, { title: '🔐', facts: ['denied at 10:00'] }).facts).toEqual([
      'deploy',
      'session tool_0001',
      'denied at 10:00',
    ]);
    const desk = { ...ask, source: { kind: 'desk', sessionId: 's' } } as const;
    expect(showCaller(desk, { title: '🔐' })).toEqual({ title: '🔐' });
  });
});
