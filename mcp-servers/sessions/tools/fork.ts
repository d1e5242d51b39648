import { z } from 'zod';
import { defineTool } from '../../kit/tool.ts';
import { describeTold, type SessionToolDeps, toldSchema, workspaceInput } from './deps.ts';

export const fork = defineTool({
  name: 'fork',
  title: 'Fork a work session',
  description: [
    'Copies the history of a session into a new one in the same workspace, to try another way. The workspace goes on with',
    'the copy; the original stays in the list of OpenCode.',
  ].join(' '),
  input: z.object({
    title: z.string().trim().min(1).max(150).optional().describe('Title of the copy.'),
    workspace: workspaceInput,
  }),
  output: toldSchema,
  hints: { readOnly: false, destructive: false, idempotent: false },
  text: describeTold,
  async run(deps: SessionToolDeps, { title, workspace }, call) {
    return await deps.fork(call, title, workspace);
  },
});
