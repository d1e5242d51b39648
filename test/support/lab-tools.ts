import type { Lab } from '../../mcp-servers/kit/lab.ts';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import { createMcpService } from '../../mcp-servers/kit/mcp-server.ts';
import { labServer } from '../../mcp-servers/lab/server.ts';
import type { LabToolDeps } from '../../mcp-servers/lab/tools/deps.ts';
import { callTool, connectClient } from './mcp-client.ts';

const here = { team: 'T', channel: 'C', thread: '1.0', dm: false };

/** The server `lab` with a real client. For tests. */
export async function connectLabTools(lab: Lab, { shown }: { readonly shown: boolean }) {
  const asked: Parameters<LabToolDeps['confirm']>[1][] = [];
  const deps: LabToolDeps = {
    lab,
    workspaceOf: async (_, name) => name ?? 'shop',
    async deploy({ caller }, wish) {
      return { ...(await lab.deploy({ ...wish, by: 'U1', ref: caller.thread })), shown };
    },
    async confirm(_, request) {
      asked.push(request);
      return 'asked';
    },
  };
  const client = await connectClient(
    createMcpService({
      definition: labServer,
      deps,
      log: createSilentLog(),
      resolveCaller: () => ({ thread: here, sessionId: 'ses_1', callId: 'call_1' }),
    }),
  );
  return {
    client,
    asked,
    /** @param heard the progress told on the way */
    call: (name: string, args?: Record<string, unknown>, heard?: string[]) =>
      callTool(client, name, args, heard),
    [Symbol.asyncDispose]: () => client.close(),
  };
}
