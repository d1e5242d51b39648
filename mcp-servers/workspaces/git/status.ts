import type { Git } from './git.ts';

/** Files with changes that are not committed, untracked ones included; a folder that is new as a whole counts each file. */
export async function countUncommitted(git: Git, worktree: string): Promise<number> {
  const status = await git.read(
    worktree,
    ['status', '--porcelain=v1', '-z', '--untracked-files=all', '--ignore-submodules=none'],
    { env: { GIT_OPTIONAL_LOCKS: '0' } },
  );
  return countEntries(status ?? '');
}

/** Entries of `git status --porcelain=v1 -z`; a renamed file has its old path in a field of its own. */
function countEntries(status: string): number {
  const fields = status.split('\0').filter(Boolean);
  let count = 0;
  for (let at = 0; at < fields.length; at += 1) {
    count += 1;
    if (/^(R|C|.R|.C)/.test(fields[at] ?? '')) at += 1;
  }
  return count;
}
