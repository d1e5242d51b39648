import { readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createTestGround, has, marked, module, nodeTest, passing } from '../../test/support/test-ground.ts';
import { startTimeOf } from '../kit/processes.ts';
import { isRed, showTestRun } from '../kit/tests.ts';

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

  it.runIf(process.platform === 'linux')(
    'TE-1: ends what fills the memory, also in a child that hides, and says how much it may use',
    async () => {
      await using ground = await createTestGround();
      const eat = `const all = []; setInterval(() => all.push(Buffer.alloc(16 * 2 ** 20, 1)), 20);`;
      const start = `const { spawn } = require('node:child_process');
        const child = spawn(process.execPath, ['eat.cjs'], { detached: true, env: {}, stdio: 'ignore' });
        console.log(child.pid); setInterval(() => {}, 1000);`;
      await ground.add('api', {
        '.frontdesk.yaml': 'tests: {unit: [node, start.cjs], memoryMb: 200}',
        'start.cjs': start,
        'eat.cjs': eat,
      });
      const run = await ground.run();
      expect(showTestRun(run)).toMatch(
        /^❌ Unit Tests: stopped: It used \d{3,} MB of memory; its limit is 200 MB\. Find what fills it, or set a larger tests\.memoryMb in \.frontdesk\.yaml\.$/,
      );
      expect(isRed(run)).toBe(true);
      expect(await marked(run)).toEqual([]);
      expect(startTimeOf(Number(run.log[0]))).toBeUndefined();
    },
  );

  it('TE-1: what hides from it and holds its output open does not keep it from ending', async () => {
    await using ground = await createTestGround();
    // Gone before anybody looks at it: nothing leads to its child.
    const start = `const child = require('node:child_process').spawn('/bin/sleep', ['600'], { detached: true, env: {}, stdio: 'inherit' });
      console.log(child.pid); child.unref(); console.log('1 passing');`;
    await ground.add('api', { '.frontdesk.yaml': 'tests: {unit: [node, start.cjs]}', 'start.cjs': start });
    const run = await ground.run();
    const pid = Number(run.log[0]);
    onTestFinished(() => void (startTimeOf(pid) !== undefined && process.kill(pid)));
    expect(showTestRun(run)).toMatch(/^✅ Unit Tests: 1\/1 passing/);
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
  it('TE-1: env of .frontdesk.yaml, but not in the place of ours', async () => {
    await using ground = await createTestGround();
    const test = `${nodeTest}test('env', () => assert.deepEqual([process.env.MODE, process.env.CI], ['slow', 'true']));`;
    await ground.add('api', { 'a.test.js': test, '.frontdesk.yaml': 'env: {MODE: slow, CI: "no"}' });
    expect(await ground.run()).toMatchObject({ status: 'passed', failures: [] });
  });

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

  const enclosed = has('unshare', '--user', '--map-current-user', '--pid', '--fork', '--mount-proc', 'true');
  it.runIf(enclosed)(
    `OUT-3: a run in an enclosure cannot read the environment of the service, and ends like any other${enclosed ? '' : ' — SKIPPED: no user namespaces here'}`,
    async () => {
      const enclosure = [
        'unshare',
        '--user',
        '--map-current-user',
        '--pid',
        '--fork',
        '--mount-proc',
        '--kill-child',
        '--',
      ];
      await using ground = await createTestGround({ enclosure, limitSeconds: 2, graceMs: 100 });
      const peek = `const { readdirSync } = require('node:fs');
console.log('sees', readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).join());`;
      await ground.add('api', {
        'peek.cjs': `${peek} if (process.env.TEST_URL === undefined) process.exit(3);`,
        'hang.cjs': `${peek} process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);`,
        '.frontdesk.yaml':
          'tests: {unit: [node, peek.cjs], integration: [node, hang.cjs], acceptance: [nosuchrunner]}',
      });
      const run = await ground.run();
      expect([run.status, run.exitCode, run.log]).toEqual(['failed', 3, ['sees 1,2']]);
      // The first process of an enclosure would live on.
      await ground.add('crash', {
        '.frontdesk.yaml': 'tests: {unit: [node, -e, "process.kill(process.pid, 11)"]}',
      });
      const crashed = await ground.run('unit', { repository: 'crash' });
      expect([crashed.status, crashed.exitCode]).toEqual(['failed', 139]);
      const server = createServer((_, response) => response.end('x')).listen(0, '127.0.0.1');
      await using _ = { [Symbol.asyncDispose]: async () => void server.close() };
      await vi.waitUntil(() => server.listening);
      const testUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const hung = await ground.run('integration', { testUrl, repository: 'api' });
      expect([hung.status, hung.log]).toEqual(['timed_out', ['sees 1,2']]);
      expect(await marked(hung)).toEqual([]);
      const none = await ground.run('acceptance', { testUrl, repository: 'api' });
      expect([none.status, none.reason]).toEqual([
        'dependencies_missing',
        '`nosuchrunner` is not installed; see what `nosuchrunner` needs',
      ]);
    },
  );
});
