/** Runs of a workspace's tests (SPEC §11). Contracts only; the room is `mcp-servers/tests/`. */
import { z } from 'zod';
import { shownSchema } from './chat.ts';

export const suiteSchema = z.enum(['unit', 'integration', 'acceptance']);
export type Suite = z.infer<typeof suiteSchema>;

export const testRunSchema = z.object({
  id: z.string(),
  workspace: z.string(),
  repository: z.string(),
  suite: suiteSchema,
  runner: z.string(),
  /** As a person would type it; '' where none was found. */
  command: z.string(),
  status: z.enum([
    'running',
    'passed',
    'failed',
    /** Nothing to run, or said so; `reason` tells. Never green. */
    'skipped',
    'dependencies_missing',
    'timed_out',
    /** Its processes together used more than they may. */
    'out_of_memory',
    /** TEST_URL did not answer. */
    'lab_unreachable',
    'cancelled',
    /** The service ended while it ran. */
    'interrupted',
  ]),
  /** From a machine-readable report or the runner's summary; null: not known, the exit code stands alone. */
  counts: z.object({ passed: z.number(), failed: z.number(), skipped: z.number() }).nullable(),
  failures: z.array(z.object({ name: z.string(), lines: z.array(z.string()) })),
  reason: z.string(),
  exitCode: z.number().nullable(),
  /** Its last lines. */
  log: z.array(z.string()),
  testUrl: z.string().nullable(),
  /** Unix ms. */
  startedAt: z.number(),
  endedAt: z.number().nullable(),
});
export type TestRun = z.infer<typeof testRunSchema>;

/** One of `tests` in `.session-state.yaml`, oldest first: what one wish to test came to, all suites of it. */
export const testStateSchema = z.object({
  id: z.string(),
  /** E.g. `unit, integration`. */
  suite: z.string(),
  /** The summary of TE-2 in one line. */
  text: z.string(),
  green: z.boolean(),
  /** ISO. */
  at: z.string(),
  /** Its card. */
  shown: shownSchema.optional(),
});
export type TestState = z.infer<typeof testStateSchema>;

/** The room's front. */
export interface Tests extends AsyncDisposable {
  /**
   * Runs a suite of each repository that has one (or of `repository`). Never rejects for a red or missing test: the runs say it.
   * @throws FrontdeskError workspace_unknown; test_busy when one runs there already
   */
  run(o: {
    workspace: string;
    suite: Suite;
    repository?: string | undefined;
    testUrl?: string | undefined;
    by: string;
    onLine?: (line: string) => void;
    signal?: AbortSignal;
  }): Promise<TestRun[]>;
  /** Latest run of each suite and repository, newest first. */
  results(workspace: string): Promise<TestRun[]>;
  onChange(listener: (run: TestRun) => void): Disposable;
  /** Runs an earlier process left become `interrupted`; their processes are ended. */
  resumeAll(): Promise<string[]>;
}

/** It ran, and did not do what it should: somebody has to look at it. */
export function isRed({ status }: Pick<TestRun, 'status'>): boolean {
  return status === 'failed' || status === 'timed_out' || status === 'out_of_memory';
}

/** TE-2, one line a run. */
export function showTestRun(run: TestRun): string {
  const name = `${run.suite[0]?.toUpperCase()}${run.suite.slice(1)} Tests`;
  const seconds = (((run.endedAt ?? run.startedAt) - run.startedAt) / 1000).toFixed(1);
  const total = run.counts === null ? 0 : run.counts.passed + run.counts.failed;
  const why = run.reason === '' ? '' : `: ${run.reason}`;
  switch (run.status) {
    case 'running':
      return `⏳ ${name}: running`;
    case 'passed':
      return run.counts === null
        ? `✅ ${name}: passed (${seconds} s, no numbers from the runner)`
        : `✅ ${name}: ${run.counts.passed}/${total} passing (${seconds} s)`;
    case 'failed':
      if (run.counts === null) return `❌ ${name}: failed (exit code ${run.exitCode ?? 'unknown'})`;
      return run.counts.failed === 0
        ? `❌ ${name}: exit code ${run.exitCode ?? 'unknown'}, though ${run.counts.passed}/${total} passed`
        : `❌ ${name}: ${run.counts.passed}/${total} passing (${run.counts.failed} ${run.counts.failed === 1 ? 'failure' : 'failures'})`;
    case 'skipped':
      return `⏭️ ${name} skipped: ${run.reason}`;
    case 'dependencies_missing':
      return `⚠️ Tests skipped - dependencies missing${why}`;
    case 'timed_out':
      return `❌ ${name}: stopped after ${seconds} s, the limit`;
    case 'out_of_memory':
      return `❌ ${name}: stopped${why}`;
    case 'lab_unreachable':
      return `❌ Lab deployment not reachable${why}`;
    case 'cancelled':
      return `🗑️ ${name}: cancelled`;
    case 'interrupted':
      return `⚠️ ${name}: interrupted by a restart; run them again`;
  }
}
