import { z } from 'zod';
import { defineTool } from '../../kit/tool.ts';
import { describeTold, type SessionToolDeps, toldSchema } from './deps.ts';

export const respondToPermission = defineTool({
  name: 'respond_to_permission',
  title: 'Deny a permission request, or ask for the click that allows it',
  description: [
    'For a permission request of a coding agent that waits; the ids are in the header’s `pending asks`.',
    'Deny: done at once, when the person who speaks now says so. Allow: only the click of a person allows; this shows the',
    'card with the buttons again at the end of the thread. Say that it waits for the click.',
  ].join(' '),
  input: z.object({
    ask: z.string().trim().min(1).max(100).describe('Its id, e.g. ask_0123456789ab.'),
    decision: z.enum(['deny', 'allow']),
    reason: z
      .string()
      .trim()
      .max(500)
      .optional()
      .describe('Why it is denied, or what to do instead, in the person’s words; the agent reads it.'),
  }),
  output: toldSchema,
  hints: { readOnly: false, destructive: false, idempotent: true },
  text: describeTold,
  async run(deps: SessionToolDeps, { ask, decision, reason }, call) {
    return await deps.respondToPermission(call, ask, decision, reason);
  },
});
