import { spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { createTestGround } from '../../test/support/test-ground.ts';
import { showTestRun, type TestRun } from '../kit/tests.ts';

const nodeTest = `import test from 'node:test'; import assert from 'node:assert';\n`;
const module = (scripts: object = {}) => JSON.stringify({ type: 'module', scripts });
const passing = { 'package.json': module(), 'a.test.js': `${nodeTest}test('adds', () => {});` };
const has = (program: string, ...args: string[]) => spawnSync(program, args).status === 0;

/** Processes that carry the mark of this run. */
async function marked({ id }: TestRun): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
      return environment.split('\0').includes(`FRONTDESK_TEST_RUN=${id}`) ? [pid] : [];
    }),
  );
  return found.flat();
}

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
    await ground.add('api', { 'package.json': module(), 'a.test.js': 'console.log(1)' });
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

  it.runIf(has('python3', '-c', 'import pytest'))('TE-1: pytest', async () => {
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

  it.runIf(has('python3', '-V'))('TE-1: unittest', async () => {
    await using ground = await createTestGround();
    const tests =
      'import unittest\nclass T(unittest.TestCase):\n  def test_a(self): self.assertEqual(1, 2)\n';
    await ground.add('py', { 'tests/test_a.py': tests });
    const run = await ground.run();
    expect(run).toMatchObject({ runner: 'unittest', counts: { passed: 0, failed: 1 } });
    expect(run.failures[0]?.lines).toEqual(['AssertionError: 1 != 2']);
  });

  it.runIf(has('go', 'version'))('TE-1: go', async () => {
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

describe('what cannot be run', () => {
  it.each([
    ['no tests', { 'README.md': 'x' }, /^⏭️ Unit Tests skipped: no unit tests were found/],
    [
      'no packages',
      { 'package.json': '{"dependencies":{"x":"1"},"scripts":{"test":"jest"}}' },
      /^⚠️ Tests skipped - dependencies missing$/,
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
    expect(showTestRun(none)).toBe('❌ Lab deployment not reachable');
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
    await expect(ground.tests.run({ ...ask, workspace: 'nope' })).rejects.toThrow(/no such workspace/);
    await expect(ground.tests.run({ ...ask, workspace: 'shop', repository: 'web' })).rejects.toThrow(
      /It has: api/,
    );
    const first = ground.run();
    await expect(ground.run()).rejects.toThrow(/running already/);
    expect((await first).status).toBe('passed');
    expect((await ground.run()).status).toBe('passed');
  });
});

describe('limits', () => {
  /** Hangs, deaf to SIGTERM, with a child in a session of its own. */
  const hanging = `${nodeTest}
import { spawn } from 'node:child_process';
process.on('SIGTERM', () => {});
spawn('sleep', ['600'], { detached: true, stdio: 'inherit' });
console.log('hanging');
test('never ends', async () => { setInterval(() => {}, 1000); await new Promise(() => {}); });`;

  it('TE-1: ends what hangs, all of it', async () => {
    await using ground = await createTestGround({ limitSeconds: 1, graceMs: 200 });
    await ground.add('api', { 'package.json': module(), 'a.test.js': hanging });
    const run = await ground.run();
    expect(run).toMatchObject({ status: 'timed_out', reason: 'It ran for 1 s, the limit, and was ended.' });
    expect(showTestRun(run)).toMatch(/^❌ Unit Tests: stopped after \d+\.\d s, the limit$/);
    expect(await marked(run)).toEqual([]);
    expect(await readdir(ground.dir)).toEqual(['home']);
  });

  it('ends a run that is cancelled', async () => {
    await using ground = await createTestGround({ graceMs: 200 });
    await ground.add('api', { 'package.json': module(), 'a.test.js': hanging });
    const stop = new AbortController();
    const run = await ground.run('unit', {
      signal: stop.signal,
      onLine: (line) => line.includes('hanging') && stop.abort(),
    });
    expect(showTestRun(run)).toBe('🗑️ Unit Tests: cancelled');
    expect(await marked(run)).toEqual([]);
  });

  it('ends what a green run leaves behind', async () => {
    await using ground = await createTestGround();
    await ground.add('api', {
      '.frontdesk.yaml': `tests: {unit: "setsid sleep 600 & echo '  1 passing'"}`,
    });
    const run = await ground.run();
    expect(run).toMatchObject({ status: 'passed', counts: { passed: 1, failed: 0, skipped: 0 } });
    expect(await marked(run)).toEqual([]);
  });

  it('OP-4: a run that the end of the service cuts off is interrupted, and says so', async () => {
    await using ground = await createTestGround({ graceMs: 200 });
    await ground.add('api', { 'package.json': module(), 'a.test.js': hanging });
    const began = Promise.withResolvers<void>();
    const running = ground.run('unit', { onLine: () => began.resolve() });
    await began.promise;
    await ground.tests[Symbol.asyncDispose]();
    const run = await running;
    expect(showTestRun(run)).toBe('⚠️ Unit Tests: interrupted by a restart; run them again');
    expect(await marked(run)).toEqual([]);
  });

  it('TE-1: streams and keeps only the last lines of a flood', async () => {
    await using ground = await createTestGround();
    const flood = `for (let i = 0; i < 200000; i += 1) process.stdout.write('line ' + i + ' ' + 'x'.repeat(80) + '\\n');`;
    await ground.add('api', { '.frontdesk.yaml': 'tests: {unit: node flood.js}', 'flood.js': flood });
    let heard = 0;
    const run = await ground.run('unit', { onLine: () => (heard += 1) });
    expect(heard).toBe(200_000);
    expect(run.log).toHaveLength(50);
    expect(run.log.at(-1)).toMatch(/^line 199999 /);
    expect(showTestRun(run)).toMatch(/^✅ Unit Tests: passed \(/);
  });
});

describe('what tests see and say', () => {
  it('OUT-3: nothing of ours is in their environment, and what they print is masked', async () => {
    const environment = {
      PATH: process.env.PATH,
      SLACK_BOT_TOKEN: 'xoxb-secret',
      HTTPS_PROXY: 'http://me:secret@proxy',
    };
    const redact = (text: string) => text.replaceAll('hunter2', '•••');
    await using ground = await createTestGround({ environment, redact });
    const test = `${nodeTest}test('hunter2', () => { console.log('hunter2', Object.keys(process.env).sort().join()); assert.fail('hunter2'); });`;
    await ground.add('api', { 'package.json': module(), 'a.test.js': test });
    const lines: string[] = [];
    const run = await ground.run('unit', { onLine: (line) => lines.push(line) });
    expect(lines.join('\n')).toMatch(/^••• CI,.*HOME,.*TMPDIR/m);
    expect(lines.join('\n')).not.toMatch(/SLACK|PROXY/);
    expect(JSON.stringify([run, lines])).not.toContain('hunter2');
    expect(run.failures).toEqual([{ name: '•••', lines: ['•••'] }]);
  });

  it('runs each repository that has tests, and keeps the latest results', async () => {
    let now = 1_700_000_000_000;
    await using ground = await createTestGround({ now: () => (now += 1000) });
    await ground.add('api', passing);
    await ground.add('web', { ...passing, 'a.test.js': `${nodeTest}test('x', () => assert.fail('no'));` });
    await ground.add('docs', { 'README.md': 'x' });
    const ask = { workspace: 'shop', suite: 'unit', by: 'U1' } as const;
    const seen: string[] = [];
    using _ = ground.tests.onChange(({ repository, status }) => void seen.push(`${repository} ${status}`));
    for (let count = 0; count < 5; count += 1) await ground.tests.run({ ...ask, repository: 'api' });
    seen.length = 0;
    const runs = await ground.tests.run(ask);
    expect(runs.map(({ repository, status }) => `${repository} ${status}`)).toEqual([
      'api passed',
      'web failed',
    ]);
    expect(seen).toEqual([
      'api running',
      'api running',
      'api passed',
      'web running',
      'web running',
      'web failed',
      'docs running',
      'docs skipped',
    ]);
    expect(await ground.tests.results('shop')).toEqual(runs.toReversed());
    expect(await ground.tests.results('other')).toEqual([]);
  });
});
