import { z } from 'zod';
import { defineTool } from '../../kit/tool.ts';
import { describePromote } from './confirmed.ts';
import { pickWorkspace, type WorkspaceToolDeps } from './deps.ts';
import { askedSchema, describeAsked, workspaceArgument } from './shown.ts';

export const promote = defineTool({
  name: 'promote',
  title: 'Promote a workspace',
  description: [
    'Asks the thread, with a button, whether to push the branches of a workspace and open pull requests. Only a click of a',
    'person does it; this call returns at once and has published nothing. What is not committed does not go along: if',
    'status shows such files, have the coding agent commit them first.',
  ].join(' '),
  input: z.object({ workspace: workspaceArgument }),
  output: askedSchema,
  hints: { readOnly: false, destructive: false, idempotent: true, openWorld: true },
  text: describeAsked('promoted'),
  async run(deps: WorkspaceToolDeps, { workspace }, call) {
    const info = pickWorkspace(deps, call, workspace);
    const { repositories } = await deps.workspaces.diff(info.name);
    const outcome = await deps.confirm(call, describePromote(info, repositories));
    return { outcome, workspace: info.name };
  },
});
