import { z } from 'zod';
import { defineTool } from '../../kit/tool.ts';
import { sessionRowSchema, type SessionToolDeps, workspaceInput } from './deps.ts';

export const status = defineTool({
  name: 'status',
  title: 'Where a work session stands',
  description: 'Tells what one work session is doing: status, agent, model, branch, and the last it said.',
  input: z.object({ workspace: workspaceInput }),
  output: z.object({ session: sessionRowSchema.nullable(), text: z.string() }),
  hints: { readOnly: true, destructive: false, idempotent: true },
  text: ({ text }) => text,
  async run(deps: SessionToolDeps, { workspace }, call) {
    return await deps.status(call, workspace);
  },
});
