import { mkdir, readdir, realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { describeError, FrontdeskError } from '../kit/errors.ts';
import { createLanes } from '../kit/lanes.ts';
import type { WorkspaceInfo } from '../kit/work.ts';
import { checkpointWorkspace } from './checkpoint/checkpoint.ts';
import { rewindWorkspace } from './checkpoint/rewind.ts';
import { cleanUp } from './cleanup.ts';
import type { CreateRequest, WorkspaceProblem, Workspaces } from './contract.ts';
import { diffFile, diffWorkspace } from './diff/diff.ts';
import { createGit } from './git/git.ts';
import { createRun, explain } from './git/run.ts';
import { relink } from './git/worktree-files.ts';
import { readHistory } from './history/history.ts';
import { makeWorkspace } from './make/make.ts';
import { undoLeft, type UndoDeps } from './make/undo.ts';
import { buildWorkspaceName, checkProject, isSameTitle, parseWorkspaceName } from './names.ts';
import type { WorkspacesOptions } from './options.ts';
import { createCatalog } from './projects/catalog.ts';
import { promote } from './promote/promote.ts';
import { resetWorkspace } from './reset.ts';
import { rebuild } from './state/rebuild.ts';
import { createStateFile } from './state/state-file.ts';
import { createStateRepository } from './state/state-repository.ts';

/** Workspaces whose titles begin alike get `-2`, `-3` … */
const maxTurns = 50;
const silent = () => {};

/**
 * Takes back what a killed process left half-made, reads what there is (WS-3), and serves. One service per root.
 * Disposed, it takes back what is being made, lets all else end, and takes nothing new.
 * @throws when `root` is not there or cannot be read
 */
export async function openWorkspaces(options: WorkspacesOptions): Promise<Workspaces & AsyncDisposable> {
  const { github, log, now } = options;
  // Git tells real paths; ours must be the same.
  const root = await realpath(options.root);
  const builders = path.join(root, '.builders');
  const run = createRun(options.environment, options.enclosure);
  const git = createGit(run);
  const repositoriesFolder = options.repositoriesFolder ?? path.join(root, 'repos');
  const catalog = createCatalog({ root, repositoriesFolder, settings: options.projects, log });
  await mkdir(builders, { recursive: true });

  const problems: WorkspaceProblem[] = await clearLeftovers({ builders, git, log });
  const rebuilt = await rebuild({ builders, git, log, now });
  problems.push(...rebuilt.problems);
  const known = new Map(rebuilt.workspaces.map((info) => [info.name, info]));
  for (const info of rebuilt.workspaces) {
    await relink(git, info.folder).catch((error: unknown) =>
      log.warn({ workspace: info.name, reason: describeError(error) }, 'workspaces.relink.failed'),
    );
  }

  /** Long work on one workspace; and its state, which must not wait for that. */
  const work = createLanes();
  const states = createLanes();
  const closing = new AbortController();

  /** Long work on one, whose failure is told in words. */
  const change = async <T>(what: string, name: string, doIt: () => Promise<T>): Promise<T> =>
    await work(name, async () => {
      try {
        return await doIt();
      } catch (error) {
        throw await explain(`${what} ${name}`, builders, error);
      }
    });

  const get = (name: string): WorkspaceInfo => {
    const info = known.get(name);
    if (info) return info;
    const names = [...known.keys()].sort().slice(0, 30).join(', ');
    const there = names === '' ? 'There is none yet.' : `There are: ${names}.`;
    throw new FrontdeskError('workspace_unknown', `"${name.slice(0, 80)}" is none. ${there}`);
  };

  return {
    async [Symbol.asyncDispose]() {
      closing.abort(new FrontdeskError('workspace_failed', 'The service is stopping; start it again then.'));
      await work.settle();
      await states.settle();
    },
    problems,
    projects: () => catalog.read(),
    list: () => [...known.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    find: (name) => known.get(name),
    get,

    async create(request, progress, ended) {
      const signal = AbortSignal.any([ended, closing.signal]);
      const project = checkProject(request.project);
      const wish = { ...request, project };
      if (request.title.trim() === '') throw new FrontdeskError('workspace_invalid', 'It needs a title.');
      for (let turn = 1; turn <= maxTurns; turn += 1) {
        const name =
          request.name === undefined
            ? buildWorkspaceName(project, request.title, turn)
            : parseWorkspaceName(request.name);
        if (work.isBusy(name)) progress(`${name} is being worked on; waiting`);
        const created = await work(name, async () => {
          signal.throwIfAborted();
          const existing = known.get(name);
          if (existing) return isMeant(existing, wish) ? { info: existing, reused: true } : null;
          const made = await makeWorkspace(
            { root, builders, catalog, git, run, log, now },
            name,
            wish,
            progress,
            signal,
          );
          known.set(name, made.info);
          log.info({ workspace: name, reused: made.reused }, 'workspaces.workspace.created');
          return made;
        });
        if (created) return created;
      }
      throw new FrontdeskError(
        'workspace_invalid',
        'Too many workspaces begin like this; choose another title.',
      );
    },

    async reset(name, progress = silent) {
      return await change(
        'Resetting',
        name,
        async () => await resetWorkspace(git, get(name), now(), progress),
      );
    },

    async checkpoint(name, tag) {
      return await change('Saving', name, async () => await checkpointWorkspace(git, get(name), tag));
    },

    async rewind(name, checkpoint, branch) {
      return await change('Going back in', name, async () => {
        const rewound = await rewindWorkspace(git, get(name), checkpoint, branch);
        log.info({ workspace: name, tag: checkpoint.tag, rewound }, 'workspaces.workspace.rewound');
        return rewound;
      });
    },

    async updateState(name, changeState) {
      return await states(name, async () => {
        const info = get(name);
        const after = changeState(info.state);
        if (after === info.state) return after;
        if (after.workspace !== name) throw new Error(`state of ${after.workspace} given to ${name}`);
        await createStateFile(git, info.folder, log).write(info.state, after);
        known.set(name, { ...info, state: after });
        return after;
      });
    },

    diff: async (name) => await diffWorkspace(git, get(name)),
    fileDiff: async (name, file, repository) => await diffFile(git, get(name), file, repository),

    history: async (name, before = []) => await readHistory(git, get(name), before),
    async promote(name, progress = silent) {
      return await change('Promoting', name, async () => {
        const result = await promote({ git, github, builders }, get(name), progress);
        log.info({ workspace: name, result: result.repositories }, 'workspaces.workspace.promoted');
        return result;
      });
    },

    async tidy() {
      for (const { name, folder } of known.values()) {
        if (closing.signal.aborted) return;
        await states(name, async () => {
          // Cleaned up while it waited.
          if (known.has(name)) await createStateRepository(git, folder).pack();
        }).catch((error: unknown) =>
          log.warn({ workspace: name, reason: describeError(error) }, 'workspaces.state.unpacked'),
        );
      }
    },

    async cleanup(name, progress = silent) {
      // One whose state is lost can be cleaned up, too: its worktrees are still there.
      const lost = problems.some(({ workspace, kind }) => workspace === name && kind === 'unrecoverable');
      return await change('Cleaning up', name, async () => {
        const folder =
          lost && !known.has(name) ? path.join(builders, parseWorkspaceName(name)) : get(name).folder;
        // Nobody may write the state into a folder that is being moved.
        return await states(name, async () => {
          const result = await cleanUp({ git, builders, name, folder, now: now(), progress });
          known.delete(name);
          problems.splice(0, problems.length, ...problems.filter(({ workspace }) => workspace !== name));
          log.info({ workspace: name, ...result }, 'workspaces.workspace.cleaned');
          return result;
        });
      });
    },
  };
}

/** The same title, or asked for by name: it is the workspace that is meant. */
function isMeant({ state }: WorkspaceInfo, request: CreateRequest): boolean {
  return request.name !== undefined || isSameTitle(state.title, request.title);
}

/** What killed processes left: half-made workspaces by their journals, and folders without one. */
async function clearLeftovers(deps: UndoDeps): Promise<WorkspaceProblem[]> {
  const { builders } = deps;
  const { undone, failed } = await undoLeft(deps);
  const making = (await readdir(builders)).filter((name) => name.startsWith('.making-'));
  if (making.length === 0) {
    const stray = await readdir(builders);
    const clones = await readdir(path.join(builders, '.repos')).catch(() => []);
    const folders = [
      ...stray.filter((name) => name.startsWith('.tmp-')),
      ...clones.filter((name) => name.startsWith('.tmp-')).map((name) => path.join('.repos', name)),
    ];
    for (const name of folders) await rm(path.join(builders, name), { recursive: true, force: true });
  }
  return [
    ...undone.map((workspace) => ({
      workspace,
      kind: 'leftover' as const,
      detail: `${workspace} was being made when the service ended; it was taken back. Start it again.`,
    })),
    ...failed.map((detail) => ({
      workspace: detail.slice(0, detail.indexOf(':')),
      kind: 'leftover' as const,
      detail: `What was being made when the service ended could not be taken back: ${detail}`,
    })),
  ];
}
