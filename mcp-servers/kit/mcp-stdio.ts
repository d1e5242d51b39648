import type { Readable, Writable } from 'node:stream';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { McpService } from './mcp-server.ts';

/**
 * Serves one MCP server over stdin and stdout (`frontdesk mcp slack`). Nothing else may write to stdout.
 * @returns once connected; `closed` resolves when the client has gone
 */
export async function startMcpStdio(
  service: McpService,
  stdin: Readable = process.stdin,
  stdout: Writable = process.stdout,
): Promise<AsyncDisposable & { readonly closed: Promise<void> }> {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  const server = service.createServer();
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the SDK's server has no events
  server.onclose = resolve;
  // The SDK's transport does not notice the end of its input.
  stdin.once('end', () => void server.close());
  await server.connect(new StdioServerTransport(stdin, stdout));
  return {
    closed,
    async [Symbol.asyncDispose]() {
      await server.close();
    },
  };
}
