import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { follow, runPrompt, runTurn, startDesk } from './desk.ts';

let desk: Awaited<ReturnType<typeof startDesk>>;
beforeAll(async () => {
  desk = await startDesk();
});
afterAll(async () => {
  await desk?.[Symbol.asyncDispose]();
});

describe('turns on a real OpenCode', () => {
  it('AG-1: a turn ends as done with its text and usage', async () => {
    desk.model.script('hello', [
      { text: 'Hello there.', usage: { promptTokens: 100, completionTokens: 10 } },
    ]);
    const { state } = await runTurn(desk.agent, 'hello');
    expect(state).toEqual({
      kind: 'done',
      text: 'Hello there.',
      callFailed: false,
      usage: { model: 'test/m1', cost: 0, contextTokens: 110, contextLimit: 50_000 },
    });
  });

  it('MCP-2: a tool call carries a stamp of its session, also over one the model made up', async () => {
    desk.model.script('reply please', [
      { tools: [{ name: 'slack_reply', args: { text: 'Hi.', _stamp: 'made-up' } }] },
      { text: 'Answered.' },
    ]);
    const { sessionId, state } = await runTurn(desk.agent, 'reply please');
    expect(state).toMatchObject({ kind: 'done', text: 'Answered.' });
    expect(desk.tools.replies).toMatchObject([{ text: 'Hi.', sessionId }]);
    expect(desk.tools.seenStamps).not.toContain('made-up');
  });

  it('AG-2: the model is offered our tools and nothing else', async () => {
    await runTurn(desk.agent, 'which tools');
    expect(desk.model.calls.at(-1)?.tools).toEqual(['slack_reply']);
  });

  it('AG-1: a prompt sent twice with one id runs once', async () => {
    desk.model.script('only once', [{ text: 'Once.' }]);
    const { sessionId, promptId } = await runTurn(desk.agent, 'only once');
    const again = await runPrompt(desk.agent, sessionId, promptId, 'only once');
    expect(again).toMatchObject({ kind: 'done', text: 'Once.' });
    expect(desk.model.calls.filter((call) => call.said.includes('only once'))).toHaveLength(1);
    const next = await runPrompt(desk.agent, sessionId, desk.agent.newPromptId(), 'and now');
    expect(next).toMatchObject({ kind: 'done', text: 'ok' });
    expect(JSON.stringify(desk.model.calls.at(-1)?.messages).match(/only once/g)).toHaveLength(1);
  });

  it('AG-1: the states of earlier prompts stay readable', async () => {
    desk.model.script('first of two', [{ text: 'One.' }]);
    desk.model.script('second of two', [{ text: 'Two.' }]);
    const { sessionId, promptId } = await runTurn(desk.agent, 'first of two');
    const second = desk.agent.newPromptId();
    await runPrompt(desk.agent, sessionId, second, 'second of two');
    expect(await desk.agent.stateOf(sessionId, promptId)).toMatchObject({ kind: 'done', text: 'One.' });
    expect(await desk.agent.stateOf(sessionId, second)).toMatchObject({ kind: 'done', text: 'Two.' });
    expect(await desk.agent.stateOf(sessionId, desk.agent.newPromptId())).toEqual({ kind: 'unknown' });
  });

  it('OUT-4: steps, text and tools are told as they happen, a check at the end', async () => {
    desk.model.script('show me', [
      { text: 'Let me see. ', tools: [{ name: 'slack_reply', args: { text: 'Seen.' } }] },
      { reasoning: 'secret thoughts', text: 'All done now.' },
    ]);
    const sessionId = await desk.agent.createSession('a test');
    using follower = follow(desk.agent, sessionId);
    await runPrompt(desk.agent, sessionId, desk.agent.newPromptId(), 'show me');
    const { events } = follower;
    expect(events.filter((e) => e.kind === 'step')).toHaveLength(2);
    const text = events.map((e) => (e.kind === 'text' ? e.delta : '')).join('');
    expect(text).toBe('Let me see. All done now.');
    expect(events.map((e) => (e.kind === 'tool' ? `${e.tool} ${e.status}` : '')).filter(Boolean)).toEqual([
      'slack_reply running',
      'slack_reply completed',
    ]);
    expect(events.at(-1)).toEqual({ kind: 'check' });
  });

  it('IN-7: abort ends a turn at once; the next prompt runs', async () => {
    desk.model.script('wait for it', [{ gate: 'held', next: { text: 'Too late.' } }]);
    const sessionId = await desk.agent.createSession('a test');
    const promptId = desk.agent.newPromptId();
    await desk.agent.prompt(sessionId, promptId, [{ type: 'text', text: 'wait for it' }]);
    await desk.model.gate('held').reached;
    expect(await desk.agent.stateOf(sessionId, promptId)).toEqual({ kind: 'running' });
    await desk.agent.abort(sessionId);
    expect(await desk.agent.stateOf(sessionId, promptId)).toMatchObject({ kind: 'aborted' });
    expect(await runPrompt(desk.agent, sessionId, desk.agent.newPromptId(), 'go on')).toMatchObject({
      kind: 'done',
    });
    await desk.agent.abort(sessionId);
  });

  it('IN-3: a file reaches the model', async () => {
    const sessionId = await desk.agent.createSession('a test');
    const url = `data:text/plain;base64,${Buffer.from('the secret of the file').toString('base64')}`;
    const promptId = desk.agent.newPromptId();
    using follower = follow(desk.agent, sessionId);
    await desk.agent.prompt(sessionId, promptId, [
      { type: 'text', text: 'read this' },
      { type: 'file', mime: 'text/plain', filename: 'a.txt', url },
    ]);
    await follower.until((event) => event.kind === 'check');
    expect(JSON.stringify(desk.model.calls.at(-1)?.messages)).toContain('the secret of the file');
  });

  it('OUT-5: what a provider refuses is told in one readable line', async () => {
    desk.model.script('no key', [{ fault: 'status', status: 401 }]);
    desk.model.script('broken json', [{ fault: 'badjson' }]);
    const refused = await runTurn(desk.agent, 'no key');
    expect(refused.state).toMatchObject({
      kind: 'failed',
      error: expect.stringMatching(/^The model provider answered 401: .+ Check the model key\.$/),
    });
    const broken = await runTurn(desk.agent, 'broken json');
    expect(broken.state).toMatchObject({ kind: 'failed', error: expect.stringMatching(/^[^\n<]{5,300}$/) });
  });

  it('OUT-5: a provider that fails for a while is retried, and the wait is told', async () => {
    desk.model.script('busy', [
      { fault: 'status', status: 429, headers: { 'retry-after': '1' }, next: { text: 'At last.' } },
    ]);
    const sessionId = await desk.agent.createSession('a test');
    using follower = follow(desk.agent, sessionId);
    const state = await runPrompt(desk.agent, sessionId, desk.agent.newPromptId(), 'busy');
    expect(state).toMatchObject({ kind: 'done', text: 'At last.' });
    expect(follower.events).toContainEqual(expect.objectContaining({ kind: 'retry', attempt: 1 }));
  });

  it('IN-7: abort ends also a wait for the provider', async () => {
    desk.model.script('limited', [{ fault: 'status', status: 429, headers: { 'retry-after': '600' } }]);
    const sessionId = await desk.agent.createSession('a test');
    const promptId = desk.agent.newPromptId();
    using follower = follow(desk.agent, sessionId);
    await desk.agent.prompt(sessionId, promptId, [{ type: 'text', text: 'limited' }]);
    await follower.until((event) => event.kind === 'retry');
    expect(await desk.agent.stateOf(sessionId, promptId)).toEqual({ kind: 'running' });
    await desk.agent.abort(sessionId);
    expect(await desk.agent.stateOf(sessionId, promptId)).toMatchObject({ kind: 'aborted' });
  });

  it('AG-1: a conversation that outgrows its context is compacted, and the turn goes on', async () => {
    desk.model.script('outgrow', [
      {
        tools: [{ name: 'slack_reply', args: { text: 'Long.' } }],
        usage: { promptTokens: 60_000, completionTokens: 10 },
      },
    ]);
    const { state, sessionId, promptId } = await runTurn(desk.agent, 'outgrow');
    expect(desk.model.calls.map(({ kind }) => kind)).toContain('compaction');
    expect(state).toMatchObject({ kind: 'done', text: 'ok' });
    await runPrompt(desk.agent, sessionId, desk.agent.newPromptId(), 'afterwards');
    expect(await desk.agent.stateOf(sessionId, promptId)).toMatchObject({ kind: 'done', text: 'ok' });
  });

  it('AG-3: a gateway page makes OpenCode loop; each call is told as a step, and abort ends it', async () => {
    desk.model.script('loop', [{ fault: 'html' }]);
    const sessionId = await desk.agent.createSession('a test');
    const promptId = desk.agent.newPromptId();
    using follower = follow(desk.agent, sessionId);
    await desk.agent.prompt(sessionId, promptId, [{ type: 'text', text: 'loop' }]);
    const steps = () => follower.events.filter((event) => event.kind === 'step').length;
    await follower.until(() => steps() > 5);
    await desk.agent.abort(sessionId);
    expect(await desk.agent.stateOf(sessionId, promptId)).toMatchObject({ kind: 'aborted' });
  });

  it('IN-6: 20 threads at once neither wait for each other nor mix', async () => {
    desk.model.script(/thread \d+/, (turn) =>
      turn.step === 0
        ? { tools: [{ name: 'slack_reply', args: { text: turn.said } }] }
        : { text: `Said ${turn.said}` },
    );
    const turns = await Promise.all(
      Array.from({ length: 20 }, async (_, n) => ({ n, ...(await runTurn(desk.agent, `thread ${n}`)) })),
    );
    for (const { n, sessionId, state } of turns) {
      expect(state).toMatchObject({ kind: 'done', text: `Said thread ${n}` });
      const replies = desk.tools.replies.filter((reply) => reply.sessionId === sessionId);
      expect(replies.map(({ text }) => text)).toEqual([`thread ${n}`]);
    }
  });

  it('AG-1: knows its sessions, and no other', async () => {
    const sessionId = await desk.agent.createSession('a test');
    expect(await desk.agent.hasSession(sessionId)).toBe(true);
    expect(await desk.agent.hasSession('ses_0000000000000000000000000')).toBe(false);
  });
});
