/** What a run of a suite came to (TE-3): the exit code first, then the report, text last. Pure. */
import { showFull } from '../kit/memory-limit.ts';
import { isRed, type TestRun } from '../kit/tests.ts';
import { trimFailures, type Report } from './reports/report.ts';

/** How the program ended. */
export interface Ending {
  /** null: ended by a signal, or never begun. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** There is no such program. */
  readonly absent: boolean;
  readonly timedOut: boolean;
  readonly cancelled: boolean;
  /** Bytes of memory it was ended for; null: it was not. */
  readonly fullBytes: number | null;
}

export interface Evidence {
  readonly ending: Ending;
  /** Machine-readable, or else the runner's own summary; null: neither. */
  readonly report: Report | null;
  /** What the output says is not installed; null: nothing. */
  readonly missing: string | null;
  /** The runner said that it found no tests. */
  readonly noTests: boolean;
  readonly program: string;
  /** How to get what is missing. */
  readonly install: string;
  readonly limitSeconds: number;
  readonly memoryMb: number;
}

const moreMemory = 'Find what fills it, or set a larger tests.memoryMb in .frontdesk.yaml.';

export type Verdict = Pick<TestRun, 'status' | 'counts' | 'failures' | 'reason' | 'exitCode'>;

export function judge(given: Evidence): Verdict {
  const evidence = given.ending.exitCode === 0 ? given : { ...given, report: orNothing(given.report) };
  const { ending, report, missing, install, program, limitSeconds, memoryMb } = evidence;
  const failures = trimFailures(report?.failures ?? []);
  const counts = report && { passed: report.passed, failed: report.failed, skipped: report.skipped };
  const say = (status: Verdict['status'], reason: string): Verdict => ({
    status,
    counts,
    failures: isRed({ status }) ? failures.map(copy) : [],
    reason,
    exitCode: ending.exitCode,
  });

  if (ending.cancelled) return say('cancelled', 'Cancelled.');
  if (ending.absent) return say('dependencies_missing', `\`${program}\` is not installed; ${install}`);
  if (ending.timedOut) return say('timed_out', `It ran for ${limitSeconds} s, the limit, and was ended.`);
  if (ending.fullBytes !== null)
    return say('out_of_memory', `${showFull(ending.fullBytes, memoryMb)} ${moreMemory}`);
  return ending.exitCode === 0 ? judgeGreen(report, say) : judgeRed(evidence, say, missing, install);
}

type Say = (status: Verdict['status'], reason: string) => Verdict;

function judgeGreen(report: Report | null, say: Say): Verdict {
  if (report === null) return say('passed', 'The runner gives no numbers; its exit code is 0.');
  if (report.failed > 0) return say('failed', 'The report names failures although the exit code is 0.');
  if (report.passed > 0) return say('passed', '');
  return say(
    'skipped',
    report.skipped > 0 ? `no tests were run: all ${report.skipped} are skipped` : 'no tests were run',
  );
}

function judgeRed(
  { ending, report, noTests }: Evidence,
  say: Say,
  missing: string | null,
  install: string,
): Verdict {
  const ran = (report?.passed ?? 0) > 0;
  if (missing !== null && !ran)
    return { ...say('dependencies_missing', `${missing}; ${install}`), counts: null };
  if (noTests && !ran && (report?.failed ?? 0) === 0) return say('skipped', 'no tests were run');
  if ((report?.failed ?? 0) > 0) return say('failed', '');
  const how =
    ending.exitCode === null
      ? `was ended by ${ending.signal ?? 'a signal'}`
      : `ended with exit code ${ending.exitCode}`;
  return say(
    'failed',
    report === null ? `The runner ${how}.` : `The runner ${how}, although no test failed.`,
  );
}

/** A runner that broke before its first test may still leave a report: of nothing. */
function orNothing(report: Report | null): Report | null {
  return report !== null && report.passed + report.failed + report.skipped > 0 ? report : null;
}

function copy({ name, lines }: { readonly name: string; readonly lines: readonly string[] }) {
  return { name, lines: [...lines] };
}
