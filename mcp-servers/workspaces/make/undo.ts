import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { describeError } from '../../kit/errors.ts';
import type { Log } from '../../kit/log.ts';
import { hasRef, listWorktrees } from '../git/branches.ts';
import type { Git } from '../git/git.ts';
import { listRepositories, readRepositoryOf, relink } from '../git/worktree-files.ts';
import { stateFileName } from '../state/state-text.ts';
import { branchOf } from './branch-name.ts';
import { isBelow, type Journal, readLeftJournals, removeJournal } from './journal.ts';
import { endMarked, makingVariable } from '../../kit/marked-processes.ts';

export interface UndoDeps {
  readonly builders: string;
  readonly git: Git;
  readonly log: Log;
}

/** Takes back all that a making has made. Can be repeated; the journal goes last. */
export async function undo({ builders, git, log }: UndoDeps, journal: Journal): Promise<void> {
  await endMarked(makingVariable, journal.id);
  const folders = journal.folders.filter((folder) => isBelow(builders, folder));
  for (const { folder: repository, branches } of await involved(journal, folders)) {
    const made = new Set([branchOf(journal.workspace)]);
    for (const worktree of await listWorktrees(git, repository)) {
      if (!folders.some((folder) => worktree.folder.startsWith(folder + path.sep))) continue;
      if (worktree.branch !== '') made.add(worktree.branch);
      // Twice: git locks a worktree while it makes it.
      const { ok, stderr } = await git.ask(repository, [
        'worktree',
        'remove',
        '--force',
        '--force',
        worktree.folder,
      ]);
      if (!ok) {
        // What a killed git left half-made it does not remove, but it forgets it once the folder is gone.
        log.info({ folder: worktree.folder, stderr }, 'workspaces.undo.forced');
        await rm(worktree.folder, { recursive: true, force: true });
        await git.ask(repository, ['worktree', 'unlock', worktree.folder]);
        await git.ask(repository, ['worktree', 'prune']);
      }
    }
    for (const branch of made) {
      const before = branches?.includes(branch) ?? branch !== branchOf(journal.workspace);
      if (before || !(await hasRef(git, repository, `refs/heads/${branch}`))) continue;
      const { ok, stderr } = await git.ask(repository, ['branch', '-D', '--', branch]);
      if (!ok) log.warn({ repository, branch, stderr }, 'workspaces.undo.branch_kept');
    }
  }
  for (const folder of folders) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  await removeJournal(builders, journal.workspace);
}

/** Repositories named in the journal, and those of worktrees a task made without our knowing. */
async function involved(journal: Journal, folders: readonly string[]) {
  const found = new Map<string, { folder: string; branches: readonly string[] | null }>();
  for (const { folder, branches } of journal.repositories) found.set(folder, { folder, branches });
  for (const folder of folders) {
    for (const worktree of await listRepositories(folder)) {
      const repository = await readRepositoryOf(worktree.folder);
      if (repository === null || found.has(repository) || found.has(path.dirname(repository))) continue;
      found.set(repository, { folder: repository, branches: null });
    }
  }
  const there = await Promise.all(
    [...found.values()].map(async (each) => ((await stat(each.folder).catch(() => null)) ? each : null)),
  );
  return there.filter((each) => each !== null);
}

/**
 * At start: makings that were cut short are taken back; one that only lacked its last step is finished.
 * @returns names of workspaces that were taken back
 */
export async function undoLeft(
  deps: UndoDeps,
): Promise<{ readonly undone: string[]; readonly failed: string[] }> {
  const undone: string[] = [];
  const failed: string[] = [];
  for (const journal of await readLeftJournals(deps.builders)) {
    const folder = path.join(deps.builders, journal.workspace);
    try {
      await endMarked(makingVariable, journal.id);
      if (await stat(path.join(folder, stateFileName)).catch(() => null)) {
        // The state is written into it last, so it is whole.
        await relink(deps.git, folder);
        const left = journal.folders.filter((each) => each !== folder && isBelow(deps.builders, each));
        for (const each of left) await rm(each, { recursive: true, force: true });
        await removeJournal(deps.builders, journal.workspace);
      } else {
        await undo(deps, journal);
        undone.push(journal.workspace);
      }
    } catch (error) {
      deps.log.error(
        { workspace: journal.workspace, reason: describeError(error) },
        'workspaces.undo.failed',
      );
      failed.push(`${journal.workspace}: ${describeError(error)}`);
    }
  }
  return { undone, failed };
}
