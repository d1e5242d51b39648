import { z } from 'zod';
import { defineTool } from '../../kit/tool.ts';
import { describeTold, type SessionToolDeps, toldSchema, workspaceInput } from './deps.ts';

export const stop = defineTool({
  name: 'stop',
  title: 'Stop a work session',
  description:
    'Ends the work of a session and frees its place. Workspace, branch and history stay; resume takes it up again.',
  input: z.object({ workspace: workspaceInput }),
  output: toldSchema,
  hints: { readOnly: false, destructive: false, idempotent: true },
  text: describeTold,
  async run(deps: SessionToolDeps, { workspace }, call) {
    return await deps.stop(call, workspace);
  },
});
