import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ask, createGround, git, never, quiet, writeFiles } from '../../../test/support/git-ground.ts';
import { renderDiff } from './render.ts';

const name = 'ai-dev-shop-x';

async function createBench() {
  const ground = await createGround();
  const files = {
    'keep.txt': 'one\ntwo\nthree\n',
    'old name.txt': 'moved\n'.repeat(20),
    'gone.txt': 'gone\n',
  };
  const api = await ground.addRepository('api', files);
  await ground.addRepository('web');
  const workspaces = await ground.open();
  const { info } = await workspaces.create(ask('X', { repositories: ['api', 'web'] }), quiet, never);
  return { ground, workspaces, api, worktree: path.join(info.folder, 'repos/api') };
}

describe('diff', () => {
  it('WS-4: counts committed, staged, changed, untracked, renamed, deleted and binary work once each', async () => {
    const { ground, workspaces, worktree } = await createBench();
    await using _ = ground;
    await writeFiles(worktree, { 'done.txt': 'a\nb\n' });
    await git(worktree, 'add', '-A');
    await git(worktree, 'commit', '-q', '-m', 'Done: "it"');
    await git(worktree, 'mv', 'old name.txt', 'new näme\n.txt');
    await git(worktree, 'rm', '-q', 'gone.txt');
    await writeFiles(worktree, { 'keep.txt': 'one\nTWO\nthree\n', 'pic.bin': 'a\0b', 'dir/new.txt': 'x\n' });

    const before = await git(worktree, 'status', '--porcelain');
    const { repositories, problems } = await workspaces.diff(name);
    expect(problems).toEqual([]);
    expect(repositories[0]).toMatchObject({
      repository: 'api',
      branch: `frontdesk/${name}`,
      base: 'origin/main',
      commits: 1,
      uncommitted: 5,
      lastCommit: { subject: 'Done: "it"' },
      added: 4,
      removed: 2,
      files: 6,
    });
    expect(repositories[0]?.changes).toEqual([
      { path: 'dir/new.txt', kind: 'new', added: 1, removed: 0, binary: false },
      { path: 'done.txt', kind: 'new', added: 2, removed: 0, binary: false },
      { path: 'gone.txt', kind: 'deleted', added: 0, removed: 1, binary: false },
      { path: 'keep.txt', kind: 'changed', added: 1, removed: 1, binary: false },
      { path: 'new näme\n.txt', from: 'old name.txt', kind: 'renamed', added: 0, removed: 0, binary: false },
      { path: 'pic.bin', kind: 'new', added: 0, removed: 0, binary: true },
    ]);
    expect(repositories[1]).toMatchObject({ repository: 'web', files: 0, commits: 0, uncommitted: 0 });
    // Looking changes nothing: what the agent has staged stays as it is.
    expect(await git(worktree, 'status', '--porcelain')).toBe(before);
  });

  it('WS-4: compares with where the branch began, not with what others did since', async () => {
    const { ground, workspaces, api, worktree } = await createBench();
    await using _ = ground;
    await writeFiles(api, { 'theirs.txt': 'theirs\n' });
    await git(api, 'add', '-A');
    await git(api, 'commit', '-q', '-m', 'Theirs');
    await git(api, 'push', '-q');
    await writeFiles(worktree, { 'ours.txt': 'ours\n' });
    const { repositories } = await workspaces.diff(name);
    expect(repositories[0]?.changes.map((change) => change.path)).toEqual(['ours.txt']);
  });

  it('WS-4: shows one file, of the repository that is meant, bounded', async () => {
    const { ground, workspaces, worktree } = await createBench();
    await using _ = ground;
    await git(worktree, 'mv', 'old name.txt', 'named.txt');
    await writeFiles(worktree, { 'big.txt': `${'0123456789'.repeat(10)}\n`.repeat(5000), ':(glob)*': 'x\n' });
    await writeFiles(path.join(worktree, '../web'), { 'big.txt': 'small\n' });
    expect((await workspaces.fileDiff(name, 'old name.txt')).text).toContain('rename to named.txt');
    expect((await workspaces.fileDiff(name, ':(glob)*')).text).toMatch(/^diff --git[^]*\+x\n$/);
    await expect(workspaces.fileDiff(name, 'big.txt')).rejects.toThrow(
      'is changed in api, web; say in which',
    );
    const big = await workspaces.fileDiff(name, 'big.txt', 'api');
    expect(big).toMatchObject({ truncated: true, repository: 'api' });
    expect(big.text).toHaveLength(60_000);
    expect((await workspaces.fileDiff(name, './big.txt', 'web')).text).toContain('+small');
    await expect(workspaces.fileDiff(name, 'big.txt', 'nope')).rejects.toThrow('it has api, web');
    await expect(workspaces.fileDiff(name, 'keep.txt')).rejects.toThrow('has no changes');
  });

  it('WS-4: starts nothing that an agent has put into the configuration', async () => {
    const { ground, workspaces, worktree } = await createBench();
    await using _ = ground;
    const evil = `sh -c 'touch ${ground.root}/ran'`;
    await git(worktree, 'config', 'diff.external', evil);
    await git(worktree, 'config', 'diff.evil.textconv', evil);
    await git(worktree, 'config', 'core.fsmonitor', evil);
    await writeFiles(worktree, { '.gitattributes': '*.txt diff=evil\n', 'keep.txt': 'changed\n' });
    await workspaces.diff(name);
    await workspaces.fileDiff(name, 'keep.txt');
    await workspaces.reset(name);
    await expect(git(ground.root, 'hash-object', 'ran')).rejects.toThrow('Command failed');
  });

  it('WS-4: says so when nothing is changed', async () => {
    const { ground, workspaces } = await createBench();
    await using _ = ground;
    expect(renderDiff(await workspaces.diff(name))).toBe(`Nothing is changed in \`${name}\`.`);
  });
});
