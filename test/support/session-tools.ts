import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import { createMcpService } from '../../mcp-servers/kit/mcp-server.ts';
import { type SessionToolDeps, sessionsServer } from '../../mcp-servers/sessions/server.ts';
import { connectClient } from './mcp-client.ts';

const thread = { team: 'T', channel: 'C', thread: '1.0', dm: false };

/** The server `sessions` with a real client, and what its tools handed on. For tests. */
export async function connectSessionTools() {
  const handed: unknown[] = [];
  const told = async (name: string, args: unknown) => (
    handed.push(args),
    { text: `${name} done`, shown: true }
  );
  const routing = { agent: 'architect' as const, confidence: 0.9, reason: 'design', decidedBy: 'rules' };
  const row = {
    workspace: 'w',
    title: 'JWT',
    project: 'ai-dev/api',
    session: 'ses_1',
    agent: 'builder' as const,
    model: 'm/1',
    status: 'running' as const,
    here: true,
  };
  const deps: SessionToolDeps = {
    route: async () => ({ routing, model: { id: 'm/1', reason: 'r', available: false, problem: 'away' } }),
    start: (_, words) => told('start', words),
    list: async () => [row],
    status: async () => ({ session: null, text: 'stands' }),
    send: (_, ...args) => told('send', args),
    readMessages: async () => [{ id: 'msg_1', role: 'assistant', text: 'hi', at: 0 }],
    respondToQuestion: (_, ...args) => told('respond_to_question', args),
    respondToPermission: (_, ...args) => told('respond_to_permission', args),
    pause: (_, ...args) => told('pause', args),
    resume: (_, ...args) => told('resume', args),
    stop: (_, ...args) => told('stop', args),
    switchModel: (_, ...args) => told('switch_model', args),
    fork: (_, ...args) => told('fork', args),
  };
  const service = createMcpService({
    definition: sessionsServer,
    deps,
    log: createSilentLog(),
    resolveCaller: () => ({ thread, sessionId: 'ses_0', callId: 'call_1' }),
  });
  const client = await connectClient(service);
  return {
    client,
    handed,
    /** @returns the structured result. @throws what the model would read of a failure */
    async call(name: string, args: Record<string, unknown>): Promise<unknown> {
      const result = (await client.callTool({ name, arguments: args })) as CallToolResult;
      const [first] = result.content;
      if (result.isError === true) throw new Error(first?.type === 'text' ? first.text : '');
      return result.structuredContent;
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}
