import { createHash } from 'node:crypto';
import { ownEmail } from '../git/saved-work.ts';
import type { CommitInfo } from './shapes.ts';

/** For `git log --shortstat`, as {@link parseLog} reads it: author's time and address, subject. */
export const logFormat = '--format=%x00%at %ae%x00%s';

/** @param text newest first, as git tells it. @returns oldest first */
export function parseLog(text: string, repository: string): CommitInfo[] {
  // The first field is what stands before the first commit: nothing.
  const [, ...fields] = text.split('\0');
  const commits: CommitInfo[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [seconds = '', address = ''] = (fields[at] ?? '').split(' ');
    const [subject = '', ...stat] = (fields[at + 1] ?? '').split('\n');
    const numbers = stat.join(' ');
    commits.push({
      id: createHash('sha256').update(`${repository}\n${seconds}\n${subject}`).digest('hex').slice(0, 16),
      subject,
      at: Number(seconds) * 1000,
      added: Number(/(\d+) insertion/.exec(numbers)?.[1] ?? 0),
      removed: Number(/(\d+) deletion/.exec(numbers)?.[1] ?? 0),
      own: address === ownEmail,
    });
  }
  return commits.toReversed();
}
