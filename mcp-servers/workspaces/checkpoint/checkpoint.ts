import type { WorkspaceInfo } from '../../kit/work.ts';
import type { Checkpoint } from '../contract.ts';
import type { Git } from '../git/git.ts';
import { listRepositories } from '../git/worktree-files.ts';
import { commitAll } from './commit-all.ts';

/**
 * AS-4: every repository's uncommitted work becomes a commit on what is checked out there, and `tag` marks it. Where the tag is
 * already (a crash came between), it stays: work goes on from there, and is not of that moment.
 * @throws FrontdeskError workspace_failed; called again, it does what is left
 */
export async function checkpointWorkspace(git: Git, info: WorkspaceInfo, tag: string): Promise<Checkpoint> {
  const commits: { repository: string; commit: string }[] = [];
  for (const { name, folder } of await listRepositories(info.folder)) {
    const known = await git.read(folder, ['rev-parse', '--verify', '-q', `refs/tags/${tag}^{commit}`]);
    const commit = known ?? (await commitAll(git, name, folder, `Work until ${tag}, saved by Frontdesk`));
    if (known === null)
      await git.must(`Tagging ${name}`, folder, ['update-ref', `refs/tags/${tag}`, commit, '']);
    commits.push({ repository: name, commit });
  }
  return { tag, commits };
}
