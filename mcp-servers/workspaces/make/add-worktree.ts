import path from 'node:path';
import { FrontdeskError } from '../../kit/errors.ts';
import { findBase, hasRef, listWorktrees } from '../git/branches.ts';
import type { Git } from '../git/git.ts';
import { type CloneOptions, refresh } from './own-clone.ts';

export interface WorktreeRequest {
  readonly name: string;
  /** The repository. */
  readonly repository: string;
  /** Of the worktree to be. */
  readonly folder: string;
  readonly branch: string;
}

/**
 * A worktree on `branch`: the one that is there, else the remote's, else a new one from the default branch.
 * @throws FrontdeskError workspace_failed, also when the branch is checked out elsewhere
 */
export async function addWorktree(git: Git, request: WorktreeRequest, options: CloneOptions): Promise<void> {
  const { name, repository, folder, branch } = request;
  const { env, signal, progress } = options;
  await refresh(git, name, repository, options);
  const what = `Checking out ${name}`;
  const add = ['worktree', 'add', '--quiet', '--no-track'];

  if (await hasRef(git, repository, `refs/heads/${branch}`)) {
    const holder = (await listWorktrees(git, repository)).find((worktree) => worktree.branch === branch);
    if (holder) {
      const detail = `${name}: branch ${branch} is already checked out in ${holder.folder}. Remove that worktree, or choose another title.`;
      throw new FrontdeskError('workspace_failed', detail);
    }
    progress(`${what} (branch ${branch} exists: going on with it)`);
    await git.must(what, repository, ['worktree', 'add', '--quiet', '--', folder, branch], { env, signal });
    return;
  }
  const remote = `refs/remotes/origin/${branch}`;
  const continued = await hasRef(git, repository, remote);
  const base = continued ? { ref: remote, shown: `origin/${branch}` } : await findBase(git, name, repository);
  progress(`${what} from ${base.shown}`);
  await git.must(what, repository, [...add, '-b', branch, '--', path.resolve(folder), base.ref], {
    env,
    signal,
  });
}
