import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Git } from '../git/git.ts';
import type { RunResult } from '../git/run.ts';

export interface Push {
  /** The worktree. */
  readonly folder: string;
  readonly branch: string;
  /** Of the remote, as configured. */
  readonly address: string;
  /** Of git, with the token in it; empty: git's own credentials. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Pushes a branch to the branch of that name, never by force. Beside a token it goes out from an empty repository that
 * borrows the objects of this one: agents can write this one's configuration, and with a proxy, a certificate or a helper
 * program of theirs in it the token would be theirs.
 */
export async function pushBranch(git: Git, { folder, branch, address, env }: Push): Promise<RunResult> {
  const to = `refs/heads/${branch}`;
  if (Object.keys(env).length === 0)
    return await git.ask(folder, ['push', '--porcelain', 'origin', `${to}:${to}`]);
  const what = `Pushing ${branch}`;
  const shared = await git.must(what, folder, ['rev-parse', '--path-format=absolute', '--git-common-dir']);
  const commit = await git.must(what, folder, ['rev-parse', '--verify', '-q', `${to}^{commit}`]);
  const clean = await mkdtemp(path.join(tmpdir(), 'frontdesk-push-'));
  try {
    await git.must(what, clean, ['init', '-q', '--bare', '--template=', '.']);
    await writeFile(path.join(clean, 'objects', 'info', 'alternates'), `${path.join(shared, 'objects')}\n`);
    // Of a shallow clone: where its history ends.
    await copyFile(path.join(shared, 'shallow'), path.join(clean, 'shallow')).catch(ignoreMissing);
    const pushed = await git.ask(clean, ['push', '--porcelain', '--', address, `${commit}:${to}`], { env });
    // As a push from here would have noted it.
    if (pushed.ok) await git.ask(folder, ['update-ref', `refs/remotes/origin/${branch}`, commit]);
    return pushed;
  } finally {
    await rm(clean, { recursive: true, force: true });
  }
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
