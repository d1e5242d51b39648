import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { expect, it } from 'vitest';
import { sessionsServer } from '../../mcp-servers/sessions/server.ts';
import { slackServer } from '../../mcp-servers/slack/server.ts';
import { testsServer } from '../../mcp-servers/tests/server.ts';
import { workspacesServer } from '../../mcp-servers/workspaces/server.ts';
import { startSlackServer } from '../slack/server.ts';
import { createGround } from '../support/git-ground.ts';

const main = join(import.meta.dirname, '..', '..', 'frontdesk', 'main.ts');

it('MCP-1: `frontdesk mcp slack` serves the same tools over stdio, in the thread it was given', async () => {
  await using stack = new AsyncDisposableStack();
  const slack = stack.use(await startSlackServer());
  const stateDir = await mkdtemp(join(tmpdir(), 'frontdesk-alone-'));
  stack.defer(() => rm(stateDir, { recursive: true, force: true }));
  const root = await slack.as('U_ANNA').post('C_DEV', 'a thread of mine');
  const env = {
    PATH: join(main, '..', '..', 'node_modules', '.bin'),
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_API_URL: slack.apiUrl,
    FRONTDESK_STATE_DIR: stateDir,
    FRONTDESK_THREAD: `C_DEV:${root}`,
  };
  const client = new Client({ name: 'test', version: '1' });
  stack.defer(() => client.close());
  const stderr = 'pipe' as const;
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [main, 'mcp', 'slack'], env, stderr }),
  );

  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(slackServer.tools.map(({ name }) => name));

  const result = await client.callTool({ name: 'reply', arguments: { text: 'from **stdio** <!channel>' } });
  expect(result.isError ?? false).toBe(false);
  await slack.until(() => slack.thread('C_DEV', root).length === 2, 'the post');
  expect(slack.pinged()).toEqual([]);

  // MCP-2: another thread named in the arguments is not an argument at all.
  const forged = await client.callTool({ name: 'reply', arguments: { text: 'x', thread_ts: '1.2' } });
  expect(forged.isError).toBe(true);
  expect(JSON.stringify(forged.content)).toContain('thread_ts');
  expect(slack.thread('C_DEV', root)).toHaveLength(2);
});

it('MCP-1: `frontdesk mcp workspaces`, `sessions` and `tests` work on what is on disk, and list the same tools', async () => {
  await using stack = new AsyncDisposableStack();
  const ground = stack.use(await createGround());
  const test = "import test from 'node:test'; test('adds', () => {});";
  await ground.addRepository('api', { 'package.json': '{"type":"module"}', 'a.test.js': test });
  const projects = [{ name: 'ai-dev/shop', repositories: ['api'] }];
  const env = {
    PATH: process.env.PATH ?? '',
    FRONTDESK_WORKSPACE_ROOT: ground.root,
    FRONTDESK_STATE_DIR: join(ground.root, '..', 'state'),
    FRONTDESK_PROJECTS: JSON.stringify(projects),
  };
  const open = async (server: string): Promise<Client> => {
    const client = new Client({ name: 'test', version: '1' });
    const command = { command: process.execPath, args: [main, 'mcp', server], env, stderr: 'pipe' as const };
    await client.connect(new StdioClientTransport(command));
    stack.defer(() => client.close());
    return client;
  };
  const namesOf = async (client: Client) => (await client.listTools()).tools.map(({ name }) => name);

  const workspaces = await open('workspaces');
  expect(await namesOf(workspaces)).toEqual(workspacesServer.tools.map(({ name }) => name));
  const wish = { project: 'ai-dev/shop', title: 'Search' };
  const made = await workspaces.callTool({ name: 'create', arguments: wish });
  expect(made.structuredContent).toMatchObject({ workspace: 'ai-dev-shop-search', reused: false });
  const plugged = await workspaces.callTool({ name: 'connect_thread', arguments: { workspace: 'search' } });
  expect(JSON.stringify(plugged.content)).toContain('Only the running service can do this');
  const cleaned = await workspaces.callTool({ name: 'cleanup', arguments: { workspace: 'search' } });
  expect(JSON.stringify(cleaned.content)).toContain('This needs the click of a person');

  const sessions = await open('sessions');
  expect(await namesOf(sessions)).toEqual(sessionsServer.tools.map(({ name }) => name));
  const task = { title: 'Design authentication architecture' };
  const routed = await sessions.callTool({ name: 'route', arguments: task });
  expect(routed.structuredContent).toMatchObject({ agent: 'architect' });
  const standing = await sessions.callTool({ name: 'status', arguments: {} });
  expect(standing.structuredContent).toMatchObject({
    session: null,
    text: expect.stringContaining('No session'),
  });

  const client = await open('tests');
  expect(await namesOf(client)).toEqual(testsServer.tools.map(({ name }) => name));
  const ran = await client.callTool({ name: 'run', arguments: { workspace: 'search', suite: 'unit' } });
  expect(JSON.stringify(ran.content)).toContain('✅ Unit Tests: 1/1 passing');
  const results = await client.callTool({ name: 'results', arguments: {} });
  expect(results.structuredContent).toMatchObject({
    workspace: 'ai-dev-shop-search',
    runs: [{ status: 'passed' }],
  });
});
