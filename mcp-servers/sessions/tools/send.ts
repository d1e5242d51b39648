import { z } from 'zod';
import { defineTool } from '../../kit/tool.ts';
import { describeTold, type SessionToolDeps, toldSchema, workspaceInput } from './deps.ts';

export const send = defineTool({
  name: 'send',
  title: 'Pass a message on to the coding agent',
  description: [
    'Passes what a person wrote on to the coding agent of a workspace. Use it in a plugged thread for whatever concerns',
    'the work: instructions, answers, corrections. Pass on their own words. A busy agent gets it after what it does now.',
    'Then tell the person that you passed it on.',
  ].join(' '),
  input: z.object({
    text: z.string().trim().min(1).max(30_000).describe("The person's words, unchanged."),
    workspace: workspaceInput,
  }),
  output: toldSchema,
  hints: { readOnly: false, destructive: false, idempotent: false },
  text: describeTold,
  async run(deps: SessionToolDeps, { text, workspace }, call) {
    return await deps.send(call, text, workspace);
  },
});
