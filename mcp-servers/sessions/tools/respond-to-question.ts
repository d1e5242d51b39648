import { z } from 'zod';
import { defineTool } from '../../kit/tool.ts';
import { describeTold, type SessionToolDeps, toldSchema } from './deps.ts';

export const respondToQuestion = defineTool({
  name: 'respond_to_question',
  title: 'Answer a question of a coding agent',
  description: [
    'Gives a coding agent the answer to a question that waits; the ids are in the header’s `pending asks`.',
    'Only with what the person who speaks now said: one of its options, or their own words. Never answer by yourself;',
    'if it is not clear which they mean, ask them. Another person may have answered first: the result says so.',
  ].join(' '),
  input: z.object({
    ask: z.string().trim().min(1).max(100).describe('Its id, e.g. ask_0123456789ab.'),
    answers: z
      .array(z.array(z.string().trim().min(1).max(3000)).min(1).max(100))
      .min(1)
      .max(50)
      .describe(
        'One list for each question of the ask, in their order: the label of the option chosen (several where several may be), or words.',
      ),
  }),
  output: toldSchema,
  hints: { readOnly: false, destructive: false, idempotent: true },
  text: describeTold,
  async run(deps: SessionToolDeps, { ask, answers }, call) {
    return await deps.respondToQuestion(call, ask, answers);
  },
});
