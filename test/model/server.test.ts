import { describe, expect, it } from 'vitest';
import { startModelServer } from './server.ts';
import { type Answer, ask, askRaw, userTurn } from './test-client.ts';

const text = (answer: Answer) => answer.text;

describe('model server: answers', () => {
  it('streams text word by word and ends with a reason and usage', async () => {
    await using model = await startModelServer();
    model.script('hi', [{ text: 'Hello there, Anna.' }]);
    const answer = await ask(model.url, { messages: [userTurn('hi')] });
    expect(answer).toMatchObject({
      chunks: ['Hello ', 'there, ', 'Anna.'],
      finish: 'stop',
      usage: { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 },
      done: true,
    });
  });

  it('streams reasoning, given chunks and tool calls with their arguments', async () => {
    await using model = await startModelServer();
    model.script('hi', [
      {
        reasoning: 'hm',
        chunks: ['a b', 'c'],
        chunkDelayMs: 1,
        tools: [
          { name: 'slack_reply', args: { text: 'x' } },
          { name: 'slack_react', args: { emoji: 'tada' } },
        ],
        usage: { promptTokens: 7, completionTokens: 3 },
      },
    ]);
    const answer = await ask(model.url, { messages: [userTurn('hi')] });
    expect(answer).toMatchObject({ reasoning: 'hm', chunks: ['a b', 'c'], finish: 'tool_calls' });
    expect(answer.usage).toMatchObject({ prompt_tokens: 7, total_tokens: 10 });
    expect(answer.tools).toEqual([
      { name: 'slack_reply', args: { text: 'x' } },
      { name: 'slack_react', args: { emoji: 'tada' } },
    ]);
  });

  it('answers whole when no stream is asked for', async () => {
    await using model = await startModelServer();
    model.script('hi', [{ text: 'Whole.', tools: [{ name: 't', args: { n: 1 } }], chunkDelayMs: 1 }]);
    const res = await askRaw(model.url, { stream: false, messages: [userTurn('hi')] });
    const body = await res.json();
    expect(body).toMatchObject({
      object: 'chat.completion',
      choices: [
        {
          message: { content: 'Whole.', tool_calls: [{ function: { name: 't', arguments: '{"n":1}' } }] },
          finish_reason: 'tool_calls',
        },
      ],
      usage: { total_tokens: 110 },
    });
  });

  it('lists its model, and refuses other routes and bad requests', async () => {
    await using model = await startModelServer();
    const models = await (await fetch(`${model.url}/models`)).json();
    expect(models).toMatchObject({ data: [{ id: 'front-desk' }] });
    expect((await fetch(`${model.url}/nothing`)).status).toBe(404);
    expect((await askRaw(model.url, { messages: 'no' })).status).toBe(400);
    const broken = await fetch(`${model.url}/chat/completions`, { method: 'POST', body: '{' });
    expect(broken.status).toBe(400);
  });

  it('answers title and compaction calls itself, whatever is scripted', async () => {
    await using model = await startModelServer();
    model.script(() => true, [{ text: 'wrong' }]);
    const title = { role: 'system', content: 'You are a title generator.' };
    expect(text(await ask(model.url, { messages: [title, userTurn('hi')] }))).toBe('A title');
    const compaction = [userTurn('Here is the conversation so far: …')];
    expect(text(await ask(model.url, { messages: compaction }))).toContain('summary');
    expect(model.calls.map((call) => call.kind)).toEqual(['title', 'compaction']);
  });
});

describe('model server: scripts', () => {
  it('takes the first match on what the person said; the header matches only by function', async () => {
    await using model = await startModelServer();
    model.script('deploy', [{ text: 'by text' }]);
    model.script(/^de/g, [{ text: 'by pattern' }]);
    model.script((turn) => turn.header['from'] === 'Ben (U_BEN)', [{ text: 'by header' }]);
    const said = async (words: string, header = 'channel: #dev (thread)') =>
      text(await ask(model.url, { messages: [userTurn(words, header)] }));
    expect(await said('please deploy')).toBe('by text');
    expect(await said('delete')).toBe('by pattern');
    expect(await said('delete')).toBe('by pattern');
    expect(await said('hi', 'channel: #dev\nearlier: deploy it\nfrom: Ben (U_BEN)')).toBe('by header');
    expect(await said('hi')).toBe('ok');
  });

  it('picks the step by the assistant messages since the last user message, so a retry sees the same', async () => {
    await using model = await startModelServer();
    model.script('go', [{ tools: [{ name: 't', args: {} }] }, { text: 'second' }]);
    const first = [userTurn('old'), { role: 'assistant', content: 'old' }, userTurn('go')];
    const second = [...first, { role: 'assistant', content: null }, { role: 'tool', content: 'did it' }];
    expect((await ask(model.url, { messages: first })).tools).toHaveLength(1);
    expect((await ask(model.url, { messages: first })).tools).toHaveLength(1);
    expect(text(await ask(model.url, { messages: second }))).toBe('second');
    expect(
      text(await ask(model.url, { messages: [...second, { role: 'assistant', content: 'second' }] })),
    ).toBe('script over');
  });

  it('AG-1: a resumed turn leaves out the steps whose posts the header lists', async () => {
    await using model = await startModelServer();
    const reply = (text: string) => ({ tools: [{ name: 'slack_reply', args: { text } }] });
    model.script('go', [reply('<one>\ntwo'), reply('x'.repeat(600)), { text: 'end' }]);
    const resumed = (...posted: string[]) => {
      const lines = posted.map(
        (text) => `already posted in this turn, do not repeat it: ${JSON.stringify(text)}`,
      );
      return { messages: [userTurn('go'), userTurn('go', ['resumed: yes', ...lines].join('\n'))] };
    };
    expect((await ask(model.url, resumed())).tools[0]?.args).toEqual({ text: '<one>\ntwo' });
    expect((await ask(model.url, resumed('‹one› two'))).tools[0]?.args).toEqual({ text: 'x'.repeat(600) });
    expect(text(await ask(model.url, resumed('‹one› two', `${'x'.repeat(500)}…`)))).toBe('end');
  });

  it('leaves to the brain what no script matches, and shows it the turn', async () => {
    await using model = await startModelServer({
      brain: (turn) =>
        turn.said === 'pass' ? undefined : { text: `${turn.said}|${turn.toolResults.join()}` },
    });
    model.script('mine', (turn) => ({ text: `step ${turn.step}` }));
    const messages = [userTurn('hi'), { role: 'assistant', content: '' }, { role: 'tool', content: 'r1' }];
    expect(text(await ask(model.url, { messages }))).toBe('hi|r1');
    expect(text(await ask(model.url, { messages: [userTurn('pass')] }))).toBe('ok');
    expect(text(await ask(model.url, { messages: [userTurn('mine')] }))).toBe('step 0');
  });

  it('records calls with session, tools, words and outcome; reset forgets them and the scripts', async () => {
    const seen: string[] = [];
    await using model = await startModelServer({ onCall: (call) => seen.push(call.said) });
    model.script('hi', [{ text: 'scripted' }]);
    const tools = [{ type: 'function', function: { name: 'slack_reply' } }];
    await ask(model.url, { messages: [userTurn('hi')], tools }, { 'x-session-id': 'ses_1' });
    expect(model.calls[0]).toMatchObject({
      sessionId: 'ses_1',
      tools: ['slack_reply'],
      said: 'hi',
      stepIndex: 0,
      step: { text: 'scripted' },
    });
    expect(model.calls[0]?.lastUserText).toContain('from: Anna');
    await expect.poll(() => model.calls[0]?.outcome).toBe('ended');
    model.reset();
    expect(model.calls).toEqual([]);
    expect(text(await ask(model.url, { messages: [userTurn('hi')] }))).toBe('ok');
    expect(seen).toEqual(['hi', 'hi']);
  });
});

describe('model server: gates', () => {
  it('holds the answer until the gate opens, then lets the next ones pass', async () => {
    await using model = await startModelServer();
    model.script('hold', [{ gate: 'g', next: { text: 'through' } }]);
    const answer = ask(model.url, { messages: [userTurn('hold')] });
    await model.gate('g').reached;
    expect(model.calls[0]?.outcome).toBe('answering');
    model.gate('g').open();
    expect(text(await answer)).toBe('through');
    expect(text(await ask(model.url, { messages: [userTurn('hold')] }))).toBe('through');
  });

  it('notices a client that leaves while held', async () => {
    await using model = await startModelServer();
    model.script('hold', [{ gate: 'g', next: { text: 'through' } }]);
    const leaving = new AbortController();
    const answer = askRaw(model.url, { messages: [userTurn('hold')] }, {}, leaving.signal);
    await model.gate('g').reached;
    leaving.abort();
    await expect(answer).rejects.toThrow(/abort/i);
    await expect.poll(() => model.calls[0]?.outcome).toBe('aborted');
  });

  it('can be disposed while it holds and while it stalls', async () => {
    const model = await startModelServer();
    model.script('hold', [{ gate: 'g', next: { text: 'through' } }]);
    model.script('stall', [{ fault: 'stall', text: 'beginning' }]);
    const held = askRaw(model.url, { messages: [userTurn('hold')] });
    const stalled = await askRaw(model.url, { stream: true, messages: [userTurn('stall')] });
    await model.gate('g').reached;
    const ended = Promise.allSettled([held, stalled.text()]);
    await model[Symbol.asyncDispose]();
    expect((await ended).map((result) => result.status)).toEqual(['rejected', 'rejected']);
    await expect(fetch(`${model.url}/models`)).rejects.toThrow('fetch failed');
  });
});

describe('model server: faults', () => {
  it('status: OpenAI error shape by default, headers and body as given, counted, then the answer', async () => {
    await using model = await startModelServer();
    const headers = { 'retry-after': '1' };
    model.script('busy', [{ fault: 'status', status: 429, headers, times: 2, next: { text: 'now' } }]);
    model.script('broken', [{ fault: 'status', status: 500, body: 'plain' }]);
    const busy = { stream: true, messages: [userTurn('busy')] };
    const first = await askRaw(model.url, busy);
    expect([first.status, first.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await first.json()).toMatchObject({ error: { message: 'scripted error 429' } });
    expect((await askRaw(model.url, busy)).status).toBe(429);
    expect(text(await ask(model.url, busy))).toBe('now');
    const other = await askRaw(model.url, busy, { 'x-session-id': 'ses_other' });
    expect(other.status).toBe(429);
    await other.body?.cancel();
    const broken = await askRaw(model.url, { messages: [userTurn('broken')] });
    expect([broken.status, await broken.text()]).toEqual([500, 'plain']);
  });

  it('status: a fault may come after a gate, and once with `next` by default', async () => {
    await using model = await startModelServer();
    const fault = { fault: 'status', status: 503, next: { text: 'now' } } as const;
    model.script('x', [{ gate: 'g', next: fault }]);
    model.gate('g').open();
    expect((await askRaw(model.url, { messages: [userTurn('x')] })).status).toBe(503);
    expect(text(await ask(model.url, { messages: [userTurn('x')] }))).toBe('now');
  });

  it('reset: the connection drops before any answer', async () => {
    await using model = await startModelServer();
    model.script('x', [{ fault: 'reset' }]);
    await expect(askRaw(model.url, { messages: [userTurn('x')] })).rejects.toThrow('fetch failed');
  });

  it('html: a page with status 200', async () => {
    await using model = await startModelServer();
    model.script('x', [{ fault: 'html' }]);
    const res = await askRaw(model.url, { stream: true, messages: [userTurn('x')] });
    expect([res.status, res.headers.get('content-type')]).toEqual([200, 'text/html']);
    expect(await res.text()).toContain('<html>');
  });

  it('cut: the stream breaks after the text, without an end', async () => {
    await using model = await startModelServer();
    model.script('x', [{ fault: 'cut', text: 'half an' }]);
    const answer = await ask(model.url, { messages: [userTurn('x')] });
    expect(answer).toMatchObject({ text: 'half an', finish: undefined, done: false, broken: true });
  });

  it('stall: text comes, then nothing, until the client leaves', async () => {
    await using model = await startModelServer();
    model.script('x', [{ fault: 'stall', text: 'half' }]);
    const leaving = new AbortController();
    const messages = [userTurn('x')];
    const res = await askRaw(model.url, { stream: true, messages }, {}, leaving.signal);
    const reader = res.body?.pipeThrough(new TextDecoderStream()).getReader();
    let shown = '';
    while (!shown.includes('half')) shown += (await reader?.read())?.value ?? '';
    const rest = reader?.read();
    expect(model.calls[0]?.outcome).toBe('answering');
    leaving.abort();
    await expect(rest).rejects.toThrow(/abort/i);
    await expect.poll(() => model.calls[0]?.outcome).toBe('aborted');
  });

  it('nofinish: the stream ends properly but gives no finish reason', async () => {
    await using model = await startModelServer();
    model.script('x', [{ fault: 'nofinish', text: 'half' }]);
    const answer = await ask(model.url, { messages: [userTurn('x')] });
    expect(answer).toMatchObject({ text: 'half', finish: undefined, done: false, broken: false });
  });

  it('badjson and errchunk: frames that are no answer', async () => {
    await using model = await startModelServer();
    model.script('bad', [{ fault: 'badjson' }]);
    model.script('err', [{ fault: 'errchunk', text: 'half' }]);
    const stream = { stream: true };
    const bad = await (await askRaw(model.url, { ...stream, messages: [userTurn('bad')] })).text();
    expect(bad).toContain('data: {not json');
    const err = await (await askRaw(model.url, { ...stream, messages: [userTurn('err')] })).text();
    expect(err).toContain('upstream blew up');
    expect(err).not.toContain('[DONE]');
  });

  it('a client that stops reading mid-stream is recorded as aborted', async () => {
    await using model = await startModelServer();
    model.script('long', [{ chunks: Array.from({ length: 1_000 }, () => 'w '), chunkDelayMs: 5 }]);
    const leaving = new AbortController();
    const messages = [userTurn('long')];
    const res = await askRaw(model.url, { stream: true, messages }, {}, leaving.signal);
    const reader = res.body?.getReader();
    await reader?.read();
    leaving.abort();
    await expect(reader?.closed).rejects.toThrow(/abort/i);
    await expect.poll(() => model.calls[0]?.outcome).toBe('aborted');
  });
});
