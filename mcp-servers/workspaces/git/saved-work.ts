import { copyFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Git } from './git.ts';

/** Git's index, copied, so that a worktree can be read as if all were added, without touching it. */
export async function withIndexCopy<T>(
  git: Git,
  worktree: string,
  work: (env: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  const what = `Reading ${path.basename(worktree)}`;
  const index = await git.must(what, worktree, [
    'rev-parse',
    '--path-format=absolute',
    '--git-path',
    'index',
  ]);
  const copy = `${index}.frontdesk-${process.pid}-${Math.random().toString(36).slice(2, 10)}`;
  try {
    // Keeps what git knows of unchanged files: 20,000 of them need not be read again.
    await copyFile(index, copy).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    });
    return await work({ GIT_INDEX_FILE: copy });
  } finally {
    await rm(copy, { force: true });
    await rm(`${copy}.lock`, { force: true });
  }
}

export interface SaveResult {
  /** null: there was nothing that a branch does not have. */
  readonly ref: string | null;
  /** Repositories inside it whose content git does not save. */
  readonly nested: readonly string[];
}

/**
 * Puts what is not committed, untracked files included, into a commit under `ref`; likewise commits that no branch has.
 * Worktree, index and branch stay as they are. Files that git ignores are not saved.
 * @throws FrontdeskError workspace_failed: then nothing may be deleted
 */
export async function saveWork(
  git: Git,
  repository: string,
  worktree: string,
  ref: string,
): Promise<SaveResult> {
  const what = `Saving the work in ${repository}`;
  return await withIndexCopy(git, worktree, async (env) => {
    await git.must(what, worktree, ['add', '--all', '--', ':/'], { env });
    const tree = await git.must(what, worktree, ['write-tree'], { env });
    const head = await git.read(worktree, ['rev-parse', '-q', '--verify', 'HEAD^{commit}']);
    const headTree = head && (await git.read(worktree, ['rev-parse', `${head}^{tree}`]));
    const dirty = tree !== headTree;
    const nested = dirty && headTree ? await findNested(git, worktree, headTree, tree) : [];
    if (!dirty && (head === null || !(await isLoose(git, worktree, head)))) return { ref: null, nested };
    const commit = dirty
      ? await git.must(what, worktree, [
          ...author,
          'commit-tree',
          tree,
          ...(head ? ['-p', head] : []),
          '-m',
          message,
        ])
      : (head ?? '');
    await git.must(what, worktree, ['update-ref', ref, commit]);
    return { ref, nested };
  });
}

/** By it our own commits are told from those of agents and people. */
export const ownEmail = 'frontdesk@localhost';

export const author = ['-c', 'user.name=Frontdesk', '-c', `user.email=${ownEmail}`];
const message = 'Uncommitted work, saved by Frontdesk';

/** Whether no branch holds this commit: it would be lost with its worktree. */
async function isLoose(git: Git, worktree: string, commit: string): Promise<boolean> {
  const holders = await git.read(worktree, [
    'for-each-ref',
    '--count=1',
    '--contains',
    commit,
    '--format=%(refname)',
    'refs/heads',
    'refs/remotes',
  ]);
  return holders === '' || holders === null;
}

/** Repositories inside the worktree, which `git add` records as a link only. */
async function findNested(git: Git, worktree: string, from: string, to: string): Promise<string[]> {
  const raw = (await git.read(worktree, ['diff-tree', '-r', '-z', '--no-renames', from, to])) ?? '';
  const fields = raw.split('\0');
  return fields.flatMap((field, at) => (/^:\d+ 160000 /.test(field) ? [fields[at + 1] ?? ''] : []));
}

/** `refs/frontdesk/saved/20261120T044605123Z-<workspace>`; refs of one repository are shared by all its worktrees. */
export function buildSavedRef(now: number, workspace: string): string {
  return `refs/frontdesk/saved/${stampOf(now)}-${workspace}`;
}

/** A time that may stand in names of refs and files. */
export function stampOf(now: number): string {
  return new Date(now).toISOString().replaceAll(/[-:.]/g, '');
}
