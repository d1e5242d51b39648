import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { Question } from '../../mcp-servers/kit/asks.ts';
import type { ChatFile, ChatMessage } from '../../mcp-servers/kit/chat.ts';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import { createMcpService } from '../../mcp-servers/kit/mcp-server.ts';
import { slackServer } from '../../mcp-servers/slack/server.ts';
import type { Posted, SlackToolDeps } from '../../mcp-servers/slack/tools/deps.ts';
import { connectClient } from './mcp-client.ts';

const thread = { team: 'T', channel: 'C', thread: '1.0', dm: false };

/** The server `slack` with a real client, and what its tools handed on. For tests. */
export async function connectTools(posted: Posted = { posted: true }) {
  const said: ChatMessage[] = [];
  const files: ChatFile[] = [];
  const marks: string[] = [];
  const asked: Question[] = [];
  const deps: SlackToolDeps = {
    async say(_, message) {
      said.push(message);
      return posted;
    },
    async attach(_, file) {
      files.push(file);
      return posted;
    },
    async ask(_, question) {
      asked.push(question);
      return posted;
    },
    async mark(_, emoji) {
      marks.push(emoji);
    },
  };
  const service = createMcpService({
    definition: slackServer,
    deps,
    log: createSilentLog(),
    resolveCaller: () => ({ thread, sessionId: 'ses_1', callId: 'call_1' }),
  });
  const client = await connectClient(service);
  return {
    client,
    said,
    files,
    marks,
    asked,
    async call(name: string, args: Record<string, unknown>) {
      const result = (await client.callTool({ name, arguments: args })) as CallToolResult;
      const [first] = result.content;
      return { failed: result.isError === true, text: first?.type === 'text' ? first.text : '' };
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}
