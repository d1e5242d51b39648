import { FrontdeskError } from '../../kit/errors.ts';
import type { WorkspaceInfo } from '../../kit/work.ts';
import type { Checkpoint, Rewound } from '../contract.ts';
import type { Git } from '../git/git.ts';
import { listRepositories } from '../git/worktree-files.ts';
import { commitAll } from './commit-all.ts';

/**
 * AS-4, [Redo from there]: what was done since the checkpoint, committed or not, goes to a branch of its own in each repository
 * that has any, and the workspace's branch is set back. Repositories that came later stay as they are. Nobody may work in it.
 * Done again after a crash, it does what is left.
 * @throws FrontdeskError workspace_failed; no repository is set back before all of them are kept
 */
export async function rewindWorkspace(
  git: Git,
  info: WorkspaceInfo,
  checkpoint: Checkpoint,
  branch: string,
): Promise<Rewound[]> {
  const plans: { name: string; folder: string; commit: string; branch: string | null }[] = [];
  for (const { name, folder } of await listRepositories(info.folder)) {
    const kept = checkpoint.commits.find(({ repository }) => repository === name);
    if (kept === undefined) continue;
    const what = `Going back in ${name}`;
    if ((await git.read(folder, ['rev-parse', '--verify', '-q', `${kept.commit}^{commit}`])) === null)
      throw new FrontdeskError('workspace_failed', `${what}: ${checkpoint.tag} is not there any more.`);
    const now = await commitAll(git, name, folder, `Work on what was assumed, saved by Frontdesk`);
    const tip = await git.read(folder, ['rev-parse', '--verify', '-q', `refs/heads/${info.state.branch}`]);
    let at: string | null = null;
    // The branch's own end, too, when something else is checked out.
    for (const commit of new Set([now, tip ?? now]))
      if (!(await isIn(git, folder, commit, kept.commit))) at = await keep(git, name, folder, commit, branch);
    plans.push({ name, folder, commit: kept.commit, branch: at ?? (await existing(git, folder, branch)) });
  }
  for (const { name, folder, commit } of plans) {
    const what = `Going back in ${name}`;
    await git.ask(folder, ['rebase', '--quit']);
    await git.must(what, folder, ['reset', '--hard', '--quiet', 'HEAD']);
    await git.must(what, folder, ['checkout', '--quiet', '--force', '-B', info.state.branch, commit, '--']);
  }
  return plans.map(({ name, branch: kept }) => ({ repository: name, branch: kept }));
}

/** Every commit is on a branch: this one when it can be moved there, else the next free of that name. @returns which */
async function keep(git: Git, name: string, folder: string, commit: string, wanted: string): Promise<string> {
  for (let turn = 1; ; turn += 1) {
    const branch = turn === 1 ? wanted : `${wanted}-${turn}`;
    const there = await git.read(folder, ['rev-parse', '--verify', '-q', `refs/heads/${branch}`]);
    if (there !== null && (await isIn(git, folder, commit, there))) return branch;
    if (there !== null && !(await isIn(git, folder, there, commit))) continue;
    await git.must(`Keeping the work in ${name}`, folder, [
      'update-ref',
      `refs/heads/${branch}`,
      commit,
      there ?? '',
    ]);
    return branch;
  }
}

async function existing(git: Git, folder: string, branch: string): Promise<string | null> {
  const there = await git.read(folder, ['rev-parse', '--verify', '-q', `refs/heads/${branch}`]);
  return there === null ? null : branch;
}

async function isIn(git: Git, folder: string, commit: string, whole: string): Promise<boolean> {
  return (await git.ask(folder, ['merge-base', '--is-ancestor', commit, whole])).ok;
}
