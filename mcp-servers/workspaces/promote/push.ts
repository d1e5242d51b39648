import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Git } from '../git/git.ts';
import { maskAddress, type RunResult } from '../git/run.ts';

export interface Push {
  /** The worktree. */
  readonly folder: string;
  readonly branch: string;
  /** Of the remote, as configured. */
  readonly address: string;
  /** Of git, with the token in it; empty: git's own credentials. */
  readonly env: Readonly<Record<string, string>>;
  /** Where workspaces are made: near the repositories, so that what a person's own git configuration includes by folder counts. */
  readonly builders: string;
}

/**
 * In a repository on this machine git starts what that one's configuration and hooks name; an agent may have written it, and
 * the address, too. For other remotes it is their own business.
 */
const receivePack = [
  'git',
  ...[
    'core.hooksPath=/dev/null',
    'core.alternateRefsCommand=true',
    'receive.denyCurrentBranch=refuse',
  ].flatMap((setting) => ['-c', setting]),
  'receive-pack',
].join(' ');

/**
 * Pushes a branch to the branch of that name, never by force. It goes out from an empty repository that borrows the objects of
 * this one: agents can write this one's configuration, and with a proxy, a helper program, another ssh or a hook of theirs in
 * it, ours and the person's credentials would be theirs. What the person's own configuration says counts.
 */
export async function pushBranch(git: Git, push: Push): Promise<RunResult> {
  const { folder, branch, address, env, builders } = push;
  const to = `refs/heads/${branch}`;
  const what = `Pushing ${branch}`;
  const about = ['rev-parse', '--path-format=absolute', '--git-common-dir', '--show-object-format'];
  const [shared = '', format = ''] = (await git.must(what, folder, about)).split('\n');
  const commit = await git.must(what, folder, ['rev-parse', '--verify', '-q', `${to}^{commit}`]);
  // Left by a kill, it goes with the next start's other leftovers.
  const clean = await mkdtemp(path.join(builders, '.tmp-push-'));
  try {
    await git.must(what, clean, ['init', '-q', '--bare', '--template=', `--object-format=${format}`, '.']);
    await writeFile(path.join(clean, 'objects', 'info', 'alternates'), `${path.join(shared, 'objects')}\n`);
    // Of a shallow clone: where its history ends.
    await copyFile(path.join(shared, 'shallow'), path.join(clean, 'shallow')).catch(ignoreMissing);
    // A path counts from where it was written.
    const local = isPath(address) ? path.resolve(folder, address) : address;
    const guarded = isPath(address) || address.startsWith('file:') ? [`--receive-pack=${receivePack}`] : [];
    const args = ['push', '--porcelain', ...guarded, '--', local, `${commit}:${to}`];
    const pushed = await git.ask(clean, args, { env });
    // As a push from here would have noted it.
    if (pushed.ok) await git.ask(folder, ['update-ref', `refs/remotes/origin/${branch}`, commit]);
    return pushed;
  } finally {
    await rm(clean, { recursive: true, force: true });
  }
}

/** As git tells them apart: `host:path` goes over ssh, `x::y` to a helper. */
function isPath(address: string): boolean {
  return /^[^:]*(\/|$)/.test(address);
}

/** Of a repository's own configuration: what a push from it would obey, and ours does not. */
const unused = String.raw`^(credential|http|url|remote\.origin\.pushurl|core\.(sshcommand|gitproxy|askpass))`;

/** @returns the names of what a repository's own configuration says about pushing, in git's spelling */
export async function readUnused(git: Git, folder: string): Promise<string[]> {
  const names = await git.read(folder, ['config', '--local', '--name-only', '--get-regexp', unused]);
  return [...new Set((names ?? '').split('\n').filter(Boolean))].map(maskAddress);
}

/** Large files are elsewhere, and a hook of git-lfs, which ours does not run, would push them. */
export async function usesLfs(git: Git, folder: string): Promise<boolean> {
  return (await git.read(folder, ['show', 'HEAD:.gitattributes']))?.includes('filter=lfs') ?? false;
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
