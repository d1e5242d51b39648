import path from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { expect, it } from 'vitest';
import { endLab, findRunning } from '../../../mcp-servers/lab/local/keeper-process.ts';
import { labServer } from '../../../mcp-servers/lab/server.ts';
import { ask, createGround, never, quiet } from '../../support/git-ground.ts';

const main = path.join(import.meta.dirname, '..', '..', '..', 'frontdesk', 'main.ts');

it('MCP-1: `frontdesk mcp lab` deploys the workspaces on disk and waits; what runs is adopted by the next', async () => {
  await using stack = new AsyncDisposableStack();
  const ground = stack.use(await createGround());
  await ground.addRepository('api', { 'index.html': '<h1>Shop</h1>' });
  {
    const projects = [{ name: 'ai-dev/shop', repositories: ['api'], description: '' }];
    await using workspaces = await ground.open({ projects });
    await workspaces.create(ask('Search'), quiet, never);
  }
  const stateDir = path.join(ground.root, '..', 'state');
  const labs = path.join(stateDir, 'alone', 'lab', 'labs');
  stack.defer(async () => {
    for (const id of findRunning(labs)) await endLab(id, labs, 1000);
  });
  const connect = async () => {
    const client = new Client({ name: 'test', version: '1' });
    const env = {
      PATH: process.env.PATH ?? '',
      FRONTDESK_WORKSPACE_ROOT: ground.root,
      FRONTDESK_STATE_DIR: stateDir,
    };
    const args = [main, 'mcp', 'lab'];
    await client.connect(new StdioClientTransport({ command: process.execPath, args, env, stderr: 'pipe' }));
    return client;
  };

  const first = await connect();
  const { tools } = await first.listTools();
  expect(tools.map(({ name }) => name)).toEqual(labServer.tools.map(({ name }) => name));
  const deployed = await first.callTool({ name: 'deploy', arguments: { workspace: 'search' } });
  const { url } = deployed.structuredContent as { url: string };
  expect(deployed.structuredContent).toMatchObject({ status: 'ready', runtime: 'static', shown: false });
  expect(await (await fetch(url)).text()).toBe('<h1>Shop</h1>');
  const refused = await first.callTool({ name: 'cleanup', arguments: {} });
  expect(refused.isError).toBe(true);
  expect(JSON.stringify(refused.content)).toContain('needs the click of a person');
  await first.close();

  const second = await connect();
  stack.defer(() => second.close());
  const { structuredContent } = await second.callTool({ name: 'status', arguments: {} });
  expect(structuredContent).toMatchObject({ latest: { status: 'ready', url } });
  expect(await (await fetch(url)).text()).toBe('<h1>Shop</h1>');
});
