import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRun, failed, lastWords, maskAddress } from './run.ts';

const cwd = tmpdir();
const run = createRun({ PATH: process.env.PATH, HOME: '/h', SLACK_BOT_TOKEN: 'xoxb', GITHUB_TOKEN: 'ghp' });

describe('running programs', () => {
  it('OP-5: they know nothing of our tokens', async () => {
    const { stdout } = await run('env', [], { cwd });
    expect(stdout).toContain('HOME=/h');
    expect(stdout).not.toMatch(/xoxb|ghp/);
  });

  it('WS-2: one that takes too long is ended with all that it started, and says so', async () => {
    const script = '(trap "" TERM; while :; do sleep 0.05; done) & echo begun; wait';
    const result = await run('sh', ['-c', script], { cwd, timeoutMs: 1000 });
    expect(result).toMatchObject({ ok: false, timedOut: true, stdout: 'begun\n' });
    expect(lastWords(result)).toMatch(/^It took too long and was ended\./);
  });

  it('WS-2: output beyond the limit ends it', async () => {
    const result = await run('yes', [], { cwd, maxOutput: 1000 });
    expect(result).toMatchObject({ ok: false, cut: true });
    expect(result.stdout).toHaveLength(1000);
  });

  it('WS-2: causes are told in words', async () => {
    const missing = await run('no-such-program', [], { cwd });
    expect(failed('Doing it', missing).detail).toBe('Doing it: the program is not installed.');
    const full = await run('sh', ['-c', 'echo "fatal: write error: No space left on device" >&2; exit 1'], {
      cwd,
    });
    expect(failed('Doing it', full).detail).toContain('the disk is full');
    const silent = await run('sh', ['-c', 'exit 3'], { cwd });
    expect(failed('Doing it', silent).detail).toBe('Doing it: exit code 3');
    expect(maskAddress("to 'https://u:p@host/x'")).toBe("to 'https://host/x'");
  });
});

const unshare = ['--pid', '--fork', '--mount-proc', '--kill-child'];
const way = [unshare, ['--user', '--map-current-user', ...unshare]].find(
  (args) => spawnSync('unshare', [...args, 'true']).status === 0,
);

describe.runIf(way !== undefined)('git, enclosed', () => {
  const enclosed = createRun({ PATH: process.env.PATH }, ['unshare', ...(way ?? []), '--']);
  let repository: string;
  beforeAll(async () => {
    repository = await mkdtemp(path.join(tmpdir(), 'frontdesk-run-'));
    await run('git', ['init', '-q'], { cwd: repository });
  });
  afterAll(() => rm(repository, { recursive: true, force: true }));

  /** What an agent can leave in its repository: a program that git starts for each file that it looks at. */
  const setFilter = (script: string) =>
    run('git', ['config', 'filter.agent.clean', script], { cwd: repository });

  it('OP-5: what the configuration of a repository starts cannot read the environment of the service', async () => {
    const found = path.join(repository, '.git', 'found');
    await writeFile(path.join(repository, '.gitattributes'), 'a filter=agent\n');
    await writeFile(path.join(repository, 'a'), 'x');
    await setFilter(`echo begun > '${found}'; cat /proc/${process.pid}/environ >> '${found}'; cat`);
    expect(await enclosed('git', ['add', 'a'], { cwd: repository })).toMatchObject({ ok: true });
    expect(await readFile(found, 'utf8')).toBe('begun\n');
    // So it would be without: the test is one.
    await run('git', ['hash-object', 'a'], { cwd: repository });
    expect((await readFile(found, 'utf8')).length).toBeGreaterThan(100);
  });

  it('WS-2: answers, codes and ends are as without', async () => {
    expect(await enclosed('git', ['rev-parse', '--git-dir'], { cwd: repository })).toMatchObject({
      ok: true,
      stdout: '.git\n',
    });
    expect(await enclosed('git', ['no-such-word'], { cwd: repository })).toMatchObject({ exitCode: 1 });
    expect(await enclosed('git', ['hash-object', '--stdin'], { cwd: repository, input: 'x' })).toMatchObject({
      stdout: 'c1b0730e0133447badcfd47fd144e254807b06e1\n',
    });
    const started = performance.now();
    const ender = new AbortController();
    const pending = enclosed('git', ['-c', 'alias.wait=!echo begun; sleep 60', 'wait'], {
      cwd: repository,
      signal: ender.signal,
      onLine: () => ender.abort(new Error('stopped')),
    });
    await expect(pending).rejects.toThrow('stopped');
    expect(performance.now() - started).toBeLessThan(20_000);
    const nowhere = createRun({ PATH: '/nowhere' }, ['/usr/bin/unshare', ...(way ?? []), '--']);
    expect(await nowhere('git', [], { cwd: repository })).toMatchObject({ ok: false, missing: true });
  });
});
