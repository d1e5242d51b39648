/** What was committed in a workspace. */

export interface CommitInfo {
  /** Of its words and its author's time: the same when it is rebased, or amended under the same words. */
  readonly id: string;
  readonly subject: string;
  /** When it was written first, Unix ms, in whole seconds. */
  readonly at: number;
  /** Lines; binary files have none. */
  readonly added: number;
  readonly removed: number;
  /** Made by us, not by an agent or a person (AS-4). */
  readonly own: boolean;
}

export interface RepositoryHistory {
  readonly repository: string;
  /** The commit that is checked out. */
  readonly head: string;
  /** Since it left the default branch, merges left out, oldest first; the latest 200. */
  readonly commits: readonly CommitInfo[];
}
