import { afterEach, describe, expect, it, vi } from 'vitest';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import { noProbe } from '../../mcp-servers/kit/probe.ts';
import type { Client } from './client.ts';
import { createEventHub } from './event-hub.ts';
import { sessionMessage, type SessionMessage } from './messages.ts';
import { createSessionAgent } from './session-agent.ts';

afterEach(() => void vi.useRealTimers());

const sessionID = 'ses_1';
const answer = sessionMessage.parse({
  info: {
    id: 'msg_a',
    role: 'assistant',
    providerID: 'test',
    modelID: 'm1',
    time: { created: 1, completed: 2 },
    finish: 'stop',
    cost: 0,
    tokens: { input: 1, output: 1, reasoning: 0, cache: { read: 0, write: 0 } },
  },
  parts: [{ type: 'text', text: 'Hi' }],
});
const prompted = (id: string): SessionMessage => ({ info: { id, role: 'user' }, parts: [] });

/** @param next the client after OpenCode was restarted */
function setUp(client: Partial<Client>, next?: Partial<Client>, acceptTimeoutMs = 120_000) {
  let connects = 0;
  const hub = createEventHub(createSilentLog());
  const agent = createSessionAgent({
    connect: async () => ({ client: ((connects++ && next) || client) as Client, contextLimit: 0 }),
    hub,
    model: 'test/m1',
    acceptTimeoutMs,
    probe: noProbe,
  });
  const emit = (type: string, properties: Record<string, unknown>) =>
    hub.accept({ payload: { type, properties: { sessionID, ...properties } } });
  return { agent, emit };
}

describe('a prompt is taken', () => {
  it('when OpenCode tells that it stored it and set to work', async () => {
    const promptId = 'msg_p';
    const { agent, emit } = setUp({
      async prompt() {
        emit('message.updated', { info: { id: promptId, role: 'user' } });
        emit('session.status', { status: { type: 'busy' } });
      },
    });
    const parts = [{ type: 'text', text: 'hi' }] as const;
    await expect(agent.prompt(sessionID, promptId, parts)).resolves.toBeUndefined();
  });

  it('OUT-4: also when its events were lost', async () => {
    const { agent } = setUp({
      prompt: async () => {},
      isBusy: async () => false,
      messages: async () => [prompted('msg_p'), answer],
    });
    await expect(agent.prompt(sessionID, 'msg_p', [])).resolves.toBeUndefined();
  });

  it('OUT-5: not when OpenCode refuses it: its reason is the error', async () => {
    const { agent, emit } = setUp({
      prompt: async () =>
        emit('session.error', { error: { name: 'UnknownError', data: { message: 'Agent not found' } } }),
      isBusy: async () => false,
      messages: async () => [],
    });
    await expect(agent.prompt(sessionID, 'msg_p', [])).rejects.toThrow(/Agent not found/);
  });

  it('OP-4: not when OpenCode died over it', async () => {
    const restarted = { isBusy: async () => false, messages: async () => [prompted('msg_p')] };
    const { agent } = setUp({ prompt: async () => {} }, restarted);
    await expect(agent.prompt(sessionID, 'msg_p', [])).rejects.toThrow(/ended while it took the prompt/);
  });

  it('OUT-1: one whose answer the OpenCode that died had begun is not given to the next: it is interrupted', async () => {
    const given: string[] = [];
    const begun = sessionMessage.parse({
      ...answer,
      info: { ...answer.info, finish: undefined, time: { created: 1 } },
    });
    const client = (name: string, died: boolean): Partial<Client> => ({
      prompt: async () => {
        given.push(name);
        if (died) throw new Error('socket hang up');
      },
      isBusy: async () => false,
      messages: async () => [prompted('msg_p'), begun],
    });
    const { agent } = setUp(client('first', true), client('second', false));
    await expect(agent.prompt(sessionID, 'msg_p', [])).rejects.toThrow('socket hang up');
    await agent.prompt(sessionID, 'msg_p', []);
    expect(given).toEqual(['first']);
    expect(await agent.stateOf(sessionID, 'msg_p')).toEqual({ kind: 'interrupted' });
  });

  it('OP-4: one that the OpenCode that died never stored is given to the next', async () => {
    const given: string[] = [];
    const died = { prompt: async () => Promise.reject(new Error('socket hang up')) };
    const next: Partial<Client> = {
      prompt: async () => void given.push('second'),
      isBusy: async () => false,
      messages: async () => (given.length === 0 ? [] : [prompted('msg_p'), answer]),
    };
    const { agent } = setUp(died, next);
    await expect(agent.prompt(sessionID, 'msg_p', [])).rejects.toThrow('socket hang up');
    await agent.prompt(sessionID, 'msg_p', []);
    expect(given).toEqual(['second']);
  });

  it('AG-1: one that takes a while is waited for, also when the clock is set on by an hour meanwhile', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    let reads = 0;
    const { agent } = setUp({
      prompt: async () => void vi.setSystemTime(Date.now() + 3_600_000),
      isBusy: async () => false,
      messages: async () => ((reads += 1) === 1 ? [] : [prompted('msg_p'), answer]),
    });
    await expect(agent.prompt(sessionID, 'msg_p', [])).resolves.toBeUndefined();
  });

  it('not when nothing comes of it in time', async () => {
    const silent: Partial<Client> = {
      prompt: async () => {},
      isBusy: async () => false,
      messages: async () => [],
    };
    const { agent } = setUp(silent, undefined, 300);
    await expect(agent.prompt(sessionID, 'msg_p', [])).rejects.toThrow(/did not take the prompt/);
  });
});

describe('the state of a prompt', () => {
  it('AG-1: reads back as far as the prompt is, and the whole session only then', async () => {
    const limits: (number | undefined)[] = [];
    const all = [prompted('msg_p'), ...Array.from({ length: 250 }, () => answer)];
    const { agent } = setUp({
      isBusy: async () => false,
      messages: async (_, limit) => {
        limits.push(limit);
        return limit === undefined ? all : all.slice(-limit);
      },
    });
    expect(await agent.stateOf(sessionID, 'msg_p')).toMatchObject({ kind: 'done', text: 'Hi' });
    expect(limits).toEqual([20, 200, undefined]);
  });

  it('reads again what looks interrupted: the turn may have ended in between', async () => {
    const reads = [[prompted('msg_p')], [prompted('msg_p'), answer]];
    const { agent } = setUp({ isBusy: async () => false, messages: async () => reads.shift() ?? [] });
    expect(await agent.stateOf(sessionID, 'msg_p')).toMatchObject({ kind: 'done' });
  });
});

describe('an abort', () => {
  it('IN-7: rejects all that waits, until nothing does', async () => {
    const rejected: string[] = [];
    const waiting = [
      { permissions: ['per_1'], questions: ['que_1'] },
      { permissions: ['per_2'], questions: [] },
    ];
    const { agent } = setUp({
      abort: async () => {},
      pending: async () => waiting.shift() ?? { permissions: [], questions: [] },
      rejectPermission: async (id) => void rejected.push(id),
      rejectQuestion: async (id) => void rejected.push(id),
    });
    await agent.abort(sessionID);
    expect(rejected).toEqual(['per_1', 'que_1', 'per_2']);
  });

  it('IN-7: says so when something keeps waiting', async () => {
    const { agent } = setUp({
      abort: async () => {},
      pending: async () => ({ permissions: ['per_1'], questions: [] }),
      rejectPermission: async () => {},
    });
    await expect(agent.abort(sessionID)).rejects.toThrow(/could not be rejected/);
  });
});
