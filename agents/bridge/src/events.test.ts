import { describe, expect, it } from 'vitest';
import { limits } from '../protocol.ts';
import { boundRequest, createEventMapper } from './events.ts';

const session_id = 'ses_1';
const shared = { session_id, directory: '/w' };
const status = (type: string, sessionID = session_id) => ({
  type: 'session.status',
  properties: { sessionID, status: { type } },
});
const message = (completed?: number, role = 'assistant') => ({
  type: 'message.updated',
  properties: { info: { id: 'msg_1', sessionID: session_id, role, time: { completed } } },
});
const part = (fields: object, sessionID = session_id) => ({
  type: 'message.part.updated',
  properties: { part: { id: 'prt_1', messageID: 'msg_1', sessionID, ...fields } },
});
const tool = (state: object, name = 'write', sessionID = session_id) =>
  part({ type: 'tool', tool: name, state }, sessionID);

function mapAll(events: readonly { type: string; properties: unknown }[]) {
  const mapper = createEventMapper();
  return { mapper, told: events.flatMap((event) => mapper.map('/w', event)) };
}

describe("OpenCode's events, as the bridge tells them", () => {
  it('BR-2: a session is active once per turn, then idle', () => {
    const idle = { type: 'session.idle', properties: { sessionID: session_id } };
    const { told } = mapAll([
      status('busy'),
      status('retry'),
      status('busy'),
      status('idle'),
      idle,
      status('busy'),
    ]);
    expect(told.map(({ kind }) => kind)).toEqual(['session.active', 'session.idle', 'session.active']);
  });

  it('BR-2: an answer is told with its text when it is complete, as it stands at the end', () => {
    const { told } = mapAll([
      message(undefined, 'user'),
      message(),
      message(),
      part({ type: 'text', text: 'Hel' }),
      part({ type: 'text', text: 'Hello' }),
      message(5),
      message(5),
    ]);
    expect(told).toEqual([
      { kind: 'message.started', ...shared, message_id: 'msg_1' },
      { kind: 'message.completed', ...shared, message_id: 'msg_1', text: 'Hello' },
    ]);
  });

  it('BR-2: text that grows is passed on in pieces, reasoning is not', () => {
    const delta = (partID: string, text: string) => ({
      type: 'message.part.delta',
      properties: { sessionID: session_id, messageID: 'msg_1', partID, field: 'text', delta: text },
    });
    const { mapper } = mapAll([message(), part({ type: 'text', text: '' })]);
    for (const event of [delta('prt_1', 'He'), delta('prt_1', 'llo'), delta('prt_thought', 'hm')])
      expect(mapper.map('/w', event)).toEqual([]);
    const piece = { kind: 'message.part.streamed', ...shared, message_id: 'msg_1', delta: 'Hello' };
    expect(mapper.streamed()).toEqual([piece]);
    expect(mapper.streamed()).toEqual([]);
  });

  it('WA-4: a tool is told once per status, by its title or what its input says, never its output', () => {
    const { told } = mapAll([
      tool({ status: 'pending', input: {} }),
      tool({ status: 'running', input: { filePath: 'src/a.ts', content: 'secret' } }),
      tool({ status: 'running', input: { filePath: 'src/a.ts' }, metadata: { output: 'line' } }),
      tool({ status: 'completed', title: 'src/a.ts', output: 'all of it', input: {} }),
    ]);
    expect(told).toEqual([
      { kind: 'tool.executed', ...shared, tool: 'write', title: 'src/a.ts', status: 'running' },
      { kind: 'tool.executed', ...shared, tool: 'write', title: 'src/a.ts', status: 'completed' },
    ]);
  });

  it('WA-4: a refusal by rule is told in two words, a long error cut', () => {
    const rule = 'The user has specified a rule which prevents you from using this tool. [{"permission"…';
    expect(mapAll([tool({ status: 'error', error: rule })]).told).toMatchObject([
      { error: 'Permission denied' },
    ]);
    const [long] = mapAll([tool({ status: 'error', error: 'x'.repeat(5_000) })]).told;
    expect(long?.kind === 'tool.executed' && long.error).toHaveLength(limits.error);
  });

  it('WA-3: a milestone is not told as a tool, too', () => {
    expect(mapAll([tool({ status: 'running', input: { text: 'M' } }, 'milestone')]).told).toEqual([]);
  });

  it('SE-5: a subagent speaks as the session that started it, and its end is not the end', () => {
    const child = { type: 'session.created', properties: { info: { id: 'ses_2', parentID: session_id } } };
    const grandchild = { type: 'session.updated', properties: { info: { id: 'ses_3', parentID: 'ses_2' } } };
    const { mapper, told } = mapAll([
      child,
      grandchild,
      status('busy', 'ses_2'),
      tool({ status: 'running', input: { command: 'ls' } }, 'bash', 'ses_3'),
      { type: 'session.idle', properties: { sessionID: 'ses_2' } },
      { type: 'permission.asked', properties: { id: 'per_1', sessionID: 'ses_3', patterns: ['ls'] } },
    ]);
    expect(told).toMatchObject([
      { kind: 'tool.executed', session_id, title: 'ls' },
      { kind: 'permission.asked', session_id, permission_id: 'per_1', request: { patterns: ['ls'] } },
    ]);
    expect(mapper.rootOf('ses_3')).toBe(session_id);
  });

  it('BR-2: errors, todos and questions', () => {
    const error = (name: string, text?: string) => ({
      type: 'session.error',
      properties: { sessionID: session_id, error: { name, data: { message: text } } },
    });
    const { told } = mapAll([
      error('MessageAbortedError', 'aborted'),
      error('APIError', 'no quota'),
      error('UnknownError'),
      {
        type: 'todo.updated',
        properties: { sessionID: session_id, todos: [{ status: 'completed' }, { status: 'pending' }] },
      },
      { type: 'question.asked', properties: { id: 'que_1', sessionID: session_id, questions: [] } },
    ]);
    expect(told).toMatchObject([
      { kind: 'session.error', error: 'no quota' },
      { kind: 'session.error', error: 'UnknownError' },
      { kind: 'todo.updated', done: 1, total: 2 },
      { kind: 'question.asked', question_id: 'que_1' },
    ]);
  });

  it('AS-6: tells that a question or permission ended, and how', () => {
    const ended = (type: string, fields: object) => ({
      type,
      properties: { sessionID: session_id, requestID: 'x', ...fields },
    });
    const { told } = mapAll([
      ended('question.replied', { answers: [['A', 'B'], ['words']] }),
      ended('question.rejected', {}),
      ended('permission.replied', { reply: 'always' }),
      ended('permission.replied', {}),
      { type: 'permission.replied', properties: {} },
    ]);
    expect(told.map((event) => event.kind === 'ask.ended' && [event.ask_id, event.answer])).toEqual([
      ['x', [['A', 'B'], ['words']]],
      ['x', 'reject'],
      ['x', 'always'],
      ['x', null],
    ]);
  });

  it('IN-7: knows a session that a person stopped', () => {
    const { mapper } = mapAll([]);
    const error = (name: string) => ({
      type: 'session.error',
      properties: { sessionID: session_id, error: { name, data: { message: '' } } },
    });
    expect(mapper.stopped(error('MessageAbortedError'))).toBe(session_id);
    expect(mapper.stopped(error('APIError'))).toBeUndefined();
    expect(mapper.stopped({ type: 'session.idle', properties: {} })).toBeUndefined();
  });

  it('BR-1: what it does not know or cannot read is nothing', () => {
    const { told } = mapAll([
      { type: 'file.edited', properties: { file: 'a' } },
      { type: 'session.idle', properties: undefined },
      { type: 'message.updated', properties: { info: null } },
      { type: 'session.error', properties: { error: 'text' } },
      { type: 'todo.updated', properties: {} },
      { type: 'question.asked', properties: { id: 5 } },
    ]);
    expect(told).toEqual([]);
  });

  it('BR-2: a request with a huge diff is shortened, not lost, and said to be', () => {
    const small = { id: 'p', metadata: { diff: 'x' } };
    expect(boundRequest(small)).toEqual({ request: small });
    const huge = { id: 'p', metadata: { diff: 'x'.repeat(200_000) } };
    const shorter = boundRequest(huge);
    expect(shorter).toMatchObject({ request: { id: 'p' }, cut: true });
    expect(JSON.stringify(shorter).length).toBeLessThan(limits.request);
    expect(boundRequest(huge, limits.whole)).toEqual({ request: huge });
    const many = boundRequest({ files: Array.from({ length: 20_000 }, (_, n) => `file-${n}`) });
    expect(JSON.stringify(many).length).toBeLessThan(limits.request);
    expect(many.cut).toBe(true);
  });
});
