/**
 * The last words of runners that leave no report. Numbers only: whether it is green, the exit code says. No pattern goes over the
 * end of a line: output of nothing but empty lines would be looked through again from each of them.
 */
import { plain, type Failure, type Report } from './report.ts';

type Reader = (text: string) => Report | null;

const number = (text: string, pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? 0);

/** `Ran 3 tests in 0.1s` … `FAILED (failures=1, errors=1, skipped=1)`. */
const unittest: Reader = (text) => {
  const ran = /^Ran (\d+) tests? in /m.exec(text)?.[1];
  if (ran === undefined) return null;
  const [last = ''] = /^(OK|FAILED|NO TESTS RAN).*$/m.exec(text.slice(text.lastIndexOf('Ran '))) ?? [];
  const failed = number(last, /failures=(\d+)/) + number(last, /errors=(\d+)/);
  const skipped = number(last, /skipped=(\d+)/);
  const failures: Failure[] = [
    ...text.matchAll(/^(?:FAIL|ERROR): (.+)\n-{20,}\n([^]*?)(?=\n[=-]{20,}\n)/gm),
  ].map(([, name = '', said = '']) => ({ name, lines: saidLast(said) }));
  return { passed: Math.max(0, Number(ran) - failed - skipped), failed, skipped, failures };
};

/** The error itself stands at the end of a traceback. */
function saidLast(text: string): string[] {
  const lines = text.trimEnd().split('\n');
  const from = lines.findLastIndex((line) => /^\S/.test(line) && !line.startsWith('Traceback'));
  return lines.slice(Math.max(from, 0));
}

/** `Tests  1 failed | 3 passed | 1 skipped (5)` (vitest), `Tests: 1 failed, 3 passed, 4 total` (jest). */
const jestLike: Reader = (text) => {
  const line = /^[ \t]*Tests:?[ \t]+(.*(?:passed|failed|skipped|todo).*)$/m.exec(text)?.[1];
  if (line === undefined) return null;
  return counted(line, / failed/, / passed/, / skipped/);
};

/** `3 failed, 1 passed, 1 skipped, 1 error in 0.03s`. */
const pytestLike: Reader = (text) => {
  const line = /^=*[ \t]*((?:\d+ [a-z]+, )*\d+ [a-z]+) in [\d.]+s/m.exec(text)?.[1];
  if (line === undefined) return null;
  const { passed, failed, skipped } = counted(line, / failed/, / passed/, / (?:skipped|deselected)/);
  return { passed, failed: failed + number(line, /(\d+) errors?/), skipped, failures: [] };
};

/** `  3 passing (5ms)`, `  1 failing`, `  1 pending`. */
const mocha: Reader = (text) =>
  /^[ \t]*\d+ passing\b/m.test(text) ? counted(text, / failing/, / passing/, / pending/) : null;

/** `# tests 3`, `# pass 2` (TAP), `ℹ tests 3` (node). */
const tapTotals: Reader = (text) => {
  if (!/^[#ℹ] tests \d+/m.test(text)) return null;
  const total = (name: string) => number(text, new RegExp(`^[#ℹ] ${name} +(\\d+)`, 'm'));
  const failed = total('fail') + total('cancelled');
  return {
    passed: total('pass(?:ed)?'),
    failed,
    skipped: total('skip(?:ped)?') + total('todo'),
    failures: [],
  };
};

/** `ok 1 - adds`, `not ok 2 - totals`, without totals. */
const tap: Reader = (text) => {
  if (!/^TAP version|^1\.\.\d+/m.test(text)) return null;
  const lines = [...text.matchAll(/^(not )?ok \d+(?: - )?(.*)$/gm)];
  const skipped = lines.filter(([, , name]) => /# (skip|todo)/i.test(name ?? '')).length;
  const failures = lines
    .filter(([, not, name]) => not !== undefined && !/# (skip|todo)/i.test(name ?? ''))
    .map(([, , name = '']) => ({ name, lines: [] }));
  return {
    passed: lines.length - skipped - failures.length,
    failed: failures.length,
    skipped,
    failures,
  };
};

function counted(line: string, failed: RegExp, passed: RegExp, skipped: RegExp): Report {
  const count = (word: RegExp) => number(line, new RegExp(`(\\d+)${word.source}`));
  return { passed: count(passed), failed: count(failed), skipped: count(skipped), failures: [] };
}

/** @returns null when nothing in it is the summary of a runner we know */
export function readSummary(output: string): Report | null {
  const text = plain(output);
  for (const reader of [unittest, jestLike, tapTotals, tap, pytestLike, mocha]) {
    const report = reader(text);
    if (report !== null) return report;
  }
  return null;
}

/** The runner itself says that it found nothing to run. */
export function saysNoTests(output: string): boolean {
  return /no test(s| files)? (were )?found|no tests ran|\bRan 0 tests\b|no tests to run|\[no test files\]/i.test(
    plain(output),
  );
}
