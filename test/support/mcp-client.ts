import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import type { McpService } from '../../mcp-servers/kit/mcp-server.ts';

/** @returns a real MCP client of the service, in this process */
export async function connectClient(service: McpService): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  const [near, far] = InMemoryTransport.createLinkedPair();
  await service.createServer().connect(far);
  await client.connect(near);
  return client;
}
