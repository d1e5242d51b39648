import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createGoReader } from './go-json.ts';
import { parseJestJson } from './jest-json.ts';
import { parseJunit } from './junit.ts';
import { explainCrashes } from './node-crash.ts';
import { trimFailures, type Report } from './report.ts';

const recorded = (name: string) => readFileSync(path.join(import.meta.dirname, 'recorded', name), 'utf8');

const show = (report: Report | null) => report && { ...report, failures: trimFailures(report.failures) };

describe('machine-readable reports', () => {
  it('TE-1: node: a file without a test in it is no test, one that breaks is a failure', () => {
    expect(show(parseJunit(recorded('node.xml')))).toEqual({
      passed: 2,
      failed: 3,
      skipped: 2,
      failures: [
        { name: 'fails <x> & "y"', lines: ['1 == 2'] },
        { name: 'test/crash.test.js', lines: ['test failed'] },
        { name: 'group › totals', lines: ['no cart', 'second line'] },
      ],
    });
  });

  it('TE-1: pytest: errors are failures, too', () => {
    expect(show(parseJunit(recorded('pytest.xml')))).toEqual({
      passed: 1,
      failed: 2,
      skipped: 1,
      failures: [
        { name: 'tests.test_a › test_bad', lines: ['AssertionError: one is <not> two', 'assert 1 == 2'] },
        { name: 'tests.test_a › test_err', lines: ['failed on setup with "RuntimeError: no db"'] },
      ],
    });
  });

  it('TE-1: maven', () => {
    expect(show(parseJunit(recorded('surefire.xml')))).toEqual({
      passed: 1,
      failed: 2,
      skipped: 1,
      failures: [
        { name: 'x.CartTest › totals', lines: ['total of two items ==> expected: <3> but was: <4>'] },
        { name: 'x.CartTest › throwsUp', lines: ['no cart'] },
      ],
    });
  });

  it('TE-1: vitest: a file that cannot be loaded is a failure', () => {
    expect(show(parseJestJson(recorded('vitest.json'), '/w/shop'))).toEqual({
      passed: 1,
      failed: 2,
      skipped: 2,
      failures: [
        {
          name: 'sum › fails',
          lines: [
            'AssertionError: expected 1 to be 2 // Object.is equality',
            '    at /w/shop/a.test.js:2:77',
          ],
        },
        { name: 'b.test.js', lines: ['boom at load'] },
      ],
    });
  });

  it('TE-1: jest', () => {
    const report = show(parseJestJson(recorded('jest.json'), '/w/shop'));
    expect(report).toMatchObject({ passed: 1, failed: 2, skipped: 2 });
    const failures = Object.fromEntries((report?.failures ?? []).map(({ name, lines }) => [name, lines]));
    expect(failures['cart › totals']).toEqual([
      'Error: expect(received).toBe(expected) // Object.is equality',
      'Expected: 4',
      'Received: 3',
    ]);
    expect(failures['b.test.js']?.[0]).toContain("Cannot find module './nothere'");
  });

  it('TE-1: go: parts of a test are counted, not the test around them; what does not compile is a failure', () => {
    const reader = createGoReader();
    const shown = recorded('go.jsonl')
      .split('\n')
      .map((line) => reader.read(line));
    expect(shown).toContain('--- PASS: TestOK (0.00s)');
    expect(show(reader.report())).toEqual({
      passed: 2,
      failed: 2,
      skipped: 1,
      failures: [
        { name: 'TestBad/sub', lines: ['a_test.go:4: got 3'] },
        {
          name: 'example.com/x/b',
          lines: ['b/b.go:2:23: cannot use "x" (untyped string constant) as int value in return statement'],
        },
      ],
    });
  });

  it('TE-2: why a file cannot be loaded is taken from the output', () => {
    const failures = ['a.test.js', 'b.test.js'].map((name) => ({ name, lines: ['test failed'] }));
    const report = {
      passed: 0,
      failed: 3,
      skipped: 0,
      failures: [...failures, { name: 'totals', lines: ['1 == 2'] }],
    };
    const output = `SyntaxError: Unexpected token
✖ a.test.js (3ms)
Error [ERR_MODULE_NOT_FOUND]: Cannot find module 'x'
    at y
✖ b.test.js (5ms)
✖ totals (1ms)`;
    expect(explainCrashes(report, output).failures.map(({ lines }) => lines)).toEqual([
      ['SyntaxError: Unexpected token'],
      ["Error [ERR_MODULE_NOT_FOUND]: Cannot find module 'x'"],
      ['1 == 2'],
    ]);
  });

  it.each([
    '',
    'no report',
    '<html><body>x</body></html>',
    '{"numPassedTests":"x"}',
    '<testsuites><testcase',
  ])('what is no report is none: %s', (text) => {
    const junit = parseJunit(text);
    expect(junit === null || junit.passed + junit.failed === 0).toBe(true);
    expect(parseJestJson(text, '/')).toBeNull();
  });

  it('TE-2: at most 20 failures of three short lines, without colours', () => {
    const many = Array.from({ length: 30 }, (_, at) => ({
      name: `test ${at}`,
      lines: ['\u001B[31mred\u001B[39m', '', 'x'.repeat(5000), 'three', 'four'],
    }));
    const shown = trimFailures(many);
    expect(shown).toHaveLength(20);
    expect(shown[0]?.lines).toEqual(['red', `${'x'.repeat(299)}…`, 'three']);
  });
});
