import type { Git } from '../git/git.ts';
import { author, withIndexCopy } from '../git/saved-work.ts';

/** What git keeps of a merge, rebase or pick that is not ended: a commit on the branch would become a part of it. */
const unfinished = ['MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'REBASE_HEAD'];

/**
 * Puts all that is not committed, untracked files included, into a commit on top of what is checked out. Ignored files and
 * repositories inside are left alone. In the middle of a merge or the like the commit stands beside the branch, and worktree,
 * index and the merge stay as they are.
 * @returns the commit that holds all of it; the last one when nothing was uncommitted
 * @throws FrontdeskError workspace_failed, also for a repository without any commit
 */
export async function commitAll(
  git: Git,
  repository: string,
  worktree: string,
  message: string,
): Promise<string> {
  const what = `Saving the work in ${repository}`;
  const head = await git.must(what, worktree, ['rev-parse', '--verify', '-q', 'HEAD^{commit}']);
  const beside = await isUnfinished(git, worktree);
  const others = await nestedIn(git, worktree);
  const add = ['add', '--all', '--', ':/', ...others.map((path) => `:(top,exclude,literal)${path}`)];

  const write = async (env: Readonly<Record<string, string>>): Promise<string> => {
    await git.must(what, worktree, add, { env });
    const tree = await git.must(what, worktree, ['write-tree'], { env });
    if (tree === (await git.must(what, worktree, ['rev-parse', `${head}^{tree}`]))) return head;
    const commit = ['commit-tree', tree, '-p', head, '-m', message];
    return await git.must(what, worktree, [...author, ...commit]);
  };
  if (beside) return await withIndexCopy(git, worktree, write);
  const commit = await write({});
  // With what it was: had the agent committed meanwhile, its commit would be lost.
  if (commit !== head) await git.must(what, worktree, ['update-ref', '-m', message, 'HEAD', commit, head]);
  return commit;
}

async function isUnfinished(git: Git, worktree: string): Promise<boolean> {
  for (const ref of unfinished)
    if ((await git.read(worktree, ['rev-parse', '--verify', '-q', ref])) !== null) return true;
  return false;
}

/** Repositories that are not of this one: git would add a link to each that leads nowhere. */
async function nestedIn(git: Git, worktree: string): Promise<string[]> {
  const status = ['status', '--porcelain=v1', '-z', '--untracked-files=all', '--no-renames'];
  const entries = ((await git.read(worktree, status)) ?? '').split('\0');
  return entries.flatMap((entry) => (/^\?\? .*\/$/s.test(entry) ? [entry.slice(3, -1)] : []));
}
