import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { McpService } from '../../mcp-servers/kit/mcp-server.ts';

/** @returns a real MCP client of the service, in this process */
export async function connectClient(service: McpService): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  const [near, far] = InMemoryTransport.createLinkedPair();
  await service.createServer().connect(far);
  await client.connect(near);
  return client;
}

/** Calls a tool as a model does. @param heard the progress told on the way */
export async function callTool(
  client: Client,
  name: string,
  args: Record<string, unknown> = {},
  heard: string[] = [],
) {
  const result = (await client.callTool({ name, arguments: args }, undefined, {
    onprogress: ({ message }) => heard.push(message ?? ''),
  })) as CallToolResult;
  const [first] = result.content;
  return {
    failed: result.isError === true,
    text: first?.type === 'text' ? first.text : '',
    data: result.structuredContent ?? {},
  };
}
