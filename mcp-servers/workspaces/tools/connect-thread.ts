import { z } from 'zod';
import { defineTool } from '../../kit/tool.ts';
import { renderStanding } from '../diff/render.ts';
import { pickWorkspace, type WorkspaceToolDeps } from './deps.ts';
import { showWorkspace } from './shown.ts';

export const connectThread = defineTool({
  name: 'connect_thread',
  title: 'Plug a workspace into this thread',
  description: [
    'Plugs a workspace into this thread: from now on its notices and questions come here, and what is said here can be',
    'about it. If it is plugged elsewhere it moves, and both threads are told by themselves. You get a summary of where it',
    'stands; pass it on in your own words.',
  ].join(' '),
  input: z.object({ workspace: z.string().max(100).describe('Name of the workspace, as list gives it.') }),
  output: z.object({
    workspace: z.string(),
    outcome: z.enum(['connected', 'moved', 'was_here']),
    summary: z.string().describe('Markdown: where it stands.'),
  }),
  hints: { readOnly: false, destructive: false, idempotent: true },
  async run(deps: WorkspaceToolDeps, { workspace }, call) {
    const info = pickWorkspace(deps, call, workspace);
    const here = showWorkspace(info, call).plugged === 'here';
    const { movedFrom } = here ? { movedFrom: null } : await deps.connect(call, info.name);
    const summary = renderStanding(deps.workspaces.get(info.name), await deps.workspaces.diff(info.name));
    const outcome = here
      ? ('was_here' as const)
      : movedFrom === null
        ? ('connected' as const)
        : ('moved' as const);
    return { workspace: info.name, outcome, summary };
  },
});
