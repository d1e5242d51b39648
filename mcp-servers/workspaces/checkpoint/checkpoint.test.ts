import { rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ask, createGround, git, never, quiet, writeFiles } from '../../../test/support/git-ground.ts';

const name = 'ai-dev-shop-x';
const branch = `frontdesk/${name}`;
const tag = 'frontdesk/ask/k3f9';
const assumed = 'frontdesk/assumed/k3f9';

async function createBench(repositories = ['api']) {
  const ground = await createGround();
  for (const each of repositories)
    await ground.addRepository(each, { 'README.md': '# one\n', '.gitignore': 'cache\n', 'old.txt': 'old\n' });
  const workspaces = await ground.open();
  const { info } = await workspaces.create(ask('X', { repositories }), quiet, never);
  const worktree = (each: string) => path.join(info.folder, 'repos', each);
  return { ground, workspaces, info, worktree, api: worktree('api') };
}

const subjects = async (folder: string, ref: string) =>
  (await git(folder, 'log', '--format=%s', ref)).split('\n');
const commitOf = async (folder: string, ref: string) => await git(folder, 'rev-parse', `${ref}^{commit}`);
const files = async (folder: string, ref: string) =>
  (await git(folder, 'ls-tree', '-r', '--name-only', ref)).split('\n');

async function commit(folder: string, file: string, subject: string): Promise<void> {
  await writeFiles(folder, { [file]: subject });
  await git(folder, 'add', '-A');
  await git(folder, 'commit', '-q', '-m', subject);
}

describe('a checkpoint', () => {
  it('AS-4: staged, changed, deleted and untracked work is committed on the branch and tagged, hooks off', async () => {
    const { ground, workspaces, api, worktree } = await createBench(['api', 'web']);
    await using _ = ground;
    const hook = path.join(ground.root, 'repos/api/.git/hooks');
    for (const each of ['pre-commit', 'reference-transaction', 'post-commit'])
      await writeFiles(hook, { [each]: '#!/bin/sh\nexit 1\n' });
    await git(ground.root, '-c', 'core.fileMode=true', 'init', '-q', path.join(api, 'inside'));
    await commit(path.join(api, 'inside'), 'theirs.txt', 'Theirs');
    await writeFiles(api, {
      'README.md': '# two\n',
      'staged.txt': 's',
      'deep/new file.txt': 'n',
      'cache/x': 'x',
    });
    await git(api, 'add', 'staged.txt');
    await rm(path.join(api, 'old.txt'));

    const checkpoint = await workspaces.checkpoint(name, tag);
    expect(checkpoint).toEqual({
      tag,
      commits: [
        { repository: 'api', commit: await commitOf(api, tag) },
        { repository: 'web', commit: await commitOf(worktree('web'), tag) },
      ],
    });
    expect(await commitOf(api, tag)).toBe(await commitOf(api, branch));
    expect(await git(api, 'status', '--porcelain')).toBe('?? inside/');
    expect(await files(api, tag)).toEqual(['.gitignore', 'README.md', 'deep/new file.txt', 'staged.txt']);
    expect(await git(api, 'log', '-1', '--format=%an <%ae>')).toBe('Frontdesk <frontdesk@localhost>');
    // Nothing to commit: the tag is on what there was.
    expect(await subjects(worktree('web'), tag)).toEqual(['First']);
  });

  it('AS-4: made again it stays where it is, whatever was done since', async () => {
    const { ground, workspaces, api } = await createBench();
    await using _ = ground;
    await writeFiles(api, { 'a.txt': 'a' });
    const first = await workspaces.checkpoint(name, tag);
    await writeFiles(api, { 'b.txt': 'b' });
    expect(await workspaces.checkpoint(name, tag)).toEqual(first);
    expect(await git(api, 'status', '--porcelain')).toBe('?? b.txt');
  });

  it('AS-4: in the middle of a merge, the merge is left as it is and the tag holds both sides', async () => {
    const { ground, workspaces, api } = await createBench();
    await using _ = ground;
    await git(api, 'switch', '-q', '-c', 'side');
    await commit(api, 'README.md', 'Side');
    await git(api, 'switch', '-q', branch);
    await commit(api, 'README.md', 'Ours');
    await expect(git(api, 'merge', 'side')).rejects.toThrow('Command failed');
    await workspaces.checkpoint(name, tag);
    expect(await git(api, 'status', '--porcelain')).toBe('UU README.md');
    expect(await subjects(api, branch)).toEqual(['Ours', 'First']);
    expect(await git(api, 'show', `${tag}:README.md`)).toContain('<<<<<<<');
    await workspaces.rewind(name, await workspaces.checkpoint(name, tag), assumed);
    expect(await git(api, 'status', '--porcelain')).toBe('');
    expect(await commitOf(api, branch)).toBe(await commitOf(api, tag));
  });
});

describe('going back', () => {
  it('AS-4: committed and uncommitted work since stays on its own branch; the workspace’s is at the tag', async () => {
    const { ground, workspaces, api, worktree } = await createBench(['api', 'web']);
    await using _ = ground;
    await commit(api, 'before.txt', 'Before');
    const checkpoint = await workspaces.checkpoint(name, tag);
    await commit(api, 'assumed.txt', 'Assumed A');
    await writeFiles(api, { 'half.txt': 'half done', 'before.txt': 'changed' });

    expect(await workspaces.rewind(name, checkpoint, assumed)).toEqual([
      { repository: 'api', branch: assumed },
      { repository: 'web', branch: null },
    ]);
    expect(await git(api, 'branch', '--show-current')).toBe(branch);
    expect(await subjects(api, branch)).toEqual(['Before', 'First']);
    expect(await git(api, 'status', '--porcelain')).toBe('');
    expect(await subjects(api, assumed)).toEqual([
      'Work on what was assumed, saved by Frontdesk',
      'Assumed A',
      'Before',
      'First',
    ]);
    expect(await git(api, 'show', `${assumed}:half.txt`)).toBe('half done');
    expect(await subjects(worktree('web'), branch)).toEqual(['First']);
  });

  it('AS-4: again after a crash it does nothing more; after more work that is kept, too', async () => {
    const { ground, workspaces, api } = await createBench();
    await using _ = ground;
    const checkpoint = await workspaces.checkpoint(name, tag);
    await commit(api, 'assumed.txt', 'Assumed A');
    await workspaces.rewind(name, checkpoint, assumed);
    expect(await workspaces.rewind(name, checkpoint, assumed)).toEqual([
      { repository: 'api', branch: assumed },
    ]);
    expect(await subjects(api, assumed)).toEqual(['Assumed A', 'First']);
    await commit(api, 'other.txt', 'Other');
    expect(await workspaces.rewind(name, checkpoint, assumed)).toEqual([
      { repository: 'api', branch: `${assumed}-2` },
    ]);
    expect(await subjects(api, assumed)).toEqual(['Assumed A', 'First']);
    expect(await subjects(api, `${assumed}-2`)).toEqual(['Other', 'First']);
  });

  it('AS-4: with something else checked out, both ends are kept and the workspace’s branch is checked out', async () => {
    const { ground, workspaces, api } = await createBench();
    await using _ = ground;
    const checkpoint = await workspaces.checkpoint(name, tag);
    await commit(api, 'on-branch.txt', 'On the branch');
    await git(api, 'checkout', '-q', '--detach', tag);
    await commit(api, 'detached.txt', 'Detached');
    await workspaces.rewind(name, checkpoint, assumed);
    expect(await git(api, 'branch', '--show-current')).toBe(branch);
    expect(await subjects(api, branch)).toEqual(['First']);
    expect(await subjects(api, assumed)).toEqual(['Detached', 'First']);
    expect(await subjects(api, `${assumed}-2`)).toEqual(['On the branch', 'First']);
  });

  it('AS-4: when one repository cannot be kept, none is set back', async () => {
    const { ground, workspaces, api, worktree } = await createBench(['api', 'web']);
    await using _ = ground;
    const checkpoint = await workspaces.checkpoint(name, tag);
    await commit(api, 'a.txt', 'A');
    await commit(worktree('web'), 'b.txt', 'B');
    const broken = {
      ...checkpoint,
      commits: checkpoint.commits.with(1, { repository: 'web', commit: 'f'.repeat(40) }),
    };
    await expect(workspaces.rewind(name, broken, assumed)).rejects.toThrow('is not there any more');
    expect(await subjects(api, branch)).toEqual(['A', 'First']);
    await workspaces.rewind(name, checkpoint, assumed);
    expect(await subjects(api, branch)).toEqual(['First']);
    expect(await subjects(worktree('web'), assumed)).toEqual(['B', 'First']);
  });
});
