import { describe, expect, it } from 'vitest';
import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import type { ToolCall } from '../../mcp-servers/kit/tool.ts';
import {
  anna,
  type AskLife,
  ben,
  beginAsks,
  cardShows,
  here,
  permission,
  question,
  statusesOf,
  thread,
} from '../../test/support/ask-world.ts';
import { createAskTools, createDeskAsk } from './ask-tools.ts';

/** The tools as a turn of Ben's in this thread calls them. */
function toolsOf(life: AskLife) {
  const shown: string[] = [];
  const turns = { personOf: () => ben, noteShown: async (_: string, what: string) => void shown.push(what) };
  const said: unknown[] = [];
  const say = async (_: ToolCall, message: unknown) => (said.push(message), { posted: true });
  return {
    shown,
    said,
    ...createAskTools(() => life.asks, turns),
    ask: createDeskAsk(() => life.asks, turns, say),
    askAlone: createDeskAsk(() => undefined, turns, say),
  };
}

const call = (ref = here, callId = 'call_1'): ToolCall => ({
  caller: { thread: ref, sessionId: 'ses_desk', callId },
  signal: new AbortController().signal,
  progress: () => {},
});
const where = {
  header: '',
  question: 'Where to?',
  options: [{ label: 'Staging', description: '' }],
  multiple: false,
};

describe('respond_to_question', () => {
  it.each(['gRPC', 'grpc', '⭐ gRPC'])('MCP-4: "%s" is the option', async (words) => {
    const { world, life } = await beginAsks();
    const tools = toolsOf(life);
    life.ask('question', 'que_1', question);
    await cardShows(world, 'Which style?');
    const id = life.asks.pending()[0]?.id ?? '';
    expect(await tools.respondToQuestion(call(), id, [[words]])).toEqual({
      text: 'Answered: ai-dev-api goes on with it.',
      shown: true,
    });
    await cardShows(world, 'ben chose **gRPC**');
    expect(world.host.replies).toEqual(['que_1: [["gRPC"]]']);
    expect(tools.shown).toEqual(['Answered: ai-dev-api goes on with it.']);
  });

  it('AS-2: says who was first, what does not fit, and what waits when the id is wrong', async () => {
    const { world, life } = await beginAsks();
    const tools = toolsOf(life);
    life.ask('question', 'que_1', question);
    await cardShows(world, 'Which style?');
    const id = life.asks.pending()[0]?.id ?? '';
    const refused = async (ask: string, answers: string[][]) => {
      const error: unknown = await tools
        .respondToQuestion(call(), ask, answers)
        .catch((thrown: unknown) => thrown);
      return error instanceof FrontdeskError ? error.message : error;
    };
    expect(await refused('ask_x', [['a']])).toContain(`Waiting: ${id} (Which style?).`);
    expect(await refused(id, [['a'], ['b']])).toContain('There is 1 question, and 2 answers.');
    expect(await refused(id, [['REST', 'gRPC']])).toContain('The question takes one answer.');
    expect(world.host.replies).toEqual([]);
    await life.press('gRPC', anna);
    expect(await tools.respondToQuestion(call(thread('9.0')), id, [['REST']])).toEqual({
      text: 'anna chose gRPC already.',
      shown: false,
    });
  });
});

describe('respond_to_permission', () => {
  it('MCP-5: to allow, the card is shown again and nothing is allowed; to deny is done, with the reason', async () => {
    const { world, life } = await beginAsks();
    const tools = toolsOf(life);
    life.ask('permission', 'per_1', permission);
    await cardShows(world, 'rm -rf build');
    const id = life.asks.pending()[0]?.id ?? '';
    const before = world.said.length;
    expect(await tools.respondToPermission(call(thread('9.0')), id, 'allow', undefined)).toMatchObject({
      text: expect.stringContaining('Only a click allows it'),
    });
    expect(await tools.respondToPermission(call(), id, 'allow', undefined)).toMatchObject({
      text: expect.stringContaining('nothing is allowed before somebody clicks it'),
      shown: true,
    });
    await world.until(
      () => world.said.length === before + 1 && world.cards(here).length === 1,
      'shown again',
    );
    expect(statusesOf(world)).toEqual(['open']);
    await tools.respondToPermission(call(), id, 'deny', 'Use git clean.');
    await world.until(() => world.host.replies.length === 1, 'denied');
    expect(world.host.replies).toEqual(['per_1: reject A person denied this: Use git clean.']);
    await cardShows(world, '🚫 ben: denied.\\nUse git clean.');
    expect(await tools.respondToPermission(call(), id, 'allow', undefined)).toEqual({
      text: 'ben decided (denied) already.',
      shown: false,
    });
  });
});

describe('slack_ask', () => {
  it('MCP-4: one question at a time in a thread; the same call asks once', async () => {
    const { world, life } = await beginAsks();
    const tools = toolsOf(life);
    await tools.ask(call(), where);
    await tools.ask(call(), where);
    await cardShows(world, 'Where to?');
    expect(world.cards(here)).toHaveLength(1);
    await tools.ask(call(here, 'call_2'), { ...where, question: 'When?' });
    await cardShows(world, 'Another question took its place.');
    await cardShows(world, 'When?');
    expect(statusesOf(world)).toEqual(['aborted', 'open']);
    expect(life.asks.summary(here)).toContain('(question yours): "When?" options: Staging');
  });

  it('MCP-4: where nothing waits for answers the question is text', async () => {
    const { life } = await beginAsks();
    const tools = toolsOf(life);
    await tools.askAlone(call(), where);
    expect(tools.said).toEqual([{ kind: 'text', markdown: 'Where to?\n1. Staging' }]);
  });
});
