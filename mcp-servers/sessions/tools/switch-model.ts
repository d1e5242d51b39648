import { z } from 'zod';
import { defineTool } from '../../kit/tool.ts';
import { describeTold, type SessionToolDeps, toldSchema, workspaceInput } from './deps.ts';

export const switchModel = defineTool({
  name: 'switch_model',
  title: 'Switch the model of a work session',
  description: 'Lets a work session go on with another of the configured models, from its next message on.',
  input: z.object({
    model: z.string().min(1).max(200).describe('provider/model; a part of it will do when it is clear.'),
    workspace: workspaceInput,
  }),
  output: toldSchema,
  hints: { readOnly: false, destructive: false, idempotent: true },
  text: describeTold,
  async run(deps: SessionToolDeps, { model, workspace }, call) {
    return await deps.switchModel(call, model, workspace);
  },
});
