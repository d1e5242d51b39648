import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import { connectClient } from '../../test/support/mcp-client.ts';
import { FrontdeskError } from '../kit/errors.ts';
import { createSilentLog } from '../kit/log.ts';
import { createMcpService } from '../kit/mcp-server.ts';
import type { TestRun } from '../kit/tests.ts';
import { testsServer, type TestToolDeps, type TestWish } from './server.ts';

const failed: TestRun = {
  id: 'r1',
  workspace: 'shop',
  repository: 'api',
  suite: 'unit',
  runner: 'node',
  command: 'npm test',
  status: 'failed',
  counts: { passed: 10, failed: 2, skipped: 0 },
  failures: [{ name: 'totals', lines: ['1 == 2'] }],
  reason: '',
  exitCode: 1,
  log: ['one', 'two'],
  testUrl: null,
  startedAt: 1_700_000_000_000,
  endedAt: 1_700_000_003_200,
};
const skipped: TestRun = { ...failed, suite: 'acceptance', status: 'skipped', reason: 'no tests were run' };

async function connect(change: Partial<TestToolDeps> = {}) {
  const wishes: TestWish[] = [];
  const deps: TestToolDeps = {
    tests: { results: async () => [failed, { ...skipped, failures: [], counts: null }] },
    workspaceOf: async (_, name = 'shop') => name,
    async run(_, wish) {
      wishes.push(wish);
      return { shown: true, text: '🧪 Tests of `shop` are running.', runs: [] };
    },
    ...change,
  };
  const client = await connectClient(
    createMcpService({
      definition: testsServer,
      deps,
      log: createSilentLog(),
      resolveCaller: () => ({
        thread: { team: 'T', channel: 'C', thread: '1.0', dm: false },
        sessionId: 'ses_1',
        callId: 'call_1',
      }),
    }),
  );
  return {
    client,
    wishes,
    async call(name: string, args: Record<string, unknown> = {}) {
      const { content, structuredContent, isError } = (await client.callTool({
        name,
        arguments: args,
      })) as CallToolResult;
      const [first] = content;
      return { text: first?.type === 'text' ? first.text : '', data: structuredContent, isError };
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}

describe('the tests server', () => {
  it('MCP-4: lists its tools as agents know them', async () => {
    await using tools = await connect();
    expect((await tools.client.listTools()).tools).toMatchSnapshot();
  });

  it('MCP-4: run asks for all suites, or for one, and leaves the telling to the card', async () => {
    await using tools = await connect();
    const { text, data } = await tools.call('run');
    expect(text).toContain('do not claim that they pass');
    expect(data).toMatchObject({ workspace: 'shop', shown: true, runs: [] });
    await tools.call('run', { workspace: 'other', suite: 'unit', repository: 'api' });
    expect(tools.wishes).toEqual([
      { workspace: 'shop', suites: ['unit', 'integration', 'acceptance'] },
      { workspace: 'other', suites: ['unit'], repository: 'api' },
    ]);
  });

  it('MCP-3: without a card the result is told, and what is wrong says what to do', async () => {
    await using alone = await connect({
      run: async () => ({ shown: false, text: '', runs: [failed] }),
    });
    expect((await alone.call('run')).text).toBe(
      ['❌ Unit Tests: 10/12 passing (2 failures) (api, `npm test`)', '  - totals', '    1 == 2'].join('\n'),
    );
    await using busy = await connect({
      run: async () => {
        throw new FrontdeskError('test_busy');
      },
    });
    expect(await busy.call('run')).toMatchObject({
      isError: true,
      text: expect.stringContaining('Wait for their result'),
    });
    expect((await busy.call('run', { suite: 'smoke' })).isError).toBe(true);
  });

  it('MCP-4: results tells the latest of each suite', async () => {
    await using tools = await connect();
    const { data } = await tools.call('results', { suite: 'acceptance' });
    expect(data?.runs).toMatchObject([
      { result: '⏭️ Acceptance Tests skipped: no tests were run', reason: 'no tests were run', log: [] },
    ]);
    await using none = await connect({ tests: { results: async () => [] } });
    expect((await none.call('results')).text).toBe('No tests of shop were run yet.');
  });
});
