import type { WorkspaceInfo } from '../../kit/work.ts';
import { findBase } from '../git/branches.ts';
import type { Git } from '../git/git.ts';
import { listRepositories, type WorkspaceRepository } from '../git/worktree-files.ts';
import { logFormat, parseLog } from './parse-log.ts';
import { readHead } from './read-head.ts';
import type { RepositoryHistory } from './shapes.ts';

/** More than an agent commits between two looks; older ones were told, or are of another time. */
const mostCommits = 200;
const timeoutMs = 30_000;

/** Read as it is, whatever an agent put into the repository's config: nothing is started for it, nothing is left out. */
const plainLog = ['--no-ext-diff', '--no-textconv', '--no-color', '--no-notes', '--encoding=UTF-8'];

/**
 * @param before what was read last: a repository whose head has not moved is not read again
 * @throws FrontdeskError workspace_failed when git cannot tell
 */
export async function readHistory(
  git: Git,
  info: WorkspaceInfo,
  before: readonly RepositoryHistory[],
): Promise<RepositoryHistory[]> {
  const read = (await listRepositories(info.folder)).map(async (repository) => {
    const head = await readHead(git, repository.folder);
    if (head === null) return null;
    const known = before.find((each) => each.repository === repository.name);
    return known?.head === head ? known : await readRepository(git, repository, head);
  });
  return (await Promise.all(read)).filter((each) => each !== null);
}

async function readRepository(
  git: Git,
  { name, folder }: WorkspaceRepository,
  head: string,
): Promise<RepositoryHistory> {
  const base = await findBase(git, name, folder);
  const text = await git.must(
    `Reading the commits of ${name}`,
    folder,
    ['log', '--no-merges', '--shortstat', ...plainLog, logFormat, `-n${mostCommits}`, head, `^${base.ref}`],
    { timeoutMs },
  );
  return { repository: name, head, commits: parseLog(text, name) };
}
