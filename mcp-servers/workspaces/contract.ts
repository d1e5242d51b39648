/** What the workspaces room offers the service. `open.ts` makes it. */
import type { ProjectRef, Progress, WorkspaceInfo, WorkspaceState } from '../kit/work.ts';
import type { WorkspaceDiff, FileDiff } from './diff/shapes.ts';
import type { RepositoryHistory } from './history/shapes.ts';
import type { PromoteResult } from './promote/shapes.ts';

/** A project that work can be started in, from config or `.ai/projectlist.md`. */
export interface ProjectEntry {
  readonly project: ProjectRef;
  /** Names, as the people and `create` use them. */
  readonly repositories: readonly string[];
  readonly description: string;
}

export interface CreateRequest {
  readonly project: ProjectRef;
  /** Names of {@link ProjectEntry.repositories} or of folders below the repositories folder; none = all of the project. */
  readonly repositories: readonly string[];
  readonly title: string;
  readonly description?: string;
  readonly priority?: WorkspaceState['priority'];
  /** Who asked, as a person is named in the audit log. */
  readonly createdBy: string;
  /** Default: built from project and title. */
  readonly name?: string;
}

interface Created {
  readonly info: WorkspaceInfo;
  /** It was there already; nothing in it was changed. */
  readonly reused: boolean;
}

/** Uncommitted work that was put away; `git stash apply <ref>`-like: `git checkout <ref> -- .` brings it back. */
export interface SavedWork {
  readonly repository: string;
  /** E.g. `refs/frontdesk/saved/20261120T044605123Z-ai-dev-api`. */
  readonly ref: string;
}

export interface CleanupResult {
  /** Absolute folder of what is kept of it: the state file with its history. */
  readonly archive: string;
  readonly saved: readonly SavedWork[];
  readonly branches: readonly {
    readonly repository: string;
    readonly branch: string;
    readonly removed: boolean;
    /** Why it was kept or removed, in words. */
    readonly reason: string;
  }[];
}

/** AS-4: where each repository stood when a question timed out. */
export interface Checkpoint {
  /** E.g. `frontdesk/ask/k3f9`, in each of them. */
  readonly tag: string;
  readonly commits: readonly { readonly repository: string; readonly commit: string }[];
}

export interface Rewound {
  readonly repository: string;
  /** The branch with what was done since the checkpoint; null: nothing was. */
  readonly branch: string | null;
}

/** What was found wrong and set right, or aside, when the service started (WS-3). */
export interface WorkspaceProblem {
  readonly workspace: string;
  readonly kind: 'restored' | 'unrecoverable' | 'leftover';
  /** In words a person reads. */
  readonly detail: string;
  /** Where the unreadable file is now. */
  readonly movedTo?: string;
}

/**
 * All workspaces below one root. What is thrown is FrontdeskError: workspace_invalid (the request), workspace_unknown, or
 * workspace_failed (git, task, disk). Calls that change one workspace run one after the other.
 */
export interface Workspaces {
  /** Re-read at each call. Lines of the list that were not understood are in the log and in `ignored`. */
  projects(): Promise<{ readonly projects: readonly ProjectEntry[]; readonly ignored: readonly string[] }>;
  list(): WorkspaceInfo[];
  find(name: string): WorkspaceInfo | undefined;
  /** @throws FrontdeskError workspace_unknown, naming those there are */
  get(name: string): WorkspaceInfo;
  /** Makes it whole or not at all. An aborted signal ends it without remains (reason thrown). */
  create(request: CreateRequest, progress: Progress, signal: AbortSignal): Promise<Created>;
  /** Uncommitted work (untracked files, too) goes to refs, then every worktree is as its last commit. Ask a person first. */
  reset(name: string, progress?: Progress): Promise<readonly SavedWork[]>;
  /**
   * Changes the state durably and commits it. Changes of one workspace run in order; `change` sees the latest and must be
   * quick. Returning the same object changes nothing.
   * @throws FrontdeskError workspace_failed when it could not be written: then nothing has changed
   */
  updateState(name: string, change: (state: WorkspaceState) => WorkspaceState): Promise<WorkspaceState>;
  /** Commits all that is not committed, in every repository, and tags it. The same tag once more changes nothing. */
  checkpoint(name: string, tag: string): Promise<Checkpoint>;
  /**
   * Sets the workspace's branch back to a checkpoint. What was done since, committed or not, stays on `branch`. Nobody may be
   * at work in it. Ask a person first.
   */
  rewind(name: string, checkpoint: Checkpoint, branch: string): Promise<readonly Rewound[]>;
  /** What was done in it since its branches left the default branch, committed or not. */
  diff(name: string): Promise<WorkspaceDiff>;
  /** One file's changes. `repository` may be left out when only one has changes in that path. */
  fileDiff(name: string, file: string, repository?: string): Promise<FileDiff>;
  /**
   * What was committed in it since its branches left the default branch.
   * @param before what it said last: for a repository whose head has not moved it costs a few small reads, and is the same object
   */
  history(name: string, before?: readonly RepositoryHistory[]): Promise<readonly RepositoryHistory[]>;
  /** Pushes the branches; pull request or compare link. Ask a person first. */
  promote(name: string, progress?: Progress): Promise<PromoteResult>;
  /** Removes worktrees and folder; keeps what is not merged, uncommitted work, and the state. Ask a person first. */
  cleanup(name: string, progress?: Progress): Promise<CleanupResult>;
  /** Packs the histories of their states, one after the other; what cannot be is logged, and tried again with the next call. */
  tidy(): Promise<void>;
  readonly problems: readonly WorkspaceProblem[];
}
