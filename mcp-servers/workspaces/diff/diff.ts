import { describeError, FrontdeskError } from '../../kit/errors.ts';
import type { WorkspaceInfo } from '../../kit/work.ts';
import { findBase, readBranch } from '../git/branches.ts';
import type { Git } from '../git/git.ts';
import { withIndexCopy } from '../git/saved-work.ts';
import { countUncommitted } from '../git/status.ts';
import { listRepositories, type WorkspaceRepository } from '../git/worktree-files.ts';
import { parseRawDiff } from './parse-raw.ts';
import type { FileDiff, RepositoryDiff, WorkspaceDiff } from './shapes.ts';

const shownFiles = 500;
/** Characters of one file's diff: more than anybody reads on a phone, less than a Slack file may be. */
const fileLimit = 60_000;
const timeoutMs = 30_000;

/** Nothing an agent put into attributes or config is started to show a diff. */
const plainDiff = [
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '--ignore-submodules=none',
  '-M',
  '-l2000',
];

export async function diffWorkspace(git: Git, info: WorkspaceInfo): Promise<WorkspaceDiff> {
  const problems: string[] = [];
  const found = await Promise.all(
    (await listRepositories(info.folder)).map(async (repository) => {
      try {
        return await diffRepository(git, repository);
      } catch (error) {
        problems.push(
          `${repository.name}: ${error instanceof FrontdeskError ? error.detail : describeError(error)}`,
        );
        return null;
      }
    }),
  );
  return { workspace: info.name, repositories: found.filter((each) => each !== null), problems };
}

async function diffRepository(git: Git, { name, folder }: WorkspaceRepository): Promise<RepositoryDiff> {
  const base = await findBase(git, name, folder);
  const [branch, commits, uncommitted, last, changes] = await Promise.all([
    readBranch(git, folder),
    git.read(folder, ['rev-list', '--count', `${base.ref}..HEAD`]),
    countUncommitted(git, folder),
    git.read(folder, ['log', '-1', '--format=%cI %s']),
    readChanges(git, name, folder, base.ref),
  ]);
  return {
    repository: name,
    branch,
    base: base.shown,
    commits: Number(commits ?? 0),
    uncommitted,
    lastCommit: last
      ? { at: last.slice(0, last.indexOf(' ')), subject: last.slice(last.indexOf(' ') + 1) }
      : null,
    added: changes.reduce((sum, { added }) => sum + added, 0),
    removed: changes.reduce((sum, { removed }) => sum + removed, 0),
    files: changes.length,
    changes: changes.slice(0, shownFiles),
  };
}

async function readChanges(git: Git, name: string, folder: string, base: string) {
  const what = `Comparing ${name}`;
  const from = await findMergeBase(git, folder, base);
  return await withIndexCopy(git, folder, async (env) => {
    await markNew(git, folder, env);
    const args = ['diff', ...plainDiff, '--raw', '--numstat', '--no-abbrev', '-z', from, '--'];
    return parseRawDiff(await git.must(what, folder, args, { env, timeoutMs }));
  });
}

/** So that untracked files count as new, and a moved one as renamed; their content is not stored. */
async function markNew(git: Git, folder: string, env: Readonly<Record<string, string>>): Promise<void> {
  // A file that cannot be read must not hide all others.
  await git.ask(folder, ['add', '--intent-to-add', '--ignore-errors', '--', ':/'], { env, timeoutMs });
}

async function findMergeBase(git: Git, folder: string, base: string): Promise<string> {
  return (await git.read(folder, ['merge-base', base, 'HEAD'])) ?? base;
}

/** @throws FrontdeskError workspace_invalid when no repository has changes there, or several have */
export async function diffFile(
  git: Git,
  info: WorkspaceInfo,
  file: string,
  repository?: string,
): Promise<FileDiff> {
  const path = file.replace(/^\.\//, '');
  const { repositories } = await diffWorkspace(git, info);
  if (repository !== undefined && !repositories.some((each) => each.repository === repository)) {
    const names = repositories.map((each) => each.repository).join(', ');
    throw new FrontdeskError(
      'workspace_invalid',
      `${info.name} has no repository "${repository}"; it has ${names}.`,
    );
  }
  const changed = repositories.filter(
    (each) =>
      (repository === undefined || each.repository === repository) &&
      each.changes.some((change) => change.path === path || change.from === path),
  );
  const [found, ...others] = changed;
  if (found === undefined) {
    throw new FrontdeskError('workspace_invalid', `"${path.slice(0, 200)}" has no changes in ${info.name}.`);
  }
  if (others.length > 0) {
    const names = changed.map((each) => each.repository).join(', ');
    throw new FrontdeskError(
      'workspace_invalid',
      `"${path}" is changed in ${names}; say in which repository.`,
    );
  }
  const { folder } =
    (await listRepositories(info.folder)).find((each) => each.name === found.repository) ?? info;
  const change = found.changes.find((each) => each.path === path || each.from === path);
  const paths = [change?.path ?? path, ...(change?.from === undefined ? [] : [change.from])];
  return await readFileDiff(git, found.repository, folder, paths);
}

async function readFileDiff(
  git: Git,
  repository: string,
  folder: string,
  paths: string[],
): Promise<FileDiff> {
  const base = await findMergeBase(git, folder, (await findBase(git, repository, folder)).ref);
  return await withIndexCopy(git, folder, async (env) => {
    await markNew(git, folder, env);
    const literal = paths.map((each) => `:(top,literal)${each}`);
    const { stdout, cut } = await git.ask(folder, ['diff', ...plainDiff, base, '--', ...literal], {
      env,
      timeoutMs,
      maxOutput: fileLimit * 4,
    });
    const truncated = cut || stdout.length > fileLimit;
    return { repository, path: paths[0] ?? '', text: stdout.slice(0, fileLimit), truncated };
  });
}
