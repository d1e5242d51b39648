import { z } from 'zod';
import { defineTool } from '../../kit/tool.ts';
import { pickWorkspace, type WorkspaceToolDeps } from './deps.ts';
import { workspaceArgument } from './shown.ts';

export const disconnectThread = defineTool({
  name: 'disconnect_thread',
  title: 'Unplug a workspace from this thread',
  description: [
    'Unplugs a workspace from this thread: its notices stop coming here. The work goes on, and it can be plugged into any',
    'thread later. It neither pauses nor stops the coding agent.',
  ].join(' '),
  input: z.object({ workspace: workspaceArgument }),
  output: z.object({ workspace: z.string(), disconnected: z.literal(true) }),
  hints: { readOnly: false, destructive: false, idempotent: true },
  text: ({ workspace }) => `${workspace} is not plugged into this thread any more.`,
  async run(deps: WorkspaceToolDeps, { workspace }, call) {
    const info = pickWorkspace(deps, call, workspace);
    await deps.disconnect(call, info.name);
    return { workspace: info.name, disconnected: true as const };
  },
});
