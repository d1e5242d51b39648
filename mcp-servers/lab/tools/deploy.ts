import { z } from 'zod';
import { defineTool } from '../../kit/tool.ts';
import type { LabToolDeps } from './deps.ts';
import { showDeployment, shownDeployment, workspaceArgument } from './shown.ts';

export const deploy = defineTool({
  name: 'deploy',
  title: 'Deploy a workspace to its lab',
  description: [
    "Runs a workspace's code as it is now, committed or not, in its lab, and gives it a URL. In a thread this call returns",
    'at once: a card shows the steps and, by itself, the URL or why it failed. Do not wait for it and do not claim that it',
    'is ready. The lab that ran before goes on until the new one is ready.',
  ].join(' '),
  input: z.object({
    workspace: workspaceArgument,
    repository: z
      .string()
      .max(100)
      .optional()
      .describe('Which repository of the workspace. Leave it out when only one can be run.'),
    if_running: z
      .enum(['wait', 'replace'])
      .default('wait')
      .describe('When a deploy of the workspace is under way: wait for its end, or end it and begin anew.'),
  }),
  output: shownDeployment.extend({
    shown: z.boolean().describe('A card in the thread tells the rest; nothing more has to be said.'),
  }),
  hints: { readOnly: false, destructive: false, idempotent: false },
  text: ({ shown, workspace, status, url, cause }) => {
    if (shown)
      return `The deploy of ${workspace} has begun. A card in the thread shows its steps and, by itself, its end; do not wait for it and do not claim that it is ready.`;
    return status === 'ready' ? `✅ Deployment ready: ${url}` : `❌ Deployment failed - ${cause}`;
  },
  async run(deps: LabToolDeps, { workspace: name, repository, if_running: ifRunning }, call) {
    const workspace = await deps.workspaceOf(call, name);
    const { deployment, done, shown } = await deps.deploy(call, { workspace, repository, ifRunning });
    if (shown) return { ...showDeployment(deployment, Date.now()), shown };
    // Nobody else tells: the client waits, and hears that it is alive.
    using _ = deps.lab.onChange(({ id, steps }) => {
      const step = steps.findLast(({ status }) => status === 'running');
      if (id === deployment.id && step !== undefined) call.progress(step.label);
    });
    const alive = setInterval(() => call.progress('Deploying'), 10_000);
    try {
      return { ...showDeployment(await done, Date.now()), shown };
    } finally {
      clearInterval(alive);
    }
  },
});
