export interface PromotedRepository {
  readonly repository: string;
  readonly branch: string;
  /** `nothing`: no commit that the default branch does not have. `local`: no remote, the branch stays in the repository. */
  readonly outcome: 'pushed' | 'nothing' | 'local' | 'failed';
  readonly commits: number;
  /** Files left out because they are not committed. */
  readonly uncommitted: number;
  /** The remote's address without credentials. */
  readonly remote?: string;
  readonly pullRequest?: { readonly url: string; readonly number: number; readonly reused: boolean };
  /** Page where a person opens the pull request. */
  readonly compareUrl?: string;
  /** What went wrong or is to be known, in words. */
  readonly note?: string;
}

export interface PromoteResult {
  readonly workspace: string;
  readonly repositories: readonly PromotedRepository[];
}
