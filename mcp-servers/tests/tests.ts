/** Runs of tests, stored before they begin, one at a time in each workspace. */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { describeError, FrontdeskError } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import type { Collection } from '../kit/store/collection.ts';
import { forgetOver } from '../kit/store/collection.ts';
import type { Store } from '../kit/store/store.ts';
import { type TestRun, testRunSchema, type Tests } from '../kit/tests.ts';
import { runGroup } from './run-program.ts';
import { runSuite, type SuiteMachine, type SuiteResult } from './run-suite.ts';

export interface TestsOptions {
  readonly store: Pick<Store, 'collection'>;
  /** Absolute, of ours: home of the runs, and their reports while they run. */
  readonly dir: string;
  /** Worktrees of a workspace. @throws FrontdeskError workspace_unknown */
  readonly repositoriesOf: (
    workspace: string,
  ) => Promise<readonly { readonly repository: string; readonly folder: string }[]>;
  /** Of the service's process; the harmless part of it is passed on. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** See {@link SuiteMachine.enclosure}. */
  readonly enclosure?: readonly string[];
  readonly redact: (text: string) => string;
  readonly log: Log;
  readonly now?: () => number;
  /** TE-1: 300. */
  readonly limitSeconds?: number;
  /** Of a run without `tests.memoryMb`; default 2048. */
  readonly memoryMb?: number;
  readonly graceMs?: number;
}

/** Runs of one suite and repository that are kept, the latest included. */
const keptRuns = 3;

export function createTests(options: TestsOptions): Tests {
  const {
    store,
    dir,
    repositoriesOf,
    redact,
    log,
    now = Date.now,
    limitSeconds = 300,
    memoryMb = 2048,
  } = options;
  const runs = store.collection({
    name: 'test-runs',
    schema: testRunSchema,
    version: 1,
    tidy: forgetOver((run) => (run.status === 'running' ? null : run.startedAt)),
  });
  const { environment, enclosure = [], graceMs } = options;
  const machine: SuiteMachine = { dir, environment, enclosure, limitSeconds, memoryMb, graceMs, now };
  const busy = new Map<string, Promise<void>>();
  const listeners = new Set<(run: TestRun) => void>();
  const closing = new AbortController();

  const put = async (run: TestRun): Promise<TestRun> => {
    await runs.update(run.id, () => run);
    for (const listener of listeners) listener(run);
    return run;
  };

  const runOne = async (begun: TestRun, folder: string, o: Parameters<Tests['run']>[0]): Promise<TestRun> => {
    let run = await put(begun);
    const signal = AbortSignal.any([closing.signal, ...(o.signal === undefined ? [] : [o.signal])]);
    const { suite, testUrl } = o;
    let result: SuiteResult;
    try {
      result = await runSuite(machine, {
        id: run.id,
        folder,
        suite,
        testUrl,
        signal,
        onLine: (line) => o.onLine?.(redact(line)),
        async onPlan(plan) {
          run = await put({ ...run, ...plan });
        },
      });
    } catch (error) {
      log.error({ workspace: run.workspace, run: run.id, err: error }, 'tests.run.failed');
      const { runner, command } = run;
      result = { ...broken, runner, command, failures: [], log: [], reason: describeError(error) };
    }
    if (closing.signal.aborted && result.status === 'cancelled')
      result = { ...result, status: 'interrupted', reason: 'The service was stopped while they ran.' };
    run = await put({ ...run, ...masked(result, redact), endedAt: now() });
    const { id, workspace, repository, runner, status, counts } = run;
    log.info({ workspace, repository, run: id, suite, runner, status, counts }, 'tests.run.ended');
    await forgetOlder(runs, run);
    return run;
  };

  const runAll = async (o: Parameters<Tests['run']>[0]): Promise<TestRun[]> => {
    const all = await repositoriesOf(o.workspace);
    const chosen = o.repository === undefined ? all : all.filter((each) => each.repository === o.repository);
    if (chosen.length === 0)
      throw new FrontdeskError(
        'workspace_unknown',
        `${o.workspace} has no repository "${o.repository ?? ''}". It has: ${all.map((each) => each.repository).join(', ') || 'none'}.`,
      );
    const ended: TestRun[] = [];
    for (const { repository, folder } of chosen)
      ended.push(await runOne(begin(o, repository, now()), folder, o));
    return withoutNothing(ended);
  };

  return {
    async run(o) {
      if (closing.signal.aborted) throw new FrontdeskError('test_busy', 'The service is stopping.');
      if (busy.has(o.workspace)) throw new FrontdeskError('test_busy', `Workspace: ${o.workspace}.`);
      const work = runAll(o);
      const settled = work.then(
        () => {},
        () => {},
      );
      busy.set(o.workspace, settled);
      try {
        return await work;
      } finally {
        busy.delete(o.workspace);
      }
    },
    async results(workspace) {
      const latest = new Map<string, TestRun>();
      for await (const [, run] of runs.entries()) {
        if (run.workspace !== workspace) continue;
        const key = `${run.repository} ${run.suite}`;
        const known = latest.get(key);
        if (known === undefined || known.startedAt <= run.startedAt) latest.set(key, run);
      }
      const sorted = [...latest.values()].toSorted((one, other) => other.startedAt - one.startedAt);
      const suites = [...new Set(sorted.map(({ suite }) => suite))];
      const told = new Set(
        suites.flatMap((each) => withoutNothing(sorted.filter(({ suite }) => suite === each))),
      );
      return sorted.filter((run) => told.has(run));
    },
    onChange(listener) {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
    async resumeAll() {
      const words: string[] = [];
      for await (const [id, run] of runs.entries()) {
        if (run.status !== 'running' || busy.has(run.workspace)) continue;
        await runGroup(id).end(0);
        await rm(path.join(dir, id), { recursive: true, force: true }).catch(() => {});
        await put({ ...run, ...interrupted, endedAt: now() });
        log.info({ workspace: run.workspace, run: id, suite: run.suite }, 'tests.run.interrupted');
        words.push(
          `Tests (${run.suite}) of ${run.workspace} were interrupted; what was left of them is ended.`,
        );
      }
      return words;
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      await Promise.all(busy.values());
    },
  };
}

/** Where one repository has such tests, that others have none is no news. */
function withoutNothing(runs: readonly TestRun[]): TestRun[] {
  const told = runs.filter(({ status, runner }) => status !== 'skipped' || runner !== '');
  return told.length > 0 ? told : [...runs];
}

const broken = { status: 'failed', counts: null, exitCode: null } as const;

const interrupted = { status: 'interrupted', reason: 'The service ended while they ran.' } as const;

function begin(o: Parameters<Tests['run']>[0], repository: string, startedAt: number): TestRun {
  return {
    id: `${startedAt.toString(36)}${randomBytes(4).toString('hex')}`,
    workspace: o.workspace,
    repository,
    suite: o.suite,
    runner: '',
    command: '',
    status: 'running',
    counts: null,
    failures: [],
    reason: '',
    exitCode: null,
    log: [],
    testUrl: o.testUrl ?? null,
    startedAt,
    endedAt: null,
  };
}

/** Tests print what they like, tokens, too. */
function masked(result: SuiteResult, redact: (text: string) => string): SuiteResult {
  return {
    ...result,
    reason: redact(result.reason),
    log: result.log.map(redact),
    failures: result.failures.map(({ name, lines }) => ({ name: redact(name), lines: lines.map(redact) })),
  };
}

async function forgetOlder(
  runs: Collection<TestRun>,
  { workspace, repository, suite }: TestRun,
): Promise<void> {
  const same: TestRun[] = [];
  for await (const [, run] of runs.entries())
    if (run.workspace === workspace && run.repository === repository && run.suite === suite) same.push(run);
  const old = same.toSorted((one, other) => other.startedAt - one.startedAt).slice(keptRuns);
  for (const { id } of old) await runs.update(id, () => undefined);
}
