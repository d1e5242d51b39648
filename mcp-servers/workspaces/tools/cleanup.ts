import { z } from 'zod';
import { defineTool } from '../../kit/tool.ts';
import { describeCleanup } from './confirmed.ts';
import { pickWorkspace, type WorkspaceToolDeps } from './deps.ts';
import { askedSchema, describeAsked, workspaceArgument } from './shown.ts';

export const cleanup = defineTool({
  name: 'cleanup',
  title: 'Clean up a workspace',
  description: [
    'Asks the thread, with a button, whether to remove a workspace: its worktrees, its folder, and branches that are',
    'merged. Only a click of a person does it; this call returns at once and has removed nothing. Branches that are not',
    'merged are kept, uncommitted work is saved to a ref, and the state is archived.',
  ].join(' '),
  input: z.object({ workspace: workspaceArgument }),
  output: askedSchema,
  hints: { readOnly: false, destructive: true, idempotent: true },
  text: describeAsked('cleaned up'),
  async run(deps: WorkspaceToolDeps, { workspace }, call) {
    const info = pickWorkspace(deps, call, workspace);
    const { repositories } = await deps.workspaces.diff(info.name);
    const outcome = await deps.confirm(call, describeCleanup(info, repositories));
    return { outcome, workspace: info.name };
  },
});
