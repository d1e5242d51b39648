import { z } from 'zod';
import { defineTool } from '../../kit/tool.ts';
import { describeTold, type SessionToolDeps, toldSchema, workspaceInput } from './deps.ts';

export const resume = defineTool({
  name: 'resume',
  title: 'Resume a work session',
  description: 'Lets a paused, stopped or crashed session go on, with its full history, also after days.',
  input: z.object({ workspace: workspaceInput }),
  output: toldSchema,
  hints: { readOnly: false, destructive: false, idempotent: true },
  text: describeTold,
  async run(deps: SessionToolDeps, { workspace }, call) {
    return await deps.resume(call, workspace);
  },
});
