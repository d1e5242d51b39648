import { describe, expect, it } from 'vitest';
import { judge, type Evidence } from './judge.ts';

const ended = {
  exitCode: 0,
  signal: null,
  absent: false,
  timedOut: false,
  cancelled: false,
  fullBytes: null,
};
const evidence = (change: Partial<Evidence>): Evidence => ({
  ending: ended,
  report: null,
  missing: null,
  noTests: false,
  program: 'npm',
  install: 'install with `npm ci`',
  limitSeconds: 300,
  memoryMb: 64,
  ...change,
});
const exit = (exitCode: number) => ({ ...ended, exitCode });
const report = (passed: number, failed: number, skipped = 0) => ({ passed, failed, skipped, failures: [] });

describe('what a run came to', () => {
  it.each<[string, Partial<Evidence>, string, RegExp]>([
    ['all pass', { report: report(45, 0) }, 'passed', /^$/],
    ['some fail', { ending: exit(1), report: report(10, 2) }, 'failed', /^$/],
    ['green text, exit code 1', { ending: exit(1), report: report(45, 0) }, 'failed', /code 1, although no/],
    ['exit code 0, but failures', { report: report(10, 2) }, 'failed', /although the exit code is 0/],
    ['exit code 0, no test', { report: report(0, 0) }, 'skipped', /^no tests were run$/],
    ['exit code 0, all skipped', { report: report(0, 0, 7) }, 'skipped', /all 7 are skipped/],
    ['exit code 0, no numbers', {}, 'passed', /gives no numbers/],
    ['exit code 2, nothing said', { ending: exit(2) }, 'failed', /ended with exit code 2\./],
    ['broke before the first test', { ending: exit(1), report: report(0, 0) }, 'failed', /exit code 1\./],
    ['says it found none', { ending: exit(1), report: report(0, 0), noTests: true }, 'skipped', /no tests/],
    ['says so, but tests failed', { ending: exit(1), report: report(0, 1), noTests: true }, 'failed', /^$/],
    [
      'not installed',
      { ending: exit(127), missing: '`x` is not installed' },
      'dependencies_missing',
      /npm ci/,
    ],
    ['text of a test that passed', { ending: exit(1), missing: 'x', report: report(3, 1) }, 'failed', /^$/],
    ['text of a green run', { missing: 'x', report: report(3, 0) }, 'passed', /^$/],
    [
      'no such program',
      { ending: { ...ended, exitCode: null, absent: true } },
      'dependencies_missing',
      /npm/,
    ],
    ['ended by a signal', { ending: { ...ended, exitCode: null, signal: 'SIGSEGV' } }, 'failed', /SIGSEGV/],
    ['limit', { ending: { ...ended, timedOut: true }, report: report(3, 0) }, 'timed_out', /300 s/],
    [
      'memory',
      { ending: { ...ended, fullBytes: 2 ** 27 } },
      'out_of_memory',
      /^It used 128 MB of memory; its limit is 64 MB\. .*tests\.memoryMb/,
    ],
    ['cancelled', { ending: { ...ended, cancelled: true }, report: report(3, 0) }, 'cancelled', /Cancelled/],
  ])('TE-3: %s', (_, change, status, reason) => {
    const verdict = judge(evidence(change));
    expect(verdict.status).toBe(status);
    expect(verdict.reason).toMatch(reason);
  });

  it('TE-3: nothing is green that did not run a test, whatever the exit code', () => {
    for (const exitCode of [0, 1, 5])
      for (const noTests of [true, false])
        expect(judge(evidence({ ending: exit(exitCode), report: report(0, 0, 2), noTests })).status).not.toBe(
          'passed',
        );
  });
});
