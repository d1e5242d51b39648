import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ask, createGround, git, never, quiet, writeFiles } from '../../test/support/git-ground.ts';

const at = Date.parse('2026-01-02T03:04:05.678Z');
const stamp = '20260102T030405678Z';
const name = 'ai-dev-shop-x';
const branch = `frontdesk/${name}`;

async function createBench() {
  const ground = await createGround();
  const api = await ground.addRepository('api');
  const web = await ground.addRepository('web');
  const workspaces = await ground.open({ now: () => at });
  const { info } = await workspaces.create(ask('X', { repositories: ['api', 'web'] }), quiet, never);
  return { ground, workspaces, info, api, web, worktree: path.join(info.folder, 'repos/api') };
}

describe('cleanup', () => {
  it('WS-5: removes worktrees and merged branches, keeps unmerged ones, uncommitted work and the state', async () => {
    const { ground, workspaces, info, api, web, worktree } = await createBench();
    await using _ = ground;
    await writeFiles(worktree, { 'a.txt': 'a' });
    await git(worktree, 'add', '-A');
    await git(worktree, 'commit', '-q', '-m', 'Not merged');
    await writeFiles(worktree, { 'b.txt': 'b' });
    await writeFiles(info.folder, { 'plan.md': 'left by an agent' });

    const archive = path.join(ground.builders, '.archive', `${name}-${stamp}`);
    const ref = `refs/frontdesk/saved/${stamp}-${name}`;
    expect(await workspaces.cleanup(name)).toEqual({
      archive,
      saved: [{ repository: 'api', ref }],
      branches: [
        { repository: 'api', branch, removed: false, reason: 'not merged into origin/main' },
        { repository: 'web', branch, removed: true, reason: 'merged into origin/main' },
      ],
    });
    expect(await git(api, 'show', `${ref}:b.txt`)).toBe('b');
    expect(await git(api, 'log', '-1', '--format=%s', branch)).toBe('Not merged');
    expect(await git(web, 'branch', '--list', 'frontdesk/*')).toBe('');
    for (const repository of [api, web]) {
      expect((await git(repository, 'worktree', 'list')).split('\n')).toHaveLength(1);
    }
    expect(await readFile(path.join(archive, '.session-state.yaml'), 'utf8')).toContain('title: X');
    expect(await readFile(path.join(archive, 'plan.md'), 'utf8')).toBe('left by an agent');
    expect(await git(archive, 'rev-list', '--count', 'HEAD')).toBe('1');
    expect(await readdir(ground.builders)).toEqual(['.archive']);
    expect(workspaces.list()).toEqual([]);
    await expect(workspaces.updateState(name, (state) => state)).rejects.toThrow('There is none yet');
    expect((await ground.open()).list()).toEqual([]);
  });

  it('WS-5: the same title can be begun again afterwards, going on with the branch that was kept', async () => {
    const { ground, workspaces, worktree } = await createBench();
    await using _ = ground;
    await writeFiles(worktree, { 'a.txt': 'a' });
    await git(worktree, 'add', '-A');
    await git(worktree, 'commit', '-q', '-m', 'Kept');
    await workspaces.cleanup(name);
    const { reused } = await workspaces.create(ask('X', { repositories: ['api'] }), quiet, never);
    expect(reused).toBe(false);
    expect(await git(worktree, 'log', '-1', '--format=%s')).toBe('Kept');
  });

  it('WS-5: commits that no branch has are saved, too', async () => {
    const { ground, workspaces, api, worktree } = await createBench();
    await using _ = ground;
    await git(worktree, 'checkout', '-q', '--detach');
    await git(worktree, 'commit', '-q', '--allow-empty', '-m', 'Loose');
    const { saved } = await workspaces.cleanup(name);
    expect(saved).toHaveLength(1);
    expect(await git(api, 'log', '-1', '--format=%s', saved[0]?.ref ?? '')).toBe('Loose');
  });

  it('WS-5: what cannot be saved stops it before anything is removed', async () => {
    const { ground, workspaces, worktree } = await createBench();
    await using _ = ground;
    const inner = path.join(worktree, 'inner');
    await writeFiles(inner, { 'x.txt': 'x' });
    await git(inner, 'init', '-q');
    await git(inner, 'add', '-A');
    await git(inner, 'commit', '-q', '-m', 'Inner');
    await expect(workspaces.cleanup(name)).rejects.toThrow(
      'repositories of its own that cannot be saved: inner',
    );
    expect(await readFile(path.join(inner, 'x.txt'), 'utf8')).toBe('x');
    expect(workspaces.list()).toHaveLength(1);
  });

  it('WS-5: cut short between worktrees and folder, it is ended by the next', async () => {
    const { ground, api, worktree } = await createBench();
    await using _ = ground;
    await git(api, 'worktree', 'remove', worktree);
    const reopened = await ground.open({ now: () => at });
    expect((await reopened.cleanup(name)).branches).toMatchObject([{ repository: 'web', removed: true }]);
    expect(await readdir(ground.builders)).toEqual(['.archive']);
  });

  it('WS-5: a repository that is gone does not stop the others', async () => {
    const { ground, workspaces, api } = await createBench();
    await using _ = ground;
    await rm(api, { recursive: true });
    const diff = await workspaces.diff(name);
    expect(diff.repositories.map(({ repository }) => repository)).toEqual(['web']);
    expect(diff.problems).toHaveLength(1);
    const { archive, branches } = await workspaces.cleanup(name);
    expect(branches).toMatchObject([{ repository: 'web', removed: true }]);
    // What git cannot save any more is kept as it is.
    expect(await readFile(path.join(archive, 'repos/api/README.md'), 'utf8')).toBe('# api\n');
  });
});
