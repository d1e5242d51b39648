import { z } from 'zod';
import { defineTool } from '../../kit/tool.ts';
import { describeTold, type SessionToolDeps, toldSchema } from './deps.ts';

export const start = defineTool({
  name: 'start',
  title: 'Propose a work session',
  description: [
    'Proposes to start a coding agent on a task. A card with agent, model, [Start], [Change agent], [Change model] and',
    '[Cancel] appears in the thread; nothing runs before a person clicks. Call it when somebody wants something built,',
    'designed, specified or mended. Ask first only when the project is unclear.',
  ].join(' '),
  input: z.object({
    project: z
      .string()
      .min(1)
      .max(120)
      .describe('As the person said it: category/project, the name of a project, or of a repository.'),
    repositories: z
      .array(z.string().min(1).max(200))
      .max(20)
      .optional()
      .describe('Only when the person named some; default: all of the project.'),
    title: z.string().trim().min(1).max(150).describe('The task in one line, e.g. "JWT authentication".'),
    description: z
      .string()
      .max(6000)
      .default('')
      .describe('Everything the coding agent should know, in the words of the person. Invent nothing.'),
    priority: z.enum(['low', 'normal', 'high']).default('normal'),
  }),
  output: toldSchema,
  hints: { readOnly: false, destructive: false, idempotent: true },
  text: describeTold,
  async run(deps: SessionToolDeps, { repositories, ...words }, call) {
    return await deps.start(call, { ...words, ...(repositories === undefined ? {} : { repositories }) });
  },
});
