import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import { createMcpService } from '../../mcp-servers/kit/mcp-server.ts';
import type { Workspaces } from '../../mcp-servers/workspaces/contract.ts';
import { workspacesServer } from '../../mcp-servers/workspaces/server.ts';
import type { ClickRequest, WorkspaceToolDeps } from '../../mcp-servers/workspaces/tools/deps.ts';
import { callTool, connectClient } from './mcp-client.ts';

const here = { team: 'T', channel: 'C', thread: '1.0', dm: false };

/** The server `workspaces` with a real client; the service's side plugs in the simplest way. For tests. */
export async function connectWorkspaceTools(workspaces: Workspaces) {
  const asked: ClickRequest[] = [];
  const deps: WorkspaceToolDeps = {
    workspaces,
    personOf: async () => 'U1',
    async connect({ caller }, workspace) {
      const from = workspaces.get(workspace).state.thread;
      await workspaces.updateState(workspace, (state) => ({ ...state, thread: caller.thread }));
      return { movedFrom: from && `${from.channel}/${from.thread}` };
    },
    async disconnect(_, workspace) {
      await workspaces.updateState(workspace, (state) => ({ ...state, thread: null }));
    },
    async setEventUpdates(_, workspace, on) {
      await workspaces.updateState(workspace, (state) => ({ ...state, eventUpdates: on }));
    },
    readEvents: async (_, workspace, limit) =>
      [{ at: '2026-01-01T00:00:00Z', text: `🔧 Wrote file in ${workspace}` }].slice(0, limit),
    async confirm(_, request) {
      asked.push(request);
      return 'asked';
    },
  };
  const service = createMcpService({
    definition: workspacesServer,
    deps,
    log: createSilentLog(),
    resolveCaller: () => ({ thread: here, sessionId: 'ses_1', callId: 'call_1' }),
  });
  const client = await connectClient(service);
  return {
    client,
    asked,
    /** @param heard the progress told on the way */
    call: (name: string, args?: Record<string, unknown>, heard?: string[]) =>
      callTool(client, name, args, heard),
    [Symbol.asyncDispose]: () => client.close(),
  };
}
