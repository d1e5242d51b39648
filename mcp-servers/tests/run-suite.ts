/** One suite of one repository: looked for, run, judged. Nothing is stored here. */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Suite, TestRun } from '../kit/tests.ts';
import { buildEnvironment } from './environment.ts';
import type { RepositoryFacts } from './facts.ts';
import { findTests } from './find-tests.ts';
import { judge, type Verdict } from './judge.ts';
import { findMissingIn } from './missing.ts';
import { findUnreachable } from './reachable.ts';
import { readReport } from './read-report.ts';
import { createGoReader } from './reports/go-json.ts';
import { explainCrashes } from './reports/node-crash.ts';
import { plain } from './reports/report.ts';
import { readSummary, saysNoTests } from './reports/summary.ts';
import { runProgram } from './run-program.ts';
import type { Plan } from './runners/plan.ts';

export interface SuiteRequest {
  readonly id: string;
  readonly folder: string;
  readonly suite: Suite;
  readonly testUrl: string | undefined;
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
  /** What is run is known, and about to begin: stored before it does. */
  readonly onPlan: (plan: Pick<TestRun, 'runner' | 'command'>) => Promise<void>;
}

export interface SuiteMachine {
  /** Absolute: `home/` stays, `<run>/` is removed after each run. */
  readonly dir: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Arguments that run a program so that it sees no other processes, e.g. `unshare … --`; empty: as it is. */
  readonly enclosure: readonly string[];
  readonly limitSeconds: number;
  /** Unless `.frontdesk.yaml` says otherwise. */
  readonly memoryMb: number;
  readonly graceMs: number | undefined;
  readonly now: () => number;
}

export type SuiteResult = Verdict & Pick<TestRun, 'runner' | 'command' | 'log'>;

/** Lines kept of a run. */
const logLines = 50;
/** Characters of a line that are kept or streamed. */
const lineLength = 2000;
/** Memory is looked at this often. */
const sampleMs = 500;
/** Characters at the end of the output in which a summary is looked for. */
const tailLength = 64 * 1024;

/** @throws only what is wrong with this machine's disk */
export async function runSuite(machine: SuiteMachine, request: SuiteRequest): Promise<SuiteResult> {
  const scratch = path.join(machine.dir, request.id);
  const [home, temporary] = [path.join(machine.dir, 'home'), path.join(scratch, 'tmp')];
  for (const folder of [home, temporary]) await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    const { facts, plan } = await findTests(request.folder, request.suite, path.join(scratch, 'report'));
    if (plan.kind === 'none') return ended({ runner: plan.runner, command: '' }, 'skipped', plan.reason);
    const known = { runner: plan.runner, command: plan.shown };
    if (plan.kind === 'missing') return ended(known, 'dependencies_missing', plan.reason);
    await request.onPlan(known);
    const away = await findLabAway(request);
    if (away !== null) return ended(known, 'lab_unreachable', away);
    const env = { ...buildEnvironment(machine.environment, { home, temporary }), ...plan.env };
    return { ...known, ...(await runPlan(machine, request, facts, plan, env)) };
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
  }
}

async function findLabAway({ suite, testUrl, signal }: SuiteRequest): Promise<string | null> {
  if (suite === 'unit') return null;
  if (testUrl === undefined) return 'nothing is deployed to test against; deploy it first';
  return await findUnreachable(testUrl, signal);
}

async function runPlan(
  { limitSeconds, memoryMb: defaultMemoryMb, graceMs, enclosure, now }: SuiteMachine,
  request: SuiteRequest,
  facts: RepositoryFacts,
  plan: Extract<Plan, { kind: 'run' }>,
  env: Readonly<Record<string, string>>,
): Promise<Verdict & Pick<TestRun, 'log'>> {
  const output = createOutput(request.onLine);
  const go = plan.report?.kind === 'go' ? createGoReader() : null;
  const since = now();
  const [first, ...rest] = enclosed(enclosure, plan.argv);
  const settings = facts.yaml.ok ? facts.yaml.settings : {};
  const memoryMb = settings.tests?.memoryMb ?? defaultMemoryMb;
  const ending = await runProgram({
    argv: [first ?? '', ...rest],
    cwd: facts.folder,
    env: {
      ...settings.env,
      ...env,
      ...(request.testUrl === undefined ? {} : { TEST_URL: request.testUrl }),
    },
    mark: request.id,
    limitMs: limitSeconds * 1000,
    memory: { memoryMb, sampleMs },
    signal: request.signal,
    ...(graceMs === undefined ? {} : { graceMs }),
    onLine(line, from) {
      const shown = go !== null && from === 'stdout' ? go.read(line) : line;
      if (shown !== null) output.add(shown);
    },
  });
  const place = plan.report;
  const written =
    go?.report() ??
    (place === null || place.kind === 'go' ? null : await readReport(place, { folder: facts.folder, since }));
  const { text } = output;
  const verdict = judge({
    ending,
    report: written === null ? readSummary(text) : explainCrashes(written, text),
    missing: findMissingIn(text, facts, ending.exitCode),
    noTests: saysNoTests(text),
    program: plan.argv[0],
    install: plan.install,
    limitSeconds,
    memoryMb,
  });
  return { ...verdict, log: output.lines };
}

/** The first process of an enclosure gets no signal that it does not handle; so a shell is first, and tests are as ever. */
function enclosed(enclosure: readonly string[], argv: readonly string[]): readonly string[] {
  return enclosure.length === 0 ? argv : [...enclosure, '/bin/sh', '-c', '"$@"; exit $?', 'sh', ...argv];
}

/** The last of what was said, and each line as it comes. */
function createOutput(onLine: (line: string) => void) {
  const lines: string[] = [];
  let text = '';
  return {
    add(line: string): void {
      const shown = plain(line).slice(0, lineLength);
      lines.push(shown);
      if (lines.length > logLines) lines.shift();
      text += `${shown}\n`;
      if (text.length > 2 * tailLength) text = text.slice(-tailLength);
      onLine(shown);
    },
    lines,
    get text() {
      return text;
    },
  };
}

function ended(
  known: Pick<TestRun, 'runner' | 'command'>,
  status: TestRun['status'],
  reason: string,
): SuiteResult {
  return { ...known, status, reason, counts: null, failures: [], exitCode: null, log: [] };
}
