import { createHash } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Progress } from '../../kit/work.ts';
import type { Git } from '../git/git.ts';
import type { Source } from '../projects/sources.ts';

export interface CloneOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/**
 * The repository that worktrees are added to. A remote is cloned once, without files, below `.builders/.repos`, and kept:
 * other workspaces use it, too.
 * @returns its absolute folder
 */
export async function openRepository(
  git: Git,
  builders: string,
  source: Exclude<Source, { kind: 'named' }>,
  { env, signal, progress }: CloneOptions,
): Promise<string> {
  if (source.kind === 'clone') return source.folder;
  const hash = createHash('sha256').update(source.address).digest('hex').slice(0, 8);
  const folder = path.join(builders, '.repos', `${source.name}-${hash}`);
  if (await stat(folder).catch(() => null)) return folder;
  progress(`Cloning ${source.name}`);
  const temporary = path.join(builders, '.repos', `.tmp-${source.name}-${hash}-${process.pid}-${Date.now()}`);
  try {
    await mkdir(path.dirname(folder), { recursive: true });
    const args = ['clone', '--quiet', '--no-checkout', '--', source.address, temporary];
    await git.must(`Cloning ${source.name}`, builders, args, { env, signal });
    // Nobody works in it: no branch of it may block a worktree.
    await git.ask(temporary, ['update-ref', '--no-deref', 'HEAD', 'HEAD^0']);
    await rename(temporary, folder).catch(async (error: unknown) => {
      // Another workspace was quicker.
      if (!(await stat(folder).catch(() => null))) throw error;
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return folder;
}

/** What is new on the remote, if it can be reached; work begins from what is here otherwise. */
export async function refresh(
  git: Git,
  name: string,
  repository: string,
  { env, signal, progress }: CloneOptions,
): Promise<void> {
  if ((await git.read(repository, ['config', '--get', 'remote.origin.url'])) === null) return;
  const fetch = ['fetch', '--quiet', '--no-tags', 'origin'];
  const { ok } = await git.ask(repository, fetch, { env, signal, timeoutMs: 60_000 });
  if (!ok) progress(`⚠️ ${name}: its remote cannot be reached; starting from what is here`);
}
