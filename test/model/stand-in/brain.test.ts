import { describe, expect, it } from 'vitest';
import type { ModelMessage } from '../protocol.ts';
import { startModelServer } from '../server.ts';
import { type Step, chunksOf } from '../step.ts';
import { ask, userTurn } from '../test-client.ts';
import { parseTurn } from '../turn.ts';
import { standIn } from './brain.ts';
import { rules } from './rules.ts';
import { fakeToken } from './samples.ts';

const allTools = ['slack_reply', 'slack_reply_blocks', 'slack_upload', 'slack_react'];

interface Scene {
  readonly channel?: string;
  readonly tools?: readonly string[];
  readonly before?: readonly ModelMessage[];
  /** What the tools answer. */
  readonly result?: string;
}

/** Plays a whole turn: calls the stand-in until it ends without a tool call. */
function play(
  said: string,
  { channel = '#dev (thread)', tools = allTools, before = [], result = 'ok' }: Scene = {},
) {
  const messages: ModelMessage[] = [...before, userTurn(said, `channel: ${channel}\nfrom: Anna (U_ANNA)`)];
  const offered = tools.map((name) => ({ function: { name } }));
  const steps: Step[] = [];
  for (;;) {
    const step = standIn(parseTurn({ model: 'm', messages, tools: offered }, 's')) ?? {};
    steps.push(step);
    const answer = 'fault' in step ? step.next : step;
    const calls = (answer && 'tools' in answer && answer.tools) || [];
    if (calls.length === 0 || steps.length > 9) return { steps, messages };
    messages.push({
      role: 'assistant',
      content: null,
      tool_calls: calls.map(({ name, args }) => ({ function: { name, arguments: JSON.stringify(args) } })),
    });
    messages.push(...calls.map(() => ({ role: 'tool', content: result })));
  }
}

/** Tool calls of a turn as `name(args)`. */
function calls(said: string, scene?: Scene): string[] {
  return play(said, scene)
    .steps.flatMap((step) => ('tools' in step && step.tools) || [])
    .map(({ name, args }) => `${name}(${Object.values(args).map(String).join(', ')})`);
}

/** Text of the last step, as a DM shows it. */
function dm(said: string, scene: Scene = {}): string {
  const last = play(said, { channel: 'dm', ...scene }).steps.at(-1) ?? {};
  return 'fault' in last || 'gate' in last ? '' : chunksOf(last).join('');
}

describe('stand-in: introduction', () => {
  it('OP-3: says what it is at hello and the first echo, with a few things to try; not on later lines', () => {
    expect(dm('<@U_BOT> hello')).toMatch(/^I am the stand-in model: .*not an AI/);
    expect(dm('<@U_BOT>')).toBe(dm('hello'));
    expect(dm('hello').split('\n').length).toBeLessThan(12);
    for (const rule of ['deploy it', 'run the tests', 'what did it change?', 'promote it'])
      expect(dm('hello')).toContain(`\`${rule}\``);
    expect(dm('mend it')).toMatch(/^I am the stand-in model/);
    const before = [userTurn('first'), { role: 'assistant', content: 'x' }];
    expect(dm('mend it', { before })).toMatch(/^You said: “mend it”/);
  });
});

describe('stand-in: help and what it does not know', () => {
  it('OP-3: help lists every rule', () => {
    for (const { example, does } of rules) expect(dm('help')).toContain(`- \`${example}\`: ${does}`);
  });

  it.each(['👍', 'مرحبا كيف الحال', '🤔🤔', '你好'])('“%s” is something said, too', (said) => {
    expect(dm(said)).toContain(`You said: “${said}”`);
  });

  it('a typo is answered with what was meant', () => {
    expect(dm('depoly it')).toContain('Did you mean `deploy it`?');
    expect(dm('promte')).toContain('Did you mean `promote it`?');
    expect(dm('bitte eine Suche')).not.toContain('Did you mean');
  });
});

describe('stand-in: rules', () => {
  it.each(rules)('its own example "$example" reaches the rule and ends', ({ example, match }) => {
    expect(rules.find((rule) => rule.match.test(example))?.match).toBe(match);
    expect(play(example).steps.length).toBeLessThan(5);
  });

  it('uploads, reacts and replies with blocks', () => {
    expect(calls('upload a file about Blue Otters!')).toEqual([
      expect.stringContaining('slack_upload(blue-otters.md, # About Blue Otters!'),
      'slack_reply(Uploaded `blue-otters.md`.)',
    ]);
    expect(calls('please react with :eyes:')).toEqual([
      'slack_react(eyes)',
      'slack_reply(Reacted with :eyes:.)',
    ]);
    expect(calls('show me blocks')[0]).toMatch(/^slack_reply_blocks\(/);
  });

  it('replies through the tool in a channel and as plain text in a DM', () => {
    expect(calls('show me a table')).toEqual([expect.stringContaining('| session | agent |')]);
    expect(dm('show me a table')).toContain('| session | agent |');
    expect(calls('show me a table', { channel: 'dm' })).toEqual([]);
  });

  it('the long answer has fences and is longer than a Slack message takes', () => {
    const text = dm('show a long answer with code');
    expect(text.length).toBeGreaterThan(12_000);
    expect(text.split('```')).toHaveLength(7);
    // Streamed in pieces, so that it takes about a second.
    const [step] = play('show a long answer with code', { channel: 'dm' }).steps;
    expect(step && 'chunks' in step && step.chunks?.length).toBeLessThanOrEqual(50);
  });

  it('works slowly: one step a second, with a tool call between in a channel', () => {
    expect(calls('take 6 seconds')).toEqual(['slack_react(turtle)', 'slack_reply(That took 6 seconds.)']);
    const pauses = (scene: Scene) =>
      play('take 6 seconds', scene).steps.flatMap((step) => {
        return 'chunkDelayMs' in step && step.chunkDelayMs === 1_000 ? [chunksOf(step).length - 1] : [];
      });
    expect(pauses({})).toEqual([3, 3]);
    expect(pauses({ tools: ['slack_reply'] })).toEqual([6]);
    expect(pauses({ channel: 'dm' })).toEqual([6]);
  });

  it('says nothing, stumbles and fails on request', () => {
    expect(play('say nothing').steps).toEqual([{}]);
    expect(play('stumble').steps[0]).toMatchObject({ fault: 'status', status: 503, times: 2 });
    expect(play('fail').steps).toEqual([expect.objectContaining({ fault: 'status', status: 400 })]);
  });

  it('tries to ping and to leak, so that the service can prevent it', () => {
    expect(calls('ping everyone')[0]).toContain('<!channel>');
    expect(dm('leak a token')).toContain(fakeToken);
  });
});

describe('stand-in: tools that are missing or refuse', () => {
  it('says which tool it would call', () => {
    expect(calls('react with tada', { tools: ['slack_reply'] })).toEqual([
      'slack_reply(I would call `slack_react` for this, but it is not among the tools I was given.)',
    ]);
    expect(play('react with tada', { tools: [] }).steps).toHaveLength(1);
  });

  it('passes on what a tool refused', () => {
    expect(calls('react with tada', { result: 'Error: no such emoji' }).at(-1)).toBe(
      'slack_reply(`slack_react` did not work: Error: no such emoji)',
    );
  });
});

describe('stand-in: files', () => {
  it('IN-3: names the files it was given, and what it cannot read', () => {
    const content = [
      '<turn>\nchannel: dm\n</turn>\nlook',
      'Called the Read tool with the following input: {"filePath":"a.txt"}',
      'body',
      'ERROR: Cannot read "a.png" (this model does not support image input).',
    ].map((text) => ({ type: 'text', text }));
    const message = { role: 'user', content: [...content, { type: 'image_url' }] };
    const step = standIn(parseTurn({ model: 'm', messages: [message] }, 's'));
    const text = step && 'chunks' in step ? step.chunks?.join('') : '';
    expect(text).toContain(
      '“look”\n\nFiles that came with it: a.txt\n\nImages that came with it: 1\n\nERROR: Cannot read "a.png"',
    );
  });
});

describe('stand-in: a thread remembers', () => {
  it('lists what was said before', () => {
    const before = [userTurn('one'), { role: 'assistant', content: 'x' }, userTurn('<@U_BOT> two')];
    expect(dm('what did I say?', { before })).toBe('In this thread you said:\n1. one\n2. two');
    expect(dm('what did I say?')).toContain('first thing');
  });

  it('AG-1: a resumed turn does what was asked, in the same place, unless it is already posted', () => {
    const before = [userTurn('react with eyes', 'channel: dm'), { role: 'assistant', content: null }];
    const resume = (posted: string) => {
      const content = [
        `<turn>\nresumed: the service was interrupted\nalready posted in this turn${posted}\n</turn>`,
        'react with eyes',
      ].map((text) => ({ type: 'text', text }));
      const messages = [...before, { role: 'user', content }];
      return standIn(parseTurn({ model: 'm', messages, tools: [] }, 's'));
    };
    expect(resume(': nothing')).toMatchObject({ chunks: expect.arrayContaining(['`slack_react` ']) });
    expect(resume(', do not repeat it: "Reacted"')).toEqual({ text: 'Answered in the thread.' });
  });
});

describe('stand-in: over HTTP', () => {
  it('streams to a DM word by word', async () => {
    await using model = await startModelServer({ brain: standIn });
    const answer = await ask(model.url, { messages: [userTurn('leak a token', 'channel: dm')] });
    expect(answer.chunks.length).toBeGreaterThan(5);
    expect(answer.text).toContain(fakeToken);
  });
});
