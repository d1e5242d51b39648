import { z } from 'zod';
import { defineTool } from '../../kit/tool.ts';
import { describeTold, type SessionToolDeps, toldSchema, workspaceInput } from './deps.ts';

export const pause = defineTool({
  name: 'pause',
  title: 'Pause a work session',
  description:
    'Interrupts the coding agent and keeps its place; resume goes on from there with the full history.',
  input: z.object({ workspace: workspaceInput }),
  output: toldSchema,
  hints: { readOnly: false, destructive: false, idempotent: true },
  text: describeTold,
  async run(deps: SessionToolDeps, { workspace }, call) {
    return await deps.pause(call, workspace);
  },
});
