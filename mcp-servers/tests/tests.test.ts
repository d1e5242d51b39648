import { chmod, readdir, utimes } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { createTestGround, has, module, nodeTest, passing } from '../../test/support/test-ground.ts';
import { showTestRun } from '../kit/tests.ts';

describe('runs with real runners', () => {
  it('TE-1, TE-2: node, all passing', async () => {
    await using ground = await createTestGround();
    await ground.add('api', passing);
    const lines: string[] = [];
    const run = await ground.run('unit', { onLine: (line) => lines.push(line) });
    expect(run).toMatchObject({
      workspace: 'shop',
      repository: 'api',
      runner: 'node',
      command: 'node --test',
      status: 'passed',
      counts: { passed: 1, failed: 0, skipped: 0 },
      exitCode: 0,
    });
    expect(showTestRun(run)).toMatch(/^✅ Unit Tests: 1\/1 passing \(\d+\.\d s\)$/);
    expect(lines.join('\n')).toContain('✔ adds');
    expect(await ground.tests.results('shop')).toEqual([run]);
  });

  it('TE-2: an npm script with failures: numbers, names, first lines', async () => {
    await using ground = await createTestGround();
    const tests = `${nodeTest}test('adds', () => {});\ntest('totals', () => assert.equal(3, 4, 'total of two'));`;
    await ground.add('api', { 'package.json': module({ test: 'node --test' }), 'test/a.test.js': tests });
    const run = await ground.run();
    expect(run).toMatchObject({
      command: 'npm test',
      status: 'failed',
      failures: [{ name: 'totals', lines: ['total of two'] }],
    });
    expect(showTestRun(run)).toBe('❌ Unit Tests: 1/2 passing (1 failure)');
  });

  it('TE-3: green text with exit code 1 has failed', async () => {
    await using ground = await createTestGround();
    const script = 'node --test && node -e "process.exit(1)"';
    await ground.add('api', { ...passing, 'package.json': module({ test: script }) });
    expect(await ground.run()).toMatchObject({ status: 'failed', exitCode: 1 });
  });

  it('TE-3: a red report with exit code 0 has failed', async () => {
    await using ground = await createTestGround();
    await ground.add('api', {
      'a.test.js': `${nodeTest}test('totals', () => assert.fail('no'));`,
      'package.json': module({ test: 'node --test || true' }),
      '.frontdesk.yaml': 'tests: {unit: "node --test; exit 0"}',
    });
    const run = await ground.run();
    expect(run).toMatchObject({ status: 'failed', counts: { passed: 0, failed: 1 }, exitCode: 0 });
  });

  it('TE-3: files without a test in them are not green', async () => {
    await using ground = await createTestGround();
    await ground.add('api', { 'package.json': module(), 'a.test.js': nodeTest });
    const run = await ground.run();
    expect(showTestRun(run)).toBe('⏭️ Unit Tests skipped: no tests were run');
    expect(run.exitCode).toBe(0);
  });

  it('TE-1: vitest, with a file that cannot be loaded', async () => {
    await using ground = await createTestGround();
    const files = {
      'package.json': JSON.stringify({ type: 'module', devDependencies: { vitest: '*' } }),
      'a.test.js': `import { it } from 'vitest'; it('adds', () => {});`,
      'b.test.js': `throw new Error('boom at load');`,
    };
    await ground.add('web', files, { packages: true });
    expect(await ground.run()).toMatchObject({
      runner: 'vitest',
      status: 'failed',
      counts: { passed: 1, failed: 1 },
      failures: [{ name: 'b.test.js', lines: ['boom at load'] }],
    });
  });

  const [pytest, python, go] = [
    has('python3', '-c', 'import pytest'),
    has('python3', '-V'),
    has('go', 'version'),
  ];
  const unless = (there: boolean, fix: string) =>
    there
      ? ''
      : ` — SKIPPED, it is not on this machine: \`${fix}\` and this runs; its reports are tested in any case`;

  it.runIf(pytest)(`TE-1: pytest${unless(pytest, 'apt install python3-pytest')}`, async () => {
    await using ground = await createTestGround();
    const folder = await ground.add('py', {
      'tests/test_a.py': 'def test_ok(): pass\ndef test_bad(): assert 1 == 2, "one is not two"\n',
    });
    expect(await ground.run()).toMatchObject({
      runner: 'pytest',
      counts: { passed: 1, failed: 1 },
      failures: [
        { name: 'tests.test_a › test_bad', lines: ['AssertionError: one is not two', 'assert 1 == 2'] },
      ],
    });
    // What a run leaves behind would be committed with the work.
    expect(await readdir(folder, { recursive: true })).toEqual(['tests', 'tests/test_a.py']);
  });

  it.runIf(python)(`TE-1: unittest${unless(python, 'apt install python3')}`, async () => {
    await using ground = await createTestGround();
    const tests =
      'import unittest\nclass T(unittest.TestCase):\n  def test_a(self): self.assertEqual(1, 2)\n';
    await ground.add('py', { 'tests/test_a.py': tests });
    const run = await ground.run();
    expect(run).toMatchObject({ runner: 'unittest', counts: { passed: 0, failed: 1 } });
    expect(run.failures[0]?.lines).toEqual(['AssertionError: 1 != 2']);
  });

  it.runIf(go)(`TE-1: go${unless(go, 'apt install golang')}`, async () => {
    await using ground = await createTestGround();
    const test = `package x\nimport "testing"\nfunc TestA(t *testing.T) {}\nfunc TestB(t *testing.T) { t.Fatal("no") }\n`;
    await ground.add('go', { 'go.mod': 'module example.com/x\ngo 1.21\n', 'a_test.go': test });
    expect(await ground.run()).toMatchObject({
      runner: 'go',
      counts: { passed: 1, failed: 1, skipped: 0 },
      failures: [{ name: 'TestB', lines: ['a_test.go:4: no'] }],
    });
  });
});

describe('reports that a build leaves in its folders', () => {
  it('TE-1: maven: of all modules, but none of an earlier run', async () => {
    await using ground = await createTestGround();
    const report = (name: string) =>
      `<testsuite><testcase name="${name}" classname="Cart"><failure message="no"/></testcase><testcase name="b"/></testsuite>`;
    const folder = await ground.add('java', {
      'pom.xml': '<project/>',
      'src/test/java/CartTest.java': '',
      'target/surefire-reports/TEST-old.xml': report('old'),
      'report.xml': report('adds'),
      mvnw: `#!/bin/sh
for to in target web/target; do mkdir -p $to/surefire-reports; cp report.xml $to/surefire-reports/TEST-new.xml; done
exit 1\n`,
    });
    await chmod(path.join(folder, 'mvnw'), 0o755);
    await utimes(path.join(folder, 'target/surefire-reports/TEST-old.xml'), 1, 1);
    expect(await ground.run()).toMatchObject({
      command: './mvnw test',
      status: 'failed',
      counts: { passed: 2, failed: 2, skipped: 0 },
      failures: [{ name: 'Cart › adds' }, { name: 'Cart › adds' }],
    });
  });
});

describe('repositories of several parts', () => {
  it('TE-1: runs the tests of the one part that has some', async () => {
    await using ground = await createTestGround();
    await ground.add('shop', {
      'README.md': 'x',
      'api/package.json': module(),
      'api/a.test.js': `${nodeTest}import './b.js'; test('adds', () => {});`,
      'api/b.js': '',
      'docs/package.json': '{}',
    });
    expect(await ground.run()).toMatchObject({ command: 'cd api && node --test', status: 'passed' });
  });

  it('TE-1: asks which, where several have', async () => {
    await using ground = await createTestGround();
    const part = { 'package.json': module({ test: 'node --test' }), 'a.test.js': passing['a.test.js'] };
    const files = Object.entries(part).flatMap(([name, text]) => [
      [`api/${name}`, text],
      [`web/${name}`, text],
    ]);
    await ground.add('shop', Object.fromEntries(files));
    const run = await ground.run();
    expect(showTestRun(run)).toBe(
      '⏭️ Unit Tests skipped: several parts have unit tests (api, web); say in .frontdesk.yaml how they are run (tests.unit)',
    );
  });
});

describe('what cannot be run', () => {
  it.each([
    ['no tests', { 'README.md': 'x' }, /^⏭️ Unit Tests skipped: no unit tests were found/],
    [
      'no packages',
      { 'package.json': '{"dependencies":{"x":"1"},"scripts":{"test":"jest"}}' },
      /^⚠️ Tests skipped - dependencies missing: node_modules is missing; install with `npm install`$/,
    ],
    [
      'no such program',
      { '.frontdesk.yaml': 'tests: {unit: [nosuchrunner]}' },
      /^⚠️ Tests skipped - dependencies/,
    ],
    [
      'no such command',
      { '.frontdesk.yaml': 'tests: {unit: nosuchrunner}' },
      /^⚠️ Tests skipped - dependencies/,
    ],
    [
      'a broken .frontdesk.yaml',
      { '.frontdesk.yaml': 'tests: [' },
      /^⏭️ Unit Tests skipped: \.frontdesk\.yaml is not YAML/,
    ],
  ])('TE-2: %s', async (_, files, shown) => {
    await using ground = await createTestGround();
    await ground.add('api', files);
    expect(showTestRun(await ground.run())).toMatch(shown);
  });

  it('TE-2: says what is missing and how to get it', async () => {
    await using ground = await createTestGround();
    await ground.add('a', { '.frontdesk.yaml': 'tests: {unit: nosuchrunner}' });
    expect((await ground.run()).reason).toBe(
      '`nosuchrunner` is not installed; see what `nosuchrunner` needs',
    );
  });

  it('TE-2: a lab that does not answer', async () => {
    await using ground = await createTestGround();
    await ground.add('api', { ...passing, 'integration/b.test.js': passing['a.test.js'] });
    const none = await ground.run('integration');
    expect(showTestRun(none)).toBe(
      '❌ Lab deployment not reachable: nothing is deployed to test against; deploy it first',
    );
    expect(none.reason).toContain('deploy it first');
    const away = await ground.run('integration', { testUrl: 'http://127.0.0.1:9' });
    expect(away).toMatchObject({ status: 'lab_unreachable' });
    expect(away.reason).toContain('http://127.0.0.1:9 does not answer');
  });

  it('TE-1: integration tests get TEST_URL', async () => {
    await using ground = await createTestGround();
    const server = createServer((_, response) => response.end('shop')).listen(0, '127.0.0.1');
    await using _ = { [Symbol.asyncDispose]: async () => void server.close() };
    await vi.waitUntil(() => server.listening);
    const testUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const test = `${nodeTest}test('shop', async () => assert.equal(await (await fetch(process.env.TEST_URL)).text(), 'shop'));`;
    await ground.add('api', { 'package.json': module(), 'integration/b.test.js': test });
    expect(await ground.run('integration', { testUrl })).toMatchObject({ status: 'passed', testUrl });
  });

  it('refuses unknown workspaces and repositories, and a second run at once', async () => {
    await using ground = await createTestGround();
    await ground.add('api', passing);
    const ask = { suite: 'unit', by: 'U1' } as const;
    await expect(ground.tests.run({ ...ask, workspace: 'nope' })).rejects.toThrow(/which workspace is meant/);
    await expect(ground.tests.run({ ...ask, workspace: 'shop', repository: 'web' })).rejects.toThrow(
      /It has: api/,
    );
    const first = ground.run();
    await expect(ground.run()).rejects.toThrow(/running already/);
    expect((await first).status).toBe('passed');
    expect((await ground.run()).status).toBe('passed');
  });
});
