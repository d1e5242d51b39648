import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { fastify } from 'fastify';
import { z } from 'zod';
import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import { registerMcpHttp } from '../../mcp-servers/kit/mcp-http.ts';
import { createMcpService } from '../../mcp-servers/kit/mcp-server.ts';
import { createStamps } from '../../mcp-servers/kit/stamps.ts';
import { defineTool, type ServerDefinition } from '../../mcp-servers/kit/tool.ts';

interface Deps {
  readonly notes: string[];
}

const write = defineTool({
  name: 'write',
  title: 'Write a note',
  description: 'Writes a note into the thread.',
  input: z.object({ text: z.string().min(1).max(20).describe('What to write.') }),
  output: z.object({ written: z.boolean() }),
  hints: { readOnly: false, destructive: false, idempotent: true },
  text: () => 'Written.',
  async run(deps: Deps, { text }, { caller, progress }) {
    if (text === 'leak') throw new Error('password=hunter2');
    if (text === 'refuse') throw new FrontdeskError('slack_unreachable');
    progress('writing');
    deps.notes.push(`${caller.thread.thread}/${caller.callId}: ${text}`);
    return { written: true };
  },
});

const wait = defineTool({
  name: 'wait',
  title: 'Wait',
  description: 'Waits until cancelled.',
  input: z.object({}),
  output: z.object({}),
  hints: { readOnly: true, destructive: false, idempotent: true },
  async run(deps: Deps, _, { signal }) {
    deps.notes.push('waiting');
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    deps.notes.push('cancelled');
    return {};
  },
});

const definition: ServerDefinition<Deps> = { name: 'notes', tools: [write, wait] };
const threads: Record<string, string> = { ses_a: '1.0', ses_b: '2.0' };

/** An MCP server of two tools over HTTP, with sessions `ses_a` and `ses_b` in threads 1.0 and 2.0. For tests. */
export async function startNotesServer() {
  const stamps = createStamps({ now: Date.now });
  const notes: string[] = [];
  const service = createMcpService({
    definition,
    deps: { notes },
    log: createSilentLog(),
    resolveCaller({ tool, stamp }) {
      const { sessionId, callId } = stamps.consume(String(stamp), tool);
      const thread = threads[sessionId];
      if (thread === undefined) throw new FrontdeskError('thread_unknown');
      return { thread: { team: 'T', channel: 'C', thread, dm: false }, sessionId, callId };
    },
  });
  const app = fastify({ forceCloseConnections: true });
  let time = 0;
  const sessions = registerMcpHttp(app, {
    services: [service],
    token: 'secret',
    log: createSilentLog(),
    now: () => time,
    idleAfterMs: 1000,
  });
  const url = `${await app.listen({ port: 0, host: '127.0.0.1' })}/mcp/notes`;
  const resources = new AsyncDisposableStack();
  resources.defer(() => app.close());
  resources.use(sessions);

  const connect = async () => {
    const client = new Client({ name: 'test', version: '1' });
    const transport = new StreamableHTTPClientTransport(new URL(url), {
      requestInit: { headers: { authorization: 'Bearer secret' } },
    });
    await client.connect(transport);
    resources.defer(() => client.close());
    return { client, transport };
  };
  return {
    url,
    notes,
    connect,
    stamp: (tool: string, sessionId = 'ses_a') => stamps.issue({ sessionId, callId: 'call_1', tool }),
    pass: (ms: number) => (time += ms),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
