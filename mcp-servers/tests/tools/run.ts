import { z } from 'zod';
import { suiteSchema } from '../../kit/tests.ts';
import { defineTool } from '../../kit/tool.ts';
import { describeRuns, showRun, shownRun, type TestToolDeps, workspaceArgument } from './deps.ts';

export const run = defineTool({
  name: 'run',
  title: "Run a workspace's tests",
  description: [
    "Runs the tests of a workspace's repositories, with the runner they use: unit in the workspace, integration and",
    'acceptance against its lab, which must be deployed first. In a thread this call returns at once: a card shows how',
    'they go and, by itself, the result. Do not wait for it and do not claim any result you have not read.',
  ].join(' '),
  input: z.object({
    workspace: workspaceArgument,
    suite: suiteSchema.optional().describe('Leave it out for all of them.'),
    repository: z
      .string()
      .max(100)
      .optional()
      .describe('Which repository of the workspace. Leave it out for all that have tests.'),
  }),
  output: z.object({
    workspace: z.string(),
    shown: z.boolean().describe('A card in the thread tells the rest; nothing more has to be said.'),
    text: z.string(),
    runs: z.array(shownRun),
  }),
  hints: { readOnly: false, destructive: false, idempotent: false },
  text: ({ shown, text, runs }) =>
    shown
      ? `${text}\nA card in the thread shows how they go and, by itself, the result. Do not wait for it, and do not claim that they pass.`
      : describeRuns(runs),
  async run(deps: TestToolDeps, { workspace: name, suite, repository }, call) {
    const workspace = await deps.workspaceOf(call, name);
    const suites = suite === undefined ? suiteSchema.options : [suite];
    const { shown, text, runs } = await deps.run(call, { workspace, repository, suites });
    return { workspace, shown, text, runs: runs.map(showRun) };
  },
});
