import { describe, expect, it } from 'vitest';
import { connectSessionTools } from '../../test/support/session-tools.ts';

describe('the sessions server', () => {
  it('MCP-4: lists its tools as agents know them', async () => {
    await using tools = await connectSessionTools();
    expect((await tools.client.listTools()).tools).toMatchSnapshot();
  });

  it('SE-1: route tells agent and model with their reasons', async () => {
    await using tools = await connectSessionTools();
    expect(await tools.call('route', { title: 'Design auth' })).toMatchObject({
      agent: 'architect',
      model: 'm/1',
      model_available: false,
      model_problem: 'away',
    });
  });

  it.each([
    [
      'start',
      { project: 'api', title: 'JWT' },
      { project: 'api', title: 'JWT', description: '', priority: 'normal' },
    ],
    ['send', { text: 'Go on', workspace: 'w' }, ['Go on', 'w']],
    ['respond_to_question', { ask: 'ask_1', answers: [['REST']] }, ['ask_1', [['REST']]]],
    ['respond_to_permission', { ask: 'ask_1', decision: 'deny' }, ['ask_1', 'deny', undefined]],
    ['pause', {}, [undefined]],
    ['resume', { workspace: 'w' }, ['w']],
    ['stop', { workspace: 'w' }, ['w']],
    ['switch_model', { model: 'claude' }, ['claude', undefined]],
    ['fork', { title: 'Other', workspace: 'w' }, ['Other', 'w']],
  ])('MCP-4: %s hands its arguments on', async (name, args, handed) => {
    await using tools = await connectSessionTools();
    expect(await tools.call(name, args)).toEqual({ text: `${name} done`, shown: true });
    expect(tools.handed).toEqual([handed]);
  });

  it('MCP-4: list, status and read_messages', async () => {
    await using tools = await connectSessionTools();
    expect(await tools.call('list', {})).toMatchObject({ sessions: [{ workspace: 'w', here: true }] });
    expect(await tools.call('status', {})).toMatchObject({ text: 'stands', session: null });
    expect(await tools.call('read_messages', { limit: 2 })).toEqual({
      messages: [{ role: 'assistant', text: 'hi', at: '1970-01-01T00:00:00.000Z' }],
    });
  });

  it.each([
    ['start', { project: 'api', title: ' ' }],
    ['start', { project: 'api', title: 'x', thread: '1.0' }],
    ['send', { text: '' }],
    ['read_messages', { limit: 0 }],
    ['respond_to_question', { ask: 'ask_1', answers: [[]] }],
    ['respond_to_permission', { ask: 'ask_1', decision: 'once' }],
    ['pause', { workspace: 'x'.repeat(41) }],
  ])('MCP-3: %s with %o is refused', async (name, args) => {
    await using tools = await connectSessionTools();
    await expect(tools.call(name, args)).rejects.toThrow(/arguments/);
    expect(tools.handed).toEqual([]);
  });
});
