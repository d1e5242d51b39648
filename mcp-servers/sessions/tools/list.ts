import { z } from 'zod';
import { defineTool } from '../../kit/tool.ts';
import { sessionRowSchema, type SessionToolDeps } from './deps.ts';

export const list = defineTool({
  name: 'list',
  title: 'List work sessions',
  description: 'Lists every work session with its workspace, project, agent, model and status.',
  input: z.object({}),
  output: z.object({ sessions: z.array(sessionRowSchema) }),
  hints: { readOnly: true, destructive: false, idempotent: true },
  async run(deps: SessionToolDeps, _, call) {
    return { sessions: await deps.list(call) };
  },
});
