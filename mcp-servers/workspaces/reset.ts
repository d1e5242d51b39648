import type { Progress, WorkspaceInfo } from '../kit/work.ts';
import type { SavedWork } from './contract.ts';
import type { Git } from './git/git.ts';
import { buildSavedRef, saveWork } from './git/saved-work.ts';
import { listRepositories } from './git/worktree-files.ts';

/**
 * Every worktree as its last commit, after all that is not committed went to a ref in all of them. What git ignores
 * (installed packages, caches) and repositories inside stay.
 */
export async function resetWorkspace(
  git: Git,
  info: WorkspaceInfo,
  now: number,
  progress: Progress,
): Promise<SavedWork[]> {
  const ref = buildSavedRef(now, info.name);
  const saved: SavedWork[] = [];
  const repositories = await listRepositories(info.folder);
  for (const { name, folder } of repositories) {
    progress(`Saving what is not committed in ${name}`);
    const result = await saveWork(git, name, folder, ref);
    if (result.ref !== null) saved.push({ repository: name, ref: result.ref });
  }
  for (const { name, folder } of repositories) {
    progress(`Resetting ${name}`);
    // A rebase that was begun would go on from nowhere.
    await git.ask(folder, ['rebase', '--quit']);
    await git.must(`Resetting ${name}`, folder, ['reset', '--hard', '--quiet', 'HEAD']);
    await git.must(`Resetting ${name}`, folder, ['clean', '-d', '--force', '--quiet']);
  }
  return saved;
}
