import type { Git } from './git.ts';

/** Files with changes that are not committed, untracked ones included; a folder that is new as a whole counts each file. */
export async function countUncommitted(git: Git, worktree: string): Promise<number> {
  const status = await git.read(
    worktree,
    ['status', '--porcelain=v1', '-z', '--no-renames', '--untracked-files=all', '--ignore-submodules=none'],
    { env: { GIT_OPTIONAL_LOCKS: '0' } },
  );
  return (status ?? '').split('\0').filter(Boolean).length;
}
