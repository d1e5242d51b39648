import { mkdir, rename, stat } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { describeError, FrontdeskError } from '../../kit/errors.ts';
import type { Log } from '../../kit/log.ts';
import { syncFolder } from '../../kit/store/document-file.ts';
import { readProcessStart } from '../../kit/store/process-start.ts';
import type { Progress, WorkspaceInfo, WorkspaceState } from '../../kit/work.ts';
import type { CreateRequest } from '../contract.ts';
import { readBranch } from '../git/branches.ts';
import type { Git } from '../git/git.ts';
import { explain, type Run } from '../git/run.ts';
import { listRepositories, relink } from '../git/worktree-files.ts';
import type { Catalog } from '../projects/catalog.ts';
import type { Source } from '../projects/sources.ts';
import { findSetAside } from '../state/rebuild.ts';
import { createStateFile } from '../state/state-file.ts';
import { addWorktree } from './add-worktree.ts';
import { branchOf } from './branch-name.ts';
import { hasInitTask, runInitTask, taskName } from './go-task.ts';
import { type Journal, removeJournal, writeJournal } from './journal.ts';
import { makingVariable } from '../../kit/marked-processes.ts';
import { openRepository } from './own-clone.ts';
import { undo } from './undo.ts';

export interface MakeDeps {
  readonly root: string;
  readonly builders: string;
  readonly catalog: Catalog;
  readonly git: Git;
  readonly run: Run;
  readonly log: Log;
  readonly now: () => number;
}

/**
 * Makes a workspace that is not known yet: whole, or not at all. A folder that is there with worktrees is taken over.
 * @throws FrontdeskError, or the signal's reason; nothing is left then
 */
export async function makeWorkspace(
  deps: MakeDeps,
  name: string,
  request: CreateRequest,
  progress: Progress,
  signal: AbortSignal,
): Promise<{ readonly info: WorkspaceInfo; readonly reused: boolean }> {
  const folder = path.join(deps.builders, name);
  if (await stat(folder).catch(() => null)) {
    return { info: await adopt(deps, name, folder, request), reused: true };
  }
  const byTask = await hasInitTask(deps.root);
  const sources = await deps.catalog.resolve(request.project, request.repositories, byTask);
  const id = randomUUID();
  const env = { [makingVariable]: id };
  const making = { deps, name, folder, request, sources, progress, signal, env };
  const repositories = await openRepositories(making, byTask);
  const temporary = path.join(deps.builders, `.tmp-${name}-${id.slice(0, 8)}`);
  const journal: Journal = {
    workspace: name,
    id,
    pid: process.pid,
    start: (await readProcessStart(process.pid)) ?? '',
    folders: [byTask ? folder : temporary],
    repositories,
  };
  try {
    await writeJournal(deps.builders, journal);
    const info = byTask ? await makeByTask(making) : await makeByWorktrees(making, temporary, repositories);
    await removeJournal(deps.builders, name);
    return { info, reused: false };
  } catch (error) {
    // Before it is taken back, which frees space.
    const reason = await explain(`Making ${name}`, deps.builders, error);
    await undo(deps, journal).catch((failure: unknown) => {
      // The journal is still there: the next start tries again.
      deps.log.error({ workspace: name, reason: describeError(failure) }, 'workspaces.undo.failed');
    });
    throw reason;
  }
}

interface Making {
  readonly deps: MakeDeps;
  readonly name: string;
  /** Of the workspace to be. */
  readonly folder: string;
  readonly request: CreateRequest;
  readonly sources: readonly Source[];
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly env: Readonly<Record<string, string>>;
}

/** The repositories worktrees will be added to, with the branches they have before. */
async function openRepositories(making: Making, byTask: boolean): Promise<Journal['repositories']> {
  const { deps, sources } = making;
  const opened: Journal['repositories'] = [];
  for (const source of sources) {
    if (source.kind === 'named' || (byTask && source.kind === 'remote')) continue;
    const folder = await openRepository(deps.git, deps.builders, source, making);
    const list = ['for-each-ref', '--format=%(refname:short)', 'refs/heads'];
    const branches = await deps.git.must(`Reading ${source.name}`, folder, list);
    opened.push({ name: source.name, folder, branches: branches.split('\n').filter(Boolean) });
  }
  return opened;
}

/** In a folder beside, renamed when all is in it: a workspace is never seen half-made. */
async function makeByWorktrees(
  making: Making,
  temporary: string,
  repositories: Journal['repositories'],
): Promise<WorkspaceInfo> {
  const { deps, name, folder, signal } = making;
  await mkdir(path.join(temporary, 'repos'), { recursive: true });
  for (const { name: repository, folder: from } of repositories) {
    const request = {
      name: repository,
      repository: from,
      folder: path.join(temporary, 'repos', repository),
      branch: branchOf(name),
    };
    await addWorktree(deps.git, request, making);
  }
  const state = buildState(making, branchOf(name));
  await createStateFile(deps.git, temporary, deps.log).write(null, state);
  signal.throwIfAborted();
  await rename(temporary, folder);
  // From here on it is whole: whoever finds the journal finishes it.
  await syncFolder(deps.builders);
  await relink(deps.git, folder);
  return { name, folder, state };
}

/** The person's own task makes `.builders/<name>/repos/<repository>`; we add the state. */
async function makeByTask(making: Making): Promise<WorkspaceInfo> {
  const { deps, name, folder, sources, signal } = making;
  const repositories = sources.map((source) => source.name);
  await runInitTask(deps.run, { ...making, root: deps.root, workspace: name, repositories });
  const made = await listRepositories(folder);
  const lacking = repositories.filter((each) => !made.some((repository) => repository.name === each));
  if (lacking.length > 0) {
    const detail = `task ${taskName} ended well, but ${folder}/repos has no ${lacking.join(', ')}.`;
    throw new FrontdeskError('workspace_failed', detail);
  }
  const branch = await settleBranch(making, made[0]?.folder ?? folder);
  const state = buildState(making, branch);
  signal.throwIfAborted();
  await createStateFile(deps.git, folder, deps.log).write(null, state);
  return { name, folder, state };
}

/** The task's branch; a worktree that it left without one gets ours, or its commits would belong to nobody. */
async function settleBranch({ deps, name, folder }: Making, first: string): Promise<string> {
  const branch = branchOf(name);
  for (const repository of await listRepositories(folder)) {
    if ((await readBranch(deps.git, repository.folder)) !== '') continue;
    const what = `Making branch ${branch} in ${repository.name}`;
    await deps.git.must(what, repository.folder, ['switch', '--quiet', '-c', branch]);
  }
  return await readBranch(deps.git, first);
}

/** A folder somebody made by hand (`task builder:init`) becomes a workspace as it is. */
async function adopt(
  deps: MakeDeps,
  name: string,
  folder: string,
  request: CreateRequest,
): Promise<WorkspaceInfo> {
  const aside = await findSetAside(folder);
  if (aside !== undefined) {
    const detail = `The state of ${name} could not be read and is kept as ${aside}. Mend it and name it .session-state.yaml, or clean the workspace up.`;
    throw new FrontdeskError('workspace_failed', detail);
  }
  const repositories = await listRepositories(folder);
  const [first] = repositories;
  if (first === undefined) {
    const detail = `${folder} is there and is no workspace; move it away, or choose another title.`;
    throw new FrontdeskError('workspace_invalid', detail);
  }
  const making = { deps, name, request, sources: repositories };
  const state = buildState(making, await readBranch(deps.git, first.folder));
  await createStateFile(deps.git, folder, deps.log).write(null, state);
  return { name, folder, state };
}

function buildState(
  {
    deps,
    name,
    request,
    sources,
  }: Pick<Making, 'deps' | 'name' | 'request'> & {
    readonly sources: readonly { readonly name: string }[];
  },
  branch: string,
): WorkspaceState {
  return {
    version: 1,
    workspace: name,
    project: request.project,
    title: request.title.trim(),
    description: request.description ?? '',
    priority: request.priority ?? 'normal',
    repositories: sources.map((source) => source.name),
    branch,
    createdBy: request.createdBy,
    createdAt: new Date(deps.now()).toISOString(),
    thread: null,
    eventUpdates: false,
    routing: null,
    session: null,
  };
}
