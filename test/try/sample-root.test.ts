import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { parseProjectList } from '../../mcp-servers/workspaces/projects/project-list.ts';
import { makeSampleRoot } from './sample-root.ts';
import { readFileSync } from 'node:fs';

it('OP-3: the sample has projects, and repositories with a remote and tests that pass; a kept one stays', async () => {
  const state = mkdtempSync(join(tmpdir(), 'try-sample-'));
  onTestFinished(() => rmSync(state, { recursive: true, force: true }));
  const root = await makeSampleRoot(join(state, 'work'));
  const list = parseProjectList(readFileSync(join(root, '.ai/projectlist.md'), 'utf8'));
  expect(list.ignored).toEqual([]);
  expect(list.projects.map(({ project, repositories }) => [project, repositories])).toEqual([
    [{ category: 'ai-dev', project: 'domain-apis' }, ['domain-apis']],
    [{ category: 'ai-dev', project: 'web' }, ['web']],
    [{ category: 'ai-dev', project: 'reports' }, ['reports']],
  ]);
  const repository = join(root, 'repos/domain-apis');
  const run = (program: string, ...args: string[]) =>
    execFileSync(program, args, { cwd: repository, encoding: 'utf8' });
  expect(run('git', 'ls-remote', 'origin')).toContain('refs/heads/main');
  expect(run('git', 'status', '--porcelain')).toBe('');
  // The test runner of node passes its own reporter on to a child in this variable.
  expect(run(process.execPath, '--test', '--test-reporter=tap')).toContain('# pass 2');

  const python = { cwd: join(root, 'repos/reports'), encoding: 'utf8', stdio: 'pipe' } as const;
  expect(spawnSync('python3', ['-m', 'unittest'], python).stderr).toMatch(/^Ran 2 tests in .*\n\nOK$/m);

  writeFileSync(join(repository, 'mine.txt'), 'kept');
  await makeSampleRoot(root);
  expect(readFileSync(join(repository, 'mine.txt'), 'utf8')).toBe('kept');
});

it('OP-3: where there is no git, that is said', async () => {
  const state = mkdtempSync(join(tmpdir(), 'try-sample-'));
  onTestFinished(() => rmSync(state, { recursive: true, force: true }));
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.stubEnv('PATH', join(state, 'nothing'));
  await expect(makeSampleRoot(join(state, 'work'))).rejects.toThrow(/no git on this machine/);
});
