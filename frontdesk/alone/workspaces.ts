/** `frontdesk mcp workspaces` (MCP-1): makes and reads workspaces for any MCP client, where no service works in the root. */
import type { z } from 'zod';
import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import { workspacesServer } from '../../mcp-servers/workspaces/server.ts';
import type { WorkspaceToolDeps } from '../../mcp-servers/workspaces/tools/deps.ts';
import { secretsOf } from '../config/load.ts';
import type { workspacesAloneSchema } from '../config/schema.ts';
import { openConfiguredWorkspaces } from '../work/open-work.ts';
import { createAloneLog, serveAlone, stdio } from './serve.ts';

/**
 * Serves until the client goes away.
 * @throws FrontdeskError root_locked while a service works in the root
 */
export async function runWorkspacesAlone(
  config: z.infer<typeof workspacesAloneSchema>,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const { log } = createAloneLog(config.logLevel, secretsOf(config));
  await using workspaces = await openConfiguredWorkspaces(config, config.workspaceRoot, environment, log);
  const needsService = async (): Promise<never> => {
    throw new FrontdeskError('service_needed', 'Threads and what they were told are its own.');
  };
  const deps: WorkspaceToolDeps = {
    workspaces,
    personOf: async () => stdio,
    connect: needsService,
    disconnect: needsService,
    setEventUpdates: needsService,
    readEvents: needsService,
    async confirm() {
      throw new FrontdeskError('click_needed');
    },
  };
  await serveAlone(workspacesServer, deps, log);
}
