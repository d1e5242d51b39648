import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Git } from '../git/git.ts';
import { readGitDir } from '../git/worktree-files.ts';

const commitId = /^[0-9a-f]{40}([0-9a-f]{24})?$/;
const ordinaryRef = /^ref: (refs\/heads\/(?!.*\.\.)[^\0\n]+)\n?$/;

/**
 * The commit that is checked out, by git's own files: two small reads where a process costs a hundred times as much. Git itself
 * is asked where these files do not say it (another ref format, a branch without a commit).
 * @returns null when there is no commit
 */
export async function readHead(git: Git, worktree: string): Promise<string | null> {
  const own = (await readGitDir(worktree)) ?? path.join(worktree, '.git');
  const head = await read(path.join(own, 'HEAD'));
  const detached = idIn(head);
  if (detached !== null) return detached;
  const ref = ordinaryRef.exec(head)?.[1];
  if (ref !== undefined) {
    const shared = path.resolve(own, (await read(path.join(own, 'commondir'))).trim());
    const found =
      idIn(await read(path.join(shared, ref))) ?? packed(await read(path.join(shared, 'packed-refs')), ref);
    if (found !== null) return found;
  }
  return idIn((await git.read(worktree, ['rev-parse', '-q', '--verify', 'HEAD^{commit}'])) ?? '');
}

function packed(text: string, ref: string): string | null {
  const end = text.indexOf(` ${ref}\n`);
  return end === -1 ? null : idIn(text.slice(text.lastIndexOf('\n', end) + 1, end));
}

function idIn(text: string): string | null {
  const id = text.trim();
  return commitId.test(id) ? id : null;
}

async function read(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch(() => '');
}
