import { z } from 'zod';
import { defineTool } from '../../kit/tool.ts';
import { renderStanding } from '../diff/render.ts';
import { pickWorkspace, type WorkspaceToolDeps } from './deps.ts';
import { showWorkspace, shownSchema, workspaceArgument } from './shown.ts';

export const status = defineTool({
  name: 'status',
  title: 'Where a workspace stands',
  description: [
    'Tells where one workspace stands: its work session, and for each repository the branch, commits, changed lines and',
    'what is not committed yet. Reading it changes nothing. For what exactly was changed use diff; for what the coding',
    'agent said use the sessions server.',
  ].join(' '),
  input: z.object({ workspace: workspaceArgument }),
  output: shownSchema.extend({
    branch: z.string(),
    createdBy: z.string(),
    createdAt: z.string(),
    eventUpdates: z.boolean(),
    summary: z.string().describe('Markdown, fit to be posted as it is.'),
  }),
  hints: { readOnly: true, destructive: false, idempotent: true },
  async run(deps: WorkspaceToolDeps, { workspace }, call) {
    const info = pickWorkspace(deps, call, workspace);
    const { branch, createdBy, createdAt, eventUpdates } = info.state;
    const summary = renderStanding(info, await deps.workspaces.diff(info.name));
    return { ...showWorkspace(info, call), branch, createdBy, createdAt, eventUpdates, summary };
  },
});
