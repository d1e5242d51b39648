import { describe, expect, it } from 'vitest';
import { readSummary, saysNoTests } from './summary.ts';

const unittest = `test_a (tests.test_u.T.test_a) ... ok
test_b (tests.test_u.T.test_b) ... FAIL

======================================================================
FAIL: test_b (tests.test_u.T.test_b)
----------------------------------------------------------------------
Traceback (most recent call last):
  File "/w/shop/tests/test_u.py", line 4, in test_b
    def test_b(self): self.assertEqual(1,2)
AssertionError: 1 != 2

----------------------------------------------------------------------
Ran 3 tests in 0.000s

FAILED (failures=1, skipped=1)
`;

const of = (text: string) => {
  const report = readSummary(text);
  return report && [report.passed, report.failed, report.skipped];
};

describe('the last words of a runner without a report', () => {
  it('TE-2: unittest, with names and what was wrong', () => {
    expect(readSummary(unittest)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 1,
      failures: [{ name: 'test_b (tests.test_u.T.test_b)', lines: ['AssertionError: 1 != 2'] }],
    });
  });

  it.each([
    ['\u001B[2m      Tests \u001B[22m \u001B[31m1 failed\u001B[39m | 3 passed | 1 skipped (5)', [3, 1, 1]],
    ['Tests:       1 failed, 1 skipped, 2 passed, 4 total', [2, 1, 1]],
    ['=== 1 failed, 2 passed, 1 skipped, 1 error in 0.03s ===', [2, 2, 1]],
    ['5 passed in 1.20s', [5, 0, 0]],
    ['  3 passing (5ms)\n  1 pending\n  2 failing', [3, 2, 1]],
    ['# tests 4\n# suites 0\n# pass 2\n# fail 1\n# cancelled 1\n# skipped 0\n# todo 0', [2, 2, 0]],
    ['ℹ tests 0\nℹ pass 0\nℹ fail 0', [0, 0, 0]],
    ['TAP version 13\n1..3\nok 1 - a\nnot ok 2 - b\nok 3 - c # SKIP later', [1, 1, 1]],
    ['Ran 0 tests in 0.000s\n\nOK', [0, 0, 0]],
    ['all is well', null],
    ['5 passed the exam', null],
  ])('TE-1: %j', (text, expected) => {
    expect(of(text)).toEqual(expected);
  });

  it.each([
    ['No test files found, exiting with code 1', true],
    ['No tests found, exiting with code 1', true],
    ['no tests ran in 0.00s', true],
    ['?   \texample.com/x\t[no test files]', true],
    ['AssertionError: no cart', false],
  ])('TE-3: whether it found no test: %s', (text, expected) => {
    expect(saysNoTests(text)).toBe(expected);
  });

  it.each([
    '\n',
    ' ',
    '\t\n',
    '1',
    '=',
    'Tests: ',
    '1 a, ',
    'Ran 1 tests in ',
    'FAIL: a\n--------------------\n',
  ])('TE-2: 64 kB of %j hold nothing up', (piece) => {
    const text = `${piece.repeat(Math.ceil(65_536 / piece.length))}x`;
    const before = process.threadCpuUsage();
    readSummary(text);
    saysNoTests(text);
    expect(process.threadCpuUsage(before).user).toBeLessThan(1_500_000);
  });
});
