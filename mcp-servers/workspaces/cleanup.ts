import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { FrontdeskError } from '../kit/errors.ts';
import { syncFolder } from '../kit/store/document-file.ts';
import type { Progress } from '../kit/work.ts';
import type { CleanupResult, SavedWork } from './contract.ts';
import { findBase, readBranch } from './git/branches.ts';
import type { Git } from './git/git.ts';
import { buildSavedRef, saveWork, stampOf } from './git/saved-work.ts';
import { listRepositories, readRepositoryOf, type WorkspaceRepository } from './git/worktree-files.ts';

export interface CleanupOptions {
  readonly git: Git;
  readonly builders: string;
  readonly name: string;
  readonly folder: string;
  readonly now: number;
  readonly progress: Progress;
}

/** Saves everything first; only then is anything removed. Can be repeated after it was cut short. */
export async function cleanUp(options: CleanupOptions): Promise<CleanupResult> {
  const { git, builders, name, folder, now, progress } = options;
  const repositories = await listRepositories(folder);
  const saved = await saveAll(options, repositories);
  const branches: CleanupResult['branches'][number][] = [];
  for (const repository of repositories) {
    progress(`Removing ${repository.name}`);
    branches.push(...(await removeWorktree(git, repository)));
  }
  const archive = path.join(builders, '.archive', `${name}-${stampOf(now)}`);
  await mkdir(path.dirname(archive), { recursive: true });
  await rename(folder, archive);
  await syncFolder(builders);
  return { archive, saved, branches };
}

async function saveAll(
  { git, name, now, progress }: CleanupOptions,
  repositories: readonly WorkspaceRepository[],
): Promise<SavedWork[]> {
  const ref = buildSavedRef(now, name);
  const saved: SavedWork[] = [];
  for (const repository of repositories) {
    // A clone, and what is left of a repository that is gone, is kept with the archive as it is.
    if ((await readRepositoryOf(repository.folder)) === null) continue;
    progress(`Saving what is not committed in ${repository.name}`);
    const result = await saveWork(git, repository.name, repository.folder, ref);
    if (result.nested.length > 0) {
      const detail = `${repository.name} contains repositories of its own that cannot be saved: ${result.nested.join(', ')}. Move or remove them first.`;
      throw new FrontdeskError('workspace_failed', detail);
    }
    if (result.ref !== null) saved.push({ repository: repository.name, ref: result.ref });
  }
  return saved;
}

async function removeWorktree(
  git: Git,
  { name, folder }: WorkspaceRepository,
): Promise<CleanupResult['branches'][number][]> {
  const repository = await readRepositoryOf(folder);
  if (repository === null) return [];
  const branch = await readBranch(git, folder);
  const base = await findBase(git, name, folder).catch(() => null);
  const isDefault = base?.branch === branch;
  const merged =
    base !== null && branch !== '' && !isDefault
      ? (await git.ask(folder, ['merge-base', '--is-ancestor', `refs/heads/${branch}`, base.ref])).ok
      : false;
  await git.must(`Removing ${name}`, repository, ['worktree', 'remove', '--force', '--force', folder]);
  await rm(folder, { recursive: true, force: true });
  if (branch === '' || isDefault) return [];
  if (!merged) {
    return [
      { repository: name, branch, removed: false, reason: `not merged into ${base?.shown ?? 'anything'}` },
    ];
  }
  const { ok } = await git.ask(repository, ['branch', '-D', '--', branch]);
  const reason = ok ? `merged into ${base?.shown ?? ''}` : 'in use elsewhere';
  return [{ repository: name, branch, removed: ok, reason }];
}
