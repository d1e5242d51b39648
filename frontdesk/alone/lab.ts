/** `frontdesk mcp lab` (MCP-1): deploys the workspaces on disk for any MCP client; no card, the call waits. */
import { join } from 'node:path';
import type { z } from 'zod';
import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import { openStore } from '../../mcp-servers/kit/store/store.ts';
import type { WorkspaceInfo } from '../../mcp-servers/kit/work.ts';
import { createLab } from '../../mcp-servers/lab/lab.ts';
import { createLocalTarget } from '../../mcp-servers/lab/local/local-target.ts';
import { createPlanner } from '../../mcp-servers/lab/plan.ts';
import { findProgram } from '../../mcp-servers/lab/programs.ts';
import { deploymentRecordSchema } from '../../mcp-servers/lab/record.ts';
import { labServer } from '../../mcp-servers/lab/server.ts';
import type { LabToolDeps } from '../../mcp-servers/lab/tools/deps.ts';
import type { labAloneSchema } from '../config/schema.ts';
import { findEnclosure } from '../hosts/enclosure.ts';
import { findWorkspace } from '../../mcp-servers/kit/find-workspace.ts';
import { createAloneLog, nowhere, serveAlone, stdio } from './serve.ts';
import { readWorkspaces, repositoriesOf } from './workspaces-on-disk.ts';

/** Serves until the client goes away; what runs then stays, and is adopted by the next one. */
export async function runLabAlone(
  config: z.infer<typeof labAloneSchema>,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const { stateDir, workspaceRoot: root, logLevel: level, labReadySeconds } = config;
  const { log, redactor } = createAloneLog(level);
  // Labs of its own: the service's are the service's.
  const dir = join(stateDir, 'alone', 'lab');
  await using store = await openStore({ dir: join(dir, 'state'), log });
  const find = async (words: string | undefined): Promise<WorkspaceInfo> => {
    const all = await readWorkspaces(root);
    return findWorkspace(all, nowhere, words ?? (all.length === 1 ? all[0]?.name : undefined));
  };
  await using lab = createLab({
    targets: [
      createLocalTarget({
        folder: join(dir, 'labs'),
        environment,
        limits: { readyMs: labReadySeconds * 1000 },
        enclosure: await findEnclosure(),
        log,
      }),
    ],
    deployments: store.collection({ name: 'deployments', schema: deploymentRecordSchema, version: 1 }),
    planOf: createPlanner({
      repositoriesOf: async (workspace) => repositoriesOf(await find(workspace)),
      has: (program) => findProgram(program, environment['PATH'] ?? '') !== undefined,
    }),
    redact: redactor.redact,
    log,
    now: Date.now,
  });
  for (const said of await lab.resumeAll()) log.info({ said }, 'lab.resumed');
  const deps: LabToolDeps = {
    lab,
    workspaceOf: async (_, name) => (await find(name)).name,
    deploy: async (_, wish) => ({
      ...(await lab.deploy({ ...wish, by: stdio, ref: null })),
      shown: false,
    }),
    async confirm() {
      throw new FrontdeskError('click_needed');
    },
  };
  await serveAlone(labServer, deps, log);
}
