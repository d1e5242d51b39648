/** What the servers that run alone over stdio have in common (MCP-1). */
import { randomUUID } from 'node:crypto';
import type { ThreadRef } from '../../mcp-servers/kit/chat.ts';
import { createLog, type Log, type LogOptions } from '../../mcp-servers/kit/log.ts';
import { createMcpService } from '../../mcp-servers/kit/mcp-server.ts';
import { startMcpStdio } from '../../mcp-servers/kit/mcp-stdio.ts';
import { createRedactor, type Redactor } from '../../mcp-servers/kit/redact/redactor.ts';
import type { ServerDefinition } from '../../mcp-servers/kit/tool.ts';
import type { secretsOf } from '../config/load.ts';

/** There is no thread here. */
export const nowhere: ThreadRef = { team: '', channel: '', thread: '', dm: false };

/** Who asks, in what is stored of it. */
export const stdio = 'stdio';

/** To stderr: stdout belongs to the protocol. */
export function createAloneLog(
  level: LogOptions['level'],
  secrets: ReturnType<typeof secretsOf> = [],
): { readonly log: Log; readonly redactor: Redactor } {
  const redactor = createRedactor({ secrets });
  return { log: createLog({ level, redact: redactor.redact, destination: process.stderr }), redactor };
}

/** Serves until the client goes away. @param thread fixed by whoever starts it, never by the model (MCP-2) */
export async function serveAlone<Deps>(
  definition: ServerDefinition<Deps>,
  deps: Deps,
  log: Log,
  thread: ThreadRef = nowhere,
): Promise<void> {
  const service = createMcpService({
    definition,
    deps,
    log,
    resolveCaller: () => ({ thread, sessionId: stdio, callId: randomUUID() }),
  });
  await using server = await startMcpStdio(service);
  await server.closed;
}
