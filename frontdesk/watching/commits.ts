/** What was committed in workspaces (WA-3), read from their repositories: seldom, and only where something may have changed. */
import { describeError } from '../../mcp-servers/kit/errors.ts';
import type { Log } from '../../mcp-servers/kit/log.ts';
import type { WorkspaceInfo } from '../../mcp-servers/kit/work.ts';
import type { RepositoryHistory } from '../../mcp-servers/workspaces/history/shapes.ts';
import type { Workspaces } from '../../mcp-servers/workspaces/contract.ts';
import type { ObservedCommit } from '../../watcher/contract.ts';

export interface CommitsParts {
  readonly workspaces: Pick<Workspaces, 'list' | 'find' | 'history'>;
  readonly log: Log;
  /** Milliseconds since some moment of this life: nobody sets it. */
  readonly steady: () => number;
}

export interface Commits {
  /** Looks at what was not looked at lately, one after the other; one that cannot be read keeps the others from nothing. */
  readonly look: () => Promise<void>;
  /** Looks at one now: before something is told of it, so that what was committed comes first. Never rejects. */
  readonly lookAt: (name: string) => Promise<void>;
  /** It may have committed: it is looked at with the next look. */
  readonly hint: (name: string) => void;
  /** null: not looked at yet. */
  readonly of: (info: WorkspaceInfo) => readonly ObservedCommit[] | null;
}

/** A look where nothing was committed is a few small reads. Between two hints nothing but a person at a shell commits. */
const everyMs = { working: 10_000, resting: 120_000 } as const;

interface Known {
  readonly life: string;
  history: readonly RepositoryHistory[];
  commits: readonly ObservedCommit[] | null;
  lookedAt: number;
  failing: boolean;
  underWay: Promise<void> | null;
}

export function createCommits({ workspaces, log, steady }: CommitsParts): Commits {
  const all = new Map<string, Known>();

  const knownOf = ({ name, state }: WorkspaceInfo): Known => {
    const known = all.get(name);
    // Another one of that name begins anew.
    if (known?.life === state.createdAt) return known;
    const made: Known = {
      life: state.createdAt,
      history: [],
      commits: null,
      lookedAt: Number.NEGATIVE_INFINITY,
      failing: false,
      underWay: null,
    };
    all.set(name, made);
    return made;
  };

  const read = async (name: string, known: Known): Promise<void> => {
    known.lookedAt = steady();
    try {
      const history = await workspaces.history(name, known.history);
      known.failing = false;
      if (known.commits !== null && isSame(history, known.history)) return;
      known.history = history;
      known.commits = history.flatMap(({ repository, commits }) =>
        commits.map((commit) => ({ ...commit, repository })),
      );
    } catch (error) {
      // Said once, not every time.
      if (!known.failing && workspaces.find(name) !== undefined)
        log.warn({ err: describeError(error), workspace: name }, 'watching.commits.failed');
      known.failing = true;
    }
  };

  const lookAt = async (info: WorkspaceInfo): Promise<void> => {
    const known = knownOf(info);
    // What is committed while one reads may be missed by it.
    await known.underWay;
    known.underWay ??= read(info.name, known).finally(() => (known.underWay = null));
    await known.underWay;
  };

  const isDue = (info: WorkspaceInfo): boolean => {
    const { session } = info.state;
    if (session === null) return false;
    const every = session.status === 'running' ? everyMs.working : everyMs.resting;
    return steady() - knownOf(info).lookedAt >= every;
  };

  return {
    async look() {
      const infos = workspaces.list();
      const names = new Set(infos.map(({ name }) => name));
      for (const name of all.keys()) if (!names.has(name)) all.delete(name);
      for (const info of infos) if (isDue(info)) await lookAt(info);
    },
    async lookAt(name) {
      const info = workspaces.find(name);
      if (info !== undefined && info.state.session !== null) await lookAt(info);
    },
    hint(name) {
      const known = all.get(name);
      if (known !== undefined) known.lookedAt = Number.NEGATIVE_INFINITY;
    },
    of({ name, state }) {
      const known = all.get(name);
      return known?.life === state.createdAt ? known.commits : null;
    },
  };
}

function isSame(a: readonly RepositoryHistory[], b: readonly RepositoryHistory[]): boolean {
  return a.length === b.length && a.every((each, at) => each === b[at]);
}
