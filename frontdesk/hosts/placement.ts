import { posix } from 'node:path';

export interface Candidate {
  readonly host: string;
  /** Absolute folders whose sessions it takes. */
  readonly roots: readonly string[];
  /** Sessions at work, and those just placed that will be. */
  readonly load: number;
  readonly local: boolean;
}

/** True when `directory` is one of the roots or below it; `..` is resolved first. */
export function hasDirectory(roots: readonly string[], directory: string): boolean {
  const path = posix.resolve(directory);
  return roots.map((root) => posix.resolve(root)).some((root) => path === root || isBelow(path, root));
}

function isBelow(path: string, root: string): boolean {
  return path.startsWith(root === '/' ? '/' : `${root}/`);
}

/** BR-3: the least busy host that has the directory; the local one and then the name decide between equals. */
export function decidePlacement(candidates: readonly Candidate[], directory: string): string | undefined {
  const [best] = candidates
    .filter(({ roots }) => hasDirectory(roots, directory))
    .sort((a, b) => a.load - b.load || Number(b.local) - Number(a.local) || (a.host < b.host ? -1 : 1));
  return best?.host;
}
