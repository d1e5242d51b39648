/** What was done in a workspace, in numbers and names. */

export interface FileChange {
  /** Path in the repository. */
  readonly path: string;
  /** Where a renamed file was before. */
  readonly from?: string;
  readonly kind: 'new' | 'changed' | 'deleted' | 'renamed';
  /** Lines; 0 for a binary file. */
  readonly added: number;
  readonly removed: number;
  readonly binary: boolean;
}

export interface RepositoryDiff {
  readonly repository: string;
  /** '' when no branch is checked out. */
  readonly branch: string;
  /** The branch it is compared with, e.g. `origin/main`. */
  readonly base: string;
  /** Commits since it left the base. */
  readonly commits: number;
  /** Files with changes that are not committed, untracked ones included. */
  readonly uncommitted: number;
  readonly lastCommit: { readonly subject: string; /** ISO. */ readonly at: string } | null;
  readonly added: number;
  readonly removed: number;
  /** Number of files, also of those that are not in `changes`. */
  readonly files: number;
  /** The first 500. */
  readonly changes: readonly FileChange[];
}

export interface WorkspaceDiff {
  readonly workspace: string;
  readonly repositories: readonly RepositoryDiff[];
  /** Repositories that could not be read, and why. */
  readonly problems: readonly string[];
}

export interface FileDiff {
  readonly repository: string;
  readonly path: string;
  /** Unified diff, at most 60,000 characters. */
  readonly text: string;
  readonly truncated: boolean;
}
