import { z } from 'zod';
import { defineTool } from '../../kit/tool.ts';
import { workAgentSchema } from '../../kit/work.ts';
import type { SessionToolDeps } from './deps.ts';

export const route = defineTool({
  name: 'route',
  title: 'Suggest an agent and a model',
  description: [
    'Says which agent (architect, pm, builder, party-mode) and model would suit a task, with confidence and reason.',
    'Nothing is started. To start, call start: it routes by itself and shows the person the choice.',
  ].join(' '),
  input: z.object({
    title: z.string().min(1).max(150).describe('The task in one line, in the words of the person.'),
    description: z.string().max(6000).default('').describe('What else is known about it.'),
  }),
  output: z.object({
    agent: workAgentSchema,
    confidence: z.number().describe('0 to 1; below 0.5 ask the person for more.'),
    reason: z.string(),
    model: z.string(),
    model_reason: z.string(),
    model_available: z.boolean(),
    model_problem: z.string(),
  }),
  hints: { readOnly: true, destructive: false, idempotent: true },
  async run(deps: SessionToolDeps, task, call) {
    const { routing, model } = await deps.route(call, task);
    return {
      agent: routing.agent,
      confidence: routing.confidence,
      reason: routing.reason,
      model: model.id,
      model_reason: model.reason,
      model_available: model.available,
      model_problem: model.problem,
    };
  },
});
