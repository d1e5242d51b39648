import { z } from 'zod';
import { FrontdeskError } from '../../kit/errors.ts';
import type { Deployment } from '../../kit/lab.ts';
import { defineTool } from '../../kit/tool.ts';
import type { LabToolDeps } from './deps.ts';
import { workspaceArgument } from './shown.ts';

export const cleanup = defineTool({
  name: 'cleanup',
  title: "Remove a workspace's lab",
  description: [
    "Asks the thread, with a button, whether to end and remove a workspace's lab with all that its app has stored there.",
    'Only a click of a person does it; this call returns at once and has removed nothing. The workspace and its code stay.',
  ].join(' '),
  input: z.object({ workspace: workspaceArgument }),
  output: z.object({ outcome: z.literal('asked'), workspace: z.string() }),
  hints: { readOnly: false, destructive: true, idempotent: true },
  text: ({ workspace }) =>
    `A card with a button was posted in the thread: a person has to click before the lab of ${workspace} is removed. Nothing was done yet. The outcome is posted in the thread by itself; do not call this again and do not claim it is done.`,
  async run(deps: LabToolDeps, { workspace: name }, call) {
    const workspace = await deps.workspaceOf(call, name);
    const latest = await deps.lab.status(workspace);
    if (latest === null || latest.status === 'removed')
      throw new FrontdeskError('lab_unknown', `Workspace ${workspace}.`);
    const outcome = await deps.confirm(call, describeCleanup(latest));
    return { outcome, workspace };
  },
});

/** What a person is asked before a lab is removed. */
export function describeCleanup({ workspace, status, url }: Deployment): {
  title: string;
  detail: string;
  workspace: string;
} {
  const ends =
    status === 'deploying'
      ? 'Its deploy is cancelled.'
      : url === null
        ? ''
        : `${url} will not answer any more.`;
  return {
    title: `Remove the lab of ${workspace}?`,
    detail: `${ends} What the app has stored there is deleted; the workspace and its code stay.`.trim(),
    workspace,
  };
}
