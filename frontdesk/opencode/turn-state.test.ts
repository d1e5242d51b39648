import { describe, expect, it } from 'vitest';
import { createPromptIds } from './ids.ts';
import { type SessionMessage, sessionMessage } from './messages.ts';
import { decidePromptState, type TurnInput } from './turn-state.ts';

const nextId = createPromptIds();
const first = nextId();
const second = nextId();

const user = (id: string): SessionMessage => ({ info: { id, role: 'user' }, parts: [] });
const answer = (info: Record<string, unknown> = {}, parts: unknown[] = []): SessionMessage =>
  sessionMessage.parse({
    info: {
      id: 'msg_a',
      role: 'assistant',
      providerID: 'test',
      modelID: 'm1',
      time: { created: 1, completed: 2 },
      finish: 'stop',
      cost: 0.5,
      tokens: { input: 10, output: 5, reasoning: 0, cache: { read: 80, write: 5 } },
      ...info,
    },
    parts,
  });
const text = (text: string, more = {}) => ({ type: 'text', text, ...more });
const usage = { model: 'test/m1', cost: 0.5, contextTokens: 100, contextLimit: 200 };

function decide(messages: SessionMessage[], facts: Partial<TurnInput> = {}) {
  return decidePromptState({
    promptId: first,
    messages,
    busy: false,
    abortRequested: false,
    model: 'test/m1',
    contextLimit: 200,
    ...facts,
  });
}

describe('how a prompt stands', () => {
  it('AG-1: unknown when OpenCode never saw it, busy or not', () => {
    expect(decide([user(second)])).toEqual({ kind: 'unknown' });
    expect(decide([user(second)], { busy: true })).toEqual({ kind: 'unknown' });
  });

  it('running while the session is busy with it', () => {
    expect(decide([user(first), answer()], { busy: true })).toEqual({ kind: 'running' });
  });

  it('OUT-5: tells an end after a failed call, which may be due to our absence', () => {
    const call = (status: string) => ({ type: 'tool', state: { status } });
    const turn = (...calls: unknown[]) => [
      user(first),
      answer({ finish: 'tool-calls' }, calls),
      answer({}, [text('I could not.')]),
    ];
    expect(decide(turn(call('completed'), call('error')))).toMatchObject({ kind: 'done', callFailed: true });
    expect(decide(turn(call('error'), call('completed')))).toMatchObject({ kind: 'done', callFailed: false });
  });

  it('done with the last text that was said, without what OpenCode wrote itself', () => {
    const messages = [
      user(first),
      answer({ finish: 'tool-calls' }, [text('Let me see.'), { type: 'reasoning', text: 'hm' }]),
      answer({}, [text('', {}), text('made up', { synthetic: true })]),
    ];
    expect(decide(messages)).toEqual({
      kind: 'done',
      text: 'Let me see.',
      usage: { ...usage, cost: 1 },
      callFailed: false,
    });
  });

  it('the next prompt ends a turn, and its being busy does not make the first one running', () => {
    const messages = [user(first), answer({}, [text('One')]), user(second), answer({}, [text('Two')])];
    expect(decide(messages, { busy: true })).toMatchObject({ kind: 'done', text: 'One' });
    expect(decide(messages, { promptId: second })).toMatchObject({ kind: 'done', text: 'Two' });
  });

  it('a compaction within a turn does not end it', () => {
    const messages = [
      user(first),
      answer({ finish: 'tool-calls' }),
      user('msg_opencodes_own'),
      answer({ summary: true }, [text('Summary of all')]),
      user('msg_opencodes_own_too'),
    ];
    expect(decide(messages)).toEqual({ kind: 'interrupted' });
    expect(decide([...messages, answer({}, [text('Done')])])).toMatchObject({ kind: 'done', text: 'Done' });
    expect(decide([...messages, answer({})])).toMatchObject({ kind: 'done', text: '' });
  });

  it.each([
    ['nothing was answered', []],
    ['an answer was cut off', [answer({ time: { created: 1 }, finish: null })]],
    ['it died between two steps', [answer({ finish: 'tool-calls' })]],
    ['a stream ended without a reason', [answer({ finish: 'unknown' })]],
  ])('OP-4: interrupted when %s', (_, answers) => {
    expect(decide([user(first), ...answers])).toEqual({ kind: 'interrupted' });
  });

  it('IN-7: aborted, also when the abort fell between two steps', () => {
    const error = { name: 'MessageAbortedError', data: { message: 'aborted' } };
    expect(decide([user(first), answer({ error }, [text('Half')])])).toMatchObject({
      kind: 'aborted',
      text: 'Half',
    });
    const between = [user(first), answer({ finish: 'tool-calls' })];
    expect(decide(between, { abortRequested: true })).toMatchObject({ kind: 'aborted' });
    expect(decide([user(first), answer()], { abortRequested: true })).toMatchObject({ kind: 'done' });
  });

  it('OUT-5: failed with the reason, of the message or of the session', () => {
    const error = { name: 'APIError', data: { message: 'boom', statusCode: 500 } };
    expect(decide([user(first), answer({ error })])).toMatchObject({
      kind: 'failed',
      error: expect.stringContaining('500: boom'),
    });
    expect(decide([user(first)], { lastError: 'Model not found' })).toEqual({
      kind: 'failed',
      error: 'Model not found',
      text: '',
      usage: { model: 'test/m1', cost: 0, contextTokens: 0, contextLimit: 200 },
    });
  });

  it('done when a refused permission ended it after the tool call', () => {
    const refused = {
      type: 'tool',
      state: { status: 'error', error: 'The user rejected permission to use this' },
    };
    expect(decide([user(first), answer({ finish: 'tool-calls' }, [refused])])).toMatchObject({
      kind: 'done',
    });
  });
});
