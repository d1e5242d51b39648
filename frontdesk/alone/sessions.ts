/** `frontdesk mcp sessions` (MCP-1): routes tasks, and reads how the sessions on disk stand; beside the service or without it. */
import type { z } from 'zod';
import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import { findWorkspace } from '../../mcp-servers/kit/find-workspace.ts';
import { chooseModel, createModelHealth, suggestModel } from '../../mcp-servers/sessions/models.ts';
import { decideRouting } from '../../mcp-servers/sessions/routing.ts';
import { sessionsServer, type SessionToolDeps } from '../../mcp-servers/sessions/server.ts';
import { secretsOf } from '../config/load.ts';
import type { sessionsAloneSchema } from '../config/schema.ts';
import { workModelsOf } from '../models.ts';
import { showLabAndTests } from '../work/standing.ts';
import { rowOf, summaryText } from '../work/texts.ts';
import { createAloneLog, nowhere, serveAlone } from './serve.ts';
import { readWorkspaces } from './workspaces-on-disk.ts';

/** Serves until the client goes away. */
export async function runSessionsAlone(config: z.infer<typeof sessionsAloneSchema>): Promise<void> {
  const { workspaceRoot: root, routing: rules } = config;
  const { log } = createAloneLog(config.logLevel, secretsOf(config));
  const models = workModelsOf(config);
  const health = createModelHealth({ fetch, now: Date.now });
  const needsService = async (): Promise<never> => {
    throw new FrontdeskError('service_needed', 'Hosts, and who may start what, are its own.');
  };
  const deps: SessionToolDeps = {
    async route(_, task) {
      const routing = decideRouting(task, rules);
      return { routing, model: await chooseModel(suggestModel(routing.agent, models), health) };
    },
    // As their state files tell: whether a host is there, only the service knows.
    list: async () => (await readWorkspaces(root)).flatMap((info) => rowOf(info, nowhere, true) ?? []),
    async status(_, words) {
      const all = await readWorkspaces(root);
      const info = findWorkspace(all, nowhere, words ?? (all.length === 1 ? all[0]?.name : undefined));
      const session = rowOf(info, nowhere, true);
      const lab = showLabAndTests(info.state);
      return { session, text: summaryText(info, session, { todo: null, lab, last: '' }) };
    },
    start: needsService,
    send: needsService,
    readMessages: needsService,
    respondToQuestion: needsService,
    respondToPermission: needsService,
    pause: needsService,
    resume: needsService,
    stop: needsService,
    switchModel: needsService,
    fork: needsService,
  };
  await serveAlone(sessionsServer, deps, log);
}
