import { z } from 'zod';
import { isRed, showTestRun, suiteSchema, type Suite, type TestRun, type Tests } from '../../kit/tests.ts';
import type { ToolCall } from '../../kit/tool.ts';

/** What the run tool asks for. */
export interface TestWish {
  readonly workspace: string;
  readonly repository?: string | undefined;
  readonly suites: readonly Suite[];
}

/** What the tools need of the service, which knows threads, people and cards. */
export interface TestToolDeps {
  readonly tests: Pick<Tests, 'results'>;
  /**
   * The workspace that is meant: the one named (a part of name or title will do when it is clear), or the one plugged
   * into the caller's thread.
   * @throws FrontdeskError workspace_unknown
   */
  workspaceOf(call: ToolCall, name: string | undefined): Promise<string>;
  /**
   * Runs suites for who speaks in this turn; integration and acceptance against the workspace's lab.
   * @returns `shown`: a card in the thread tells how it goes and how it ends, and `runs` is empty; otherwise it has been
   *   waited for, with progress on the call
   * @throws FrontdeskError workspace_unknown, test_busy
   */
  run(
    call: ToolCall,
    wish: TestWish,
  ): Promise<{ readonly shown: boolean; readonly text: string; readonly runs: readonly TestRun[] }>;
}

export const workspaceArgument = z
  .string()
  .max(100)
  .optional()
  .describe('Name of the workspace. Leave it out for the one plugged into this thread.');

/** A model's context is dear: its log only where nothing else tells what was wrong. */
const logLines = 15;

export const shownRun = z.object({
  suite: suiteSchema,
  repository: z.string(),
  result: z.string().describe('One line, fit to be posted as it is.'),
  status: z.string(),
  command: z.string(),
  reason: z.string(),
  failures: z.array(z.object({ name: z.string(), lines: z.array(z.string()) })),
  log: z.array(z.string()).describe('Its last lines, where no single test is known to have failed.'),
  started_at: z.string(),
});

export function showRun(run: TestRun): z.infer<typeof shownRun> {
  const { suite, repository, status, command, reason, failures, startedAt } = run;
  const unexplained = failures.length === 0 && isRed(run);
  return {
    suite,
    repository,
    result: showTestRun(run),
    status,
    command,
    reason,
    failures,
    log: unexplained ? run.log.slice(-logLines) : [],
    started_at: new Date(startedAt).toISOString(),
  };
}

/** Runs as the model reads them; what tests print is data. */
export function describeRuns(runs: readonly z.infer<typeof shownRun>[]): string {
  return runs
    .map(({ result, repository, reason, command, failures, log }) =>
      [
        `${result} (${repository}${command === '' ? '' : `, \`${command}\``})`,
        ...(result.includes(reason) ? [] : [`  ${reason}`]),
        ...failures.flatMap(({ name, lines }) => [`  - ${name}`, ...lines.map((line) => `    ${line}`)]),
        ...log.map((line) => `    ${line}`),
      ].join('\n'),
    )
    .join('\n');
}
