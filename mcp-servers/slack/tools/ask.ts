import { withoutMark } from '../../kit/recommended.ts';
import { z } from 'zod';
import { type Question, recommendedOf } from '../../kit/asks.ts';
import { defineTool } from '../../kit/tool.ts';
import { describePosted, postedSchema, type SlackToolDeps } from './deps.ts';

export const ask = defineTool({
  name: 'ask',
  title: 'Ask the person with buttons',
  description: [
    'Asks the person a question in the thread, with a button for each option; they may answer in their own words, too.',
    'Use it when you need a decision to go on and there are two to ten clear options; otherwise ask with reply.',
    'The answer comes as their next message: end your turn after this call.',
  ].join(' '),
  input: z.object({
    question: z.string().trim().min(1).max(3000).describe('In Markdown; one question.'),
    options: z
      .array(
        z.object({
          label: z.string().trim().min(1).max(70),
          description: z.string().trim().max(300).optional(),
          recommended: z.boolean().optional().describe('At most one: what you would choose.'),
        }),
      )
      .min(2)
      .max(10),
    multiple: z.boolean().optional().describe('True when several options may be chosen.'),
  }),
  output: postedSchema,
  hints: { readOnly: false, destructive: false, idempotent: true },
  text: describePosted('Asked. The answer comes as the next message; end your turn now.'),
  async run(deps: SlackToolDeps, { question, options, multiple = false }, call) {
    const recommended = options.findIndex((option) => option.recommended === true);
    return await deps.ask(call, {
      header: '',
      question,
      multiple,
      options: options.map(({ label, description = '' }, index) => ({
        label: index === recommended ? `${label} (Recommended)` : label,
        description,
      })),
    });
  },
});

/** A question as text, where no click is listened to. */
export function showPlainQuestion(question: Question): string {
  const recommended = recommendedOf(question);
  const lines = question.options.map(({ label, description }, index) => {
    const name = withoutMark(label);
    return `${index + 1}. ${index === recommended ? '⭐ ' : ''}${name}${description === '' ? '' : `: ${description}`}`;
  });
  return [question.question, ...lines].join('\n');
}
