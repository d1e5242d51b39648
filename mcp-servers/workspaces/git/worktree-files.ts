import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { readBounded } from '../../kit/read-bounded.ts';
import type { Git } from './git.ts';

export interface WorkspaceRepository {
  readonly name: string;
  /** Absolute folder of the worktree (or clone, when a task made one). */
  readonly folder: string;
}

/** What is in `repos/` of a workspace and is git's. */
export async function listRepositories(workspaceFolder: string): Promise<WorkspaceRepository[]> {
  const repos = path.join(workspaceFolder, 'repos');
  const entries = await readdir(repos, { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries
      .filter((entry) => entry.isDirectory())
      .map(async ({ name }) => {
        const inside = await readdir(path.join(repos, name)).catch((): string[] => []);
        return inside.includes('.git') ? { name, folder: path.join(repos, name) } : null;
      }),
  );
  return found.filter((each) => each !== null).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Where git keeps a worktree's own files, from its `.git` file; null for a clone. */
export async function readGitDir(worktree: string): Promise<string | null> {
  const text = await readBounded(path.join(worktree, '.git'), { within: worktree, most: 8192 });
  const folder = text === null ? undefined : /^gitdir: (.*)$/m.exec(text)?.[1];
  return folder === undefined ? null : path.resolve(worktree, folder);
}

/** The repository a worktree belongs to (its git folder); null for a clone, and when the repository is gone. */
export async function readRepositoryOf(worktree: string): Promise<string | null> {
  const own = await readGitDir(worktree);
  if (own === null || path.basename(path.dirname(own)) !== 'worktrees') return null;
  const repository = path.dirname(path.dirname(own));
  return (await stat(repository).catch(() => null)) === null ? null : repository;
}

/**
 * A worktree whose folder was renamed is told to its repository, which would otherwise take it for gone and forget it.
 * Costs two small reads when all is well.
 */
export async function relink(git: Git, workspaceFolder: string): Promise<void> {
  for (const { folder } of await listRepositories(workspaceFolder)) {
    const own = await readGitDir(folder);
    const repository = await readRepositoryOf(folder);
    if (own === null || repository === null) continue;
    const known = (await readFile(path.join(own, 'gitdir'), 'utf8').catch(() => '')).trim();
    const real = await realpath(folder);
    if (known === path.join(folder, '.git') || known === path.join(real, '.git')) continue;
    await git.must(`Linking ${folder}`, repository, ['worktree', 'repair', folder]);
  }
}
