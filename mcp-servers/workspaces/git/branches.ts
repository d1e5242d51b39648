import { FrontdeskError } from '../../kit/errors.ts';
import type { Git } from './git.ts';

/** A commit to start from and compare with. */
export interface Base {
  /** A ref, e.g. `refs/remotes/origin/main`. */
  readonly ref: string;
  /** The branch's own name, e.g. `main`. */
  readonly branch: string;
  /** As shown, e.g. `origin/main`. */
  readonly shown: string;
}

/**
 * The repository's default branch: what the remote says, else its usual names there, else the same here, else what is
 * checked out.
 * @throws FrontdeskError workspace_failed when there is no commit at all
 */
export async function findBase(git: Git, repository: string, folder: string): Promise<Base> {
  const head = await git.read(folder, ['symbolic-ref', '-q', 'refs/remotes/origin/HEAD']);
  const candidates = [
    ...(head ? [head] : []),
    'refs/remotes/origin/main',
    'refs/remotes/origin/master',
    'refs/heads/main',
    'refs/heads/master',
  ];
  const found = await git.read(folder, ['for-each-ref', '--format=%(refname)', ...candidates]);
  const there = new Set((found ?? '').split('\n'));
  const ref = candidates.find((each) => there.has(each)) ?? (await readOwnHead(git, folder));
  if (ref === null) {
    throw new FrontdeskError('workspace_failed', `${repository} has no commit yet; make a first one.`);
  }
  return {
    ref,
    branch: ref.replace(/^refs\/(remotes\/origin|heads)\//, ''),
    shown: ref.replace(/^refs\/(remotes|heads)\//, ''),
  };
}

/** The branch of the repository itself, not of the worktree that is asked. */
async function readOwnHead(git: Git, folder: string): Promise<string | null> {
  const shared = await git.read(folder, ['rev-parse', '--path-format=absolute', '--git-common-dir']);
  if (shared === null) return null;
  const ref = await git.read(shared, ['--git-dir', shared, 'symbolic-ref', '-q', 'HEAD']);
  if (ref === null) return null;
  return (await git.read(folder, ['rev-parse', '-q', '--verify', `${ref}^{commit}`])) === null ? null : ref;
}

/** '' when none is checked out. */
export async function readBranch(git: Git, folder: string): Promise<string> {
  return (await git.read(folder, ['symbolic-ref', '-q', '--short', 'HEAD'])) ?? '';
}

export async function hasRef(git: Git, folder: string, ref: string): Promise<boolean> {
  return (await git.read(folder, ['rev-parse', '-q', '--verify', `${ref}^{commit}`])) !== null;
}

export interface Worktree {
  /** Absolute. */
  readonly folder: string;
  /** '' when detached. */
  readonly branch: string;
}

/** All worktrees of a repository, itself first. */
export async function listWorktrees(git: Git, folder: string): Promise<Worktree[]> {
  const text = (await git.read(folder, ['worktree', 'list', '--porcelain', '-z'])) ?? '';
  return text
    .split('\0\0')
    .map((entry) => entry.split('\0'))
    .filter(([first]) => first?.startsWith('worktree '))
    .map((lines) => ({
      folder: (lines[0] ?? '').slice('worktree '.length),
      branch: lines.find((line) => line.startsWith('branch '))?.slice('branch refs/heads/'.length) ?? '',
    }));
}
