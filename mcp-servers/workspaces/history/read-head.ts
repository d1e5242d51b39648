import path from 'node:path';
import { readBounded } from '../../kit/read-bounded.ts';
import type { Git } from '../git/git.ts';
import { readGitDir } from '../git/worktree-files.ts';

const commitId = /^[0-9a-f]{40}([0-9a-f]{24})?$/;
const anyRef = /^ref: ([^\0\n]+)\n?$/;

/** What an agent put where git looks may make it wait for ever. */
const timeoutMs = 5000;

/**
 * The commit that is checked out, by git's own files: a few small reads where a process costs a hundred times as much. Git itself
 * is asked where these files do not say it (another ref format, a branch without a commit).
 * @returns null when there is no commit
 */
export async function readHead(git: Git, worktree: string): Promise<string | null> {
  const own = (await readGitDir(worktree)) ?? path.join(worktree, '.git');
  const head = await read(path.join(own, 'HEAD'));
  const ref = anyRef.exec(head)?.[1];
  if (ref === undefined) return idIn(head);
  const shared = path.resolve(own, (await read(path.join(own, 'commondir'))).trim());
  const isPlain = ref.startsWith('refs/heads/') && !ref.includes('..');
  const found = isPlain
    ? (idIn(await read(path.join(shared, ref))) ?? packed(await read(path.join(shared, 'packed-refs')), ref))
    : null;
  return (
    found ??
    idIn((await git.read(worktree, ['rev-parse', '-q', '--verify', 'HEAD^{commit}'], { timeoutMs })) ?? '')
  );
}

function packed(text: string, ref: string): string | null {
  const end = text.indexOf(` ${ref}\n`);
  return end === -1 ? null : idIn(text.slice(text.lastIndexOf('\n', end) + 1, end));
}

function idIn(text: string): string | null {
  const id = text.trim();
  return commitId.test(id) ? id : null;
}

/** Bytes; a hundred thousand packed refs. Git is asked where there are more. */
const most = 8 * 1024 * 1024;

/** An agent may have put anything there; of what is read nothing but a commit's id leaves this file. */
async function read(file: string): Promise<string> {
  return (await readBounded(file, { within: path.parse(file).root, most })) ?? '';
}
