import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ask, createGround, git, never, quiet, writeFiles } from '../../test/support/git-ground.ts';

const at = Date.parse('2026-01-02T03:04:05.678Z');
const name = 'ai-dev-shop-x';
const ref = `refs/frontdesk/saved/20260102T030405678Z-${name}`;

async function createBench(repositories = ['api']) {
  const ground = await createGround();
  for (const each of repositories) {
    await ground.addRepository(each, {
      'README.md': '# one\n',
      '.gitignore': 'node_modules\n',
      'old.txt': 'old\n',
    });
  }
  const workspaces = await ground.open({ now: () => at });
  const { info } = await workspaces.create(ask('X', { repositories }), quiet, never);
  const worktree = (each: string) => path.join(info.folder, 'repos', each);
  return { ground, workspaces, info, worktree, api: worktree('api') };
}

describe('reset', () => {
  it('WS-2: puts staged, changed, deleted and untracked work into a ref, then is as the last commit', async () => {
    const { ground, workspaces, api } = await createBench();
    await using _ = ground;
    await writeFiles(api, { 'mine.txt': 'mine' });
    await git(api, 'add', 'mine.txt');
    await git(api, 'commit', '-q', '-m', 'Mine');
    await writeFiles(api, {
      'README.md': '# two\n',
      'staged.txt': 's',
      'deep/new.txt': 'n',
      'node_modules/x': 'x',
    });
    await git(api, 'add', 'staged.txt');
    await rm(path.join(api, 'old.txt'));

    expect(await workspaces.reset(name)).toEqual([{ repository: 'api', ref }]);
    expect(await git(api, 'status', '--porcelain')).toBe('');
    expect(await git(api, 'log', '-1', '--format=%s')).toBe('Mine');
    expect(await readFile(path.join(api, 'node_modules/x'), 'utf8')).toBe('x');
    expect(await git(api, 'diff', '--name-status', 'HEAD', ref)).toBe(
      ['M\tREADME.md', 'A\tdeep/new.txt', 'D\told.txt', 'A\tstaged.txt'].join('\n'),
    );
    await git(api, 'checkout', ref, '--', '.');
    expect(await readFile(path.join(api, 'deep/new.txt'), 'utf8')).toBe('n');
  });

  it('WS-2: clean, it saves nothing and changes nothing', async () => {
    const { ground, workspaces, api } = await createBench();
    await using _ = ground;
    expect(await workspaces.reset(name)).toEqual([]);
    expect(await git(api, 'for-each-ref', 'refs/frontdesk')).toBe('');
  });

  it('WS-2: in the middle of a merge with conflicts, both sides are saved', async () => {
    const { ground, workspaces, api } = await createBench();
    await using _ = ground;
    await git(api, 'switch', '-q', '-c', 'side');
    await writeFiles(api, { 'README.md': '# side\n' });
    await git(api, 'commit', '-q', '-am', 'Side');
    await git(api, 'switch', '-q', `frontdesk/${name}`);
    await writeFiles(api, { 'README.md': '# ours\n' });
    await git(api, 'commit', '-q', '-am', 'Ours');
    await expect(git(api, 'merge', 'side')).rejects.toThrow('Command failed');
    await workspaces.reset(name);
    expect(await git(api, 'status', '--porcelain')).toBe('');
    expect(await git(api, 'show', `${ref}:README.md`)).toContain('<<<<<<<');
  });

  it('WS-2: when one repository cannot be saved, none is reset', async () => {
    const { ground, workspaces, api, worktree } = await createBench(['api', 'web']);
    await using _ = ground;
    await writeFile(path.join(api, 'a.txt'), 'a');
    await writeFile(path.join(worktree('web'), 'b.txt'), 'b');
    // Works for root, too, who may write everywhere.
    const refs = path.join(ground.root, 'repos/web/.git/refs/frontdesk');
    await writeFile(refs, 'not a folder');
    await expect(workspaces.reset(name)).rejects.toThrow('Saving the work in web');
    expect(await git(api, 'status', '--porcelain')).toBe('?? a.txt');
    await rm(refs);
    expect(await workspaces.reset(name)).toHaveLength(2);
  });
});
