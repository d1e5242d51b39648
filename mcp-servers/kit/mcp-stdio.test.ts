import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { describe, expect, it } from 'vitest';

const child = `
  const here = ${JSON.stringify(import.meta.url)};
  const load = (name) => import(new URL(name, here).href);
  const [{ startMcpStdio }, { createMcpService }, { createSilentLog }, { defineTool }, { z }] = await Promise.all([
    load('./mcp-stdio.ts'), load('./mcp-server.ts'), load('./log.ts'), load('./tool.ts'),
    import(${JSON.stringify(import.meta.resolve('zod'))}),
  ]);
  const where = defineTool({
    name: 'where', title: 'Where', description: 'Names the thread.',
    input: z.object({}), output: z.object({ thread: z.string() }),
    hints: { readOnly: true, destructive: false, idempotent: true },
    run: async (deps, input, { caller }) => ({ thread: caller.thread.thread }),
  });
  const thread = { team: 'T', channel: 'C', thread: '7.7', dm: false };
  const service = createMcpService({
    definition: { name: 'notes', tools: [where] }, deps: {}, log: createSilentLog(),
    resolveCaller: () => ({ thread, sessionId: 'stdio', callId: 'stdio' }),
  });
  const running = await startMcpStdio(service);
  await running.closed;
`;

describe('an MCP server over stdio', () => {
  it('MCP-1: serves the same tools for the thread it is configured for, and ends with its client', async () => {
    const client = new Client({ name: 'test', version: '1' });
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: ['--input-type=module', '--eval', child],
    });
    await client.connect(transport);
    const { pid } = transport;
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['where']);
    const result = await client.callTool({ name: 'where', arguments: {} });
    expect(result.structuredContent).toEqual({ thread: '7.7' });
    await client.close();
    expect(() => process.kill(pid ?? 0, 0)).toThrow(/ESRCH/);
  });
});
