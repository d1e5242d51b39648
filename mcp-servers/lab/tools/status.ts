import { z } from 'zod';
import { defineTool } from '../../kit/tool.ts';
import type { LabToolDeps } from './deps.ts';
import { showDeployment, shownDeployment, workspaceArgument } from './shown.ts';

export const status = defineTool({
  name: 'status',
  title: "How a workspace's lab stands",
  description: [
    "Tells how a workspace's lab stands: its latest deployment with steps, URL or cause, and the one that still runs when",
    'a later one failed. Reading it changes nothing.',
  ].join(' '),
  input: z.object({ workspace: workspaceArgument }),
  output: z.object({
    latest: shownDeployment.nullable().describe('null: nothing was ever deployed.'),
    running: shownDeployment.nullable().describe('The one whose URL answers, where that is not the latest.'),
  }),
  hints: { readOnly: true, destructive: false, idempotent: true },
  async run(deps: LabToolDeps, { workspace: name }, call) {
    const workspace = await deps.workspaceOf(call, name);
    await deps.lab.observe();
    const [latest, live] = [await deps.lab.status(workspace), await deps.lab.live(workspace)];
    return {
      latest: latest && showDeployment(latest, Date.now()),
      running: live === null || live.id === latest?.id ? null : showDeployment(live, Date.now()),
    };
  },
});
