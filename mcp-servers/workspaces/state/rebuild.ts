import { readdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { describeError } from '../../kit/errors.ts';
import type { Log } from '../../kit/log.ts';
import type { WorkspaceInfo } from '../../kit/work.ts';
import type { WorkspaceProblem } from '../contract.ts';
import type { Git } from '../git/git.ts';
import { stampOf } from '../git/saved-work.ts';
import { isWorkspaceName } from '../names.ts';
import { createStateFile } from './state-file.ts';
import { createStateRepository } from './state-repository.ts';
import { parseState, stateFileName } from './state-text.ts';

export interface Rebuilt {
  readonly workspaces: readonly WorkspaceInfo[];
  readonly problems: readonly WorkspaceProblem[];
}

export interface RebuildOptions {
  readonly builders: string;
  readonly git: Git;
  readonly log: Log;
  readonly now: () => number;
}

type Found = { readonly info?: WorkspaceInfo; readonly problem?: WorkspaceProblem };

/** Reads every workspace below `.builders/`. One that cannot be read is restored from its history or set aside. */
export async function rebuild(options: RebuildOptions): Promise<Rebuilt> {
  const entries = await readdir(options.builders, { withFileTypes: true }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  const names = entries
    .filter((entry) => entry.isDirectory() && isWorkspaceName(entry.name))
    .map(({ name }) => name);
  const found: Found[] = [];
  // One after the other: at start the disk has other readers, too.
  for (const name of names.sort()) {
    found.push(
      await readOne(options, name).catch((error: unknown) => unreadable(name, describeError(error))),
    );
  }
  for (const { problem } of found) if (problem) options.log.warn({ ...problem }, 'workspaces.state.problem');
  return {
    workspaces: found.flatMap(({ info }) => (info ? [info] : [])),
    problems: found.flatMap(({ problem }) => (problem ? [problem] : [])),
  };
}

async function readOne(options: RebuildOptions, name: string): Promise<Found> {
  const { builders, git, log } = options;
  const folder = path.join(builders, name);
  const repository = createStateRepository(git, folder);
  await repository.unlock();
  const text = await createStateFile(git, folder, log).read();
  const parsed = text === null ? null : parseState(text, name);
  if (parsed && 'state' in parsed) return { info: { name, folder, state: parsed.state } };

  // No file: a folder that was never ours, or one whose file was set aside or lost.
  const reason = parsed ? parsed.reason : 'the file is missing';
  const movedTo = parsed ? await setAside(folder, options.now()) : await findSetAside(folder);
  const good = await repository.lastGood(name);
  if (good === null) return movedTo === undefined ? {} : unreadable(name, reason, movedTo);
  await createStateFile(git, folder, log).write({ ...good.state, restored: reason }, good.state);
  return {
    info: { name, folder, state: good.state },
    problem: {
      workspace: name,
      kind: 'restored',
      detail: `The state of ${name} could not be read (${reason}); it was restored as of ${good.at}.`,
      ...(movedTo === undefined ? {} : { movedTo }),
    },
  };
}

function unreadable(name: string, reason: string, movedTo?: string): Found {
  const kept = movedTo === undefined ? '' : ` The file is kept as ${movedTo}.`;
  const detail = `The state of ${name} cannot be recovered: ${reason}.${kept} Its worktrees are untouched.`;
  return {
    problem: {
      workspace: name,
      kind: 'unrecoverable',
      detail,
      ...(movedTo === undefined ? {} : { movedTo }),
    },
  };
}

const asidePrefix = `${stateFileName}.corrupt-`;

async function setAside(folder: string, now: number): Promise<string> {
  const target = path.join(folder, `${asidePrefix}${stampOf(now)}`);
  await rename(path.join(folder, stateFileName), target);
  return target;
}

/** Where an earlier start put the unreadable file. */
export async function findSetAside(folder: string): Promise<string | undefined> {
  const names = await readdir(folder).catch(() => []);
  const last = names
    .filter((name) => name.startsWith(asidePrefix))
    .sort()
    .at(-1);
  return last === undefined ? undefined : path.join(folder, last);
}
