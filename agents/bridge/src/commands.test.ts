import { describe, expect, it } from 'vitest';
import type { Command } from '../protocol.ts';
import type { Api, Messages } from './api.ts';
import { createCommands } from './commands.ts';
import { createInstances } from './instances.ts';
import { partIdOf } from './part-ids.ts';

const base = { request_id: 'r', directory: '/w', session_id: 's' };
const message = (message_id: string): Command => ({
  ...base,
  type: 'session.message',
  message_id,
  text: 'hi',
  agent: 'builder',
  model: 'lab/qwen/32b',
});

function setUp(overrides: Partial<Record<keyof Api, unknown>> = {}) {
  const calls: unknown[][] = [];
  const stored: Messages = [];
  const api = {
    busy: async () => [],
    messages: async () => stored,
    prompt: async (directory: string, id: string, body: { messageID?: string; parts: { id: string }[] }) => {
      calls.push(['prompt', directory, id, body]);
      const part = { id: body.parts[0]?.id ?? '', type: 'text', text: 'hi' };
      stored.push({
        info: { id: body.messageID ?? 'msg_made', role: 'user', time: { created: 1 } },
        parts: [part],
      });
    },
    abort: async () => void calls.push(['abort']),
    permissions: async () => [
      { id: 'p1', sessionID: 's' },
      { id: 'p2', sessionID: 'other' },
    ],
    questions: async () => [{ id: 'q1', sessionID: 'c' }],
    replyPermission: async (_: string, id: string, body: unknown) =>
      void calls.push(['permission', id, body]),
    replyQuestion: async (_: string, id: string, answers: unknown) =>
      void calls.push(['question', id, answers]),
    sessions: async () => [
      { id: 's', title: 'T' },
      { id: 'c', title: 'child', parentID: 's' },
    ],
    allSessions: async () => [],
    ...overrides,
  } as unknown as Api;
  const instances = createInstances({ api: () => api, home: '/', now: () => 0 });
  const rootOf = (id: string) => (id === 'c' ? 's' : id);
  const snapshot = async () => ({ busy: [], waiting: [], milestones: [], todos: [] });
  const known: string[] = [];
  const holds = {
    known: (id: string) => void known.push(id),
    release: () => true,
    moving: async () => {},
  };
  const run = createCommands({ api: () => api, instances, home: '/home', rootOf, holds, snapshot });
  return { run, calls, stored, instances, known };
}

const answer = (stored: Messages) =>
  stored.push({
    info: { id: 'msg_2', role: 'assistant', parentID: stored[0]?.info.id, time: { created: 2 } },
    parts: [],
  });

describe('commands', () => {
  it('BR-2: sends a message to agent and model, with a part id that its repeat will have, too', async () => {
    const { run, calls } = setUp();
    expect(await run(message('m1'))).toEqual({
      type: 'session.message.sent',
      request_id: 'r',
      queued: false,
    });
    const part = { id: partIdOf('m1'), type: 'text', text: 'hi' };
    const model = { providerID: 'lab', modelID: 'qwen/32b' };
    expect(calls).toEqual([['prompt', '/w', 's', { agent: 'builder', model, parts: [part] }]]);
    expect(part.id).toMatch(/^prt_[0-9a-f]{26}$/);
  });

  it("BR-2: an id in OpenCode's own shape is kept", async () => {
    const { run, calls } = setUp();
    const id = 'msg_0123456789abDeskabcdefghij';
    await run(message(id));
    expect(calls[0]?.[3]).toMatchObject({ messageID: id });
  });

  it("WS-6: what the service made or writes to is none of a person's own sessions", async () => {
    const { run, known } = setUp({ createSession: async () => 'made', fork: async () => 'forked' });
    await run(message('m1'));
    await run({ request_id: 'r', directory: '/w', type: 'session.create', title: 'T' });
    await run({ ...base, type: 'session.fork', title: 'F' });
    expect(known).toEqual(['s', 'made', 'forked']);
    const held = { ...base, type: 'write.release', hold_id: 'c', decision: 'go' } as const;
    expect(await run(held)).toEqual({ type: 'write.released', request_id: 'r', waited: true });
  });

  it('BR-2: an answered message is not sent again; one that never ran is, with the same ids', async () => {
    const { run, calls, stored } = setUp();
    await run(message('m1'));
    await run(message('m1'));
    expect(calls).toHaveLength(2);
    expect(calls[1]?.[3]).toMatchObject({ messageID: 'msg_made', parts: [{ id: partIdOf('m1') }] });
    answer(stored);
    await run(message('m1'));
    expect(calls).toHaveLength(2);
  });

  it('SE-4: a busy session has it queued; repeats at once are delivered once', async () => {
    const { run, calls } = setUp({ busy: async () => ['s'] });
    const replies = await Promise.all([run(message('m1')), run(message('m1')), run(message('m1'))]);
    expect(replies.every((reply) => reply.type === 'session.message.sent' && reply.queued)).toBe(true);
    expect(calls).toHaveLength(1);
  });

  it('IN-7: an abort rejects what the session and its subagents wait for, nothing of others', async () => {
    const { run, calls } = setUp();
    expect(await run({ ...base, type: 'session.abort' })).toEqual({
      type: 'session.aborted',
      request_id: 'r',
    });
    expect(calls).toEqual([['abort'], ['permission', 'p1', { reply: 'reject' }], ['question', 'q1', null]]);
  });

  it("SE-4: lists people's sessions, not those of subagents", async () => {
    const { run } = setUp({ busy: async () => ['s'] });
    expect(await run({ request_id: 'r', directory: '/w', type: 'session.list' })).toMatchObject({
      sessions: [{ session_id: 's', title: 'T', busy: true }],
    });
  });

  it('reads a directory without instance through the one that is there', async () => {
    const asked: string[] = [];
    const { run, instances } = setUp({
      allSessions: async () => [
        { id: 'mine', title: 'M', directory: '/w' },
        { id: 'other', title: 'O', directory: '/other' },
      ],
      messages: async (directory: string) => (asked.push(directory), []),
    });
    const list = () => run({ request_id: 'r', directory: '/w', type: 'session.list' });
    expect(await list()).toMatchObject({ sessions: [{ session_id: 'mine', busy: false }] });
    await run({ ...base, type: 'session.messages', limit: 1 });
    instances.opened('/w');
    expect(await list()).toMatchObject({ sessions: [{ session_id: 's' }] });
    await run({ ...base, type: 'session.messages', limit: 1 });
    expect(asked).toEqual(['/home', '/w']);
  });

  it('BR-2: reads messages as words', async () => {
    const parts = [
      { id: '1', type: 'text', text: 'a' },
      { id: '2', type: 'tool' },
      { id: '3', type: 'text', text: 'added', synthetic: true },
      { id: '4', type: 'text', text: 'b' },
    ];
    const info = { id: 'm', role: 'assistant', time: { created: 5 } };
    const { run } = setUp({ messages: async () => [{ info, parts }] });
    expect(await run({ ...base, type: 'session.messages', limit: 10 })).toMatchObject({
      messages: [{ id: 'm', role: 'assistant', text: 'a\nb', at: 5 }],
    });
  });

  it('WA-3: reads the milestones that were told, by their calls', async () => {
    const call = (callID: string, status: string, tool = 'milestone') => {
      const state = { status, input: { text: ` ${callID} works ` } };
      return { id: callID, type: 'tool', tool, callID, state };
    };
    const parts = [call('c1', 'completed'), call('c2', 'running'), call('c3', 'completed', 'bash')];
    const info = { id: 'm', role: 'assistant', time: { created: 5 } };
    const { run } = setUp({ messages: async () => [{ info, parts }] });
    expect(await run({ ...base, type: 'session.messages', limit: 10 })).toMatchObject({
      messages: [{ id: 'm', milestones: [{ id: 'c1', text: 'c1 works' }] }],
    });
  });

  it('WA-2: says why an answer ended; an abort is no error', async () => {
    const info = (error: object) => ({
      id: 'm',
      role: 'assistant',
      time: { created: 5, completed: 6 },
      error,
    });
    const errors = [
      { name: 'APIError', data: { message: 'no quota' } },
      { name: 'UnknownError' },
      { name: 'MessageAbortedError', data: { message: 'Aborted' } },
    ];
    const { run } = setUp({
      messages: async () => errors.map((error) => ({ info: info(error), parts: [] })),
    });
    const reply = await run({ ...base, type: 'session.messages', limit: 10 });
    const read = reply.type === 'session.messages' ? reply.messages : [];
    expect(read.map(({ error }) => error)).toEqual(['no quota', 'UnknownError', undefined]);
    expect(read.map(({ finished }) => finished)).toEqual([false, false, false]);
  });

  it('WA-1: a snapshot is of the whole host', async () => {
    const { run } = setUp();
    expect(await run({ type: 'host.snapshot', request_id: 'r' })).toEqual({
      type: 'host.snapshot',
      request_id: 'r',
      busy: [],
      waiting: [],
      milestones: [],
      todos: [],
    });
  });

  it('BR-2: answers questions and permissions', async () => {
    const { run, calls } = setUp();
    await run({ ...base, type: 'question.reply', question_id: 'q1', answers: [['yes']] });
    await run({ ...base, type: 'permission.reply', permission_id: 'p1', reply: 'once' });
    await run({ ...base, type: 'permission.reply', permission_id: 'p2', reply: 'reject', message: 'no' });
    expect(calls).toEqual([
      ['question', 'q1', [['yes']]],
      ['permission', 'p1', { reply: 'once' }],
      ['permission', 'p2', { reply: 'reject', message: 'no' }],
    ]);
  });

  it('BR-1: what fails is said, never thrown', async () => {
    const { run } = setUp({ sessions: () => Promise.reject(new Error('GET /session: 500 broken')) });
    expect(await run({ request_id: 'r', directory: '/w', type: 'session.list' })).toEqual({
      type: 'session.error',
      request_id: 'r',
      error: 'GET /session: 500 broken',
    });
  });

  it('AS-1, BR-2: a request that was too large for an event is read whole; one that is over is an error', async () => {
    const huge = { id: 'p1', sessionID: 's', metadata: { diff: 'x'.repeat(300_000) } };
    const { run } = setUp({ permissions: async () => [huge] });
    const read = { type: 'ask.read', request_id: 'r', directory: '/w' } as const;
    expect(await run({ ...read, ask_id: 'p1' })).toEqual({
      type: 'ask.read',
      request_id: 'r',
      request: huge,
    });
    expect(await run({ ...read, ask_id: 'q1' })).toMatchObject({ request: { id: 'q1' } });
    expect(await run({ ...read, ask_id: 'gone' })).toMatchObject({ type: 'session.error' });
  });
});
