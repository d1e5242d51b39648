/** One deploy of a workspace at a time (LAB-5): one runs, at most one waits for it. */
import { type Deployment, leaveIt } from '../kit/lab.ts';

interface Run {
  readonly id: string;
  readonly workspace: string;
  readonly repository: string;
  /** Aborted with a LabFailure, or with {@link leaveIt}. */
  readonly stop: AbortController;
  /** It is on the disk. */
  readonly stored: Promise<void>;
  /** Never rejects but for what made it impossible to store its end. */
  readonly done: Promise<Deployment>;
}

interface NewRun extends Pick<Run, 'id' | 'workspace' | 'repository' | 'stored'> {
  /** @param before the one to wait for */
  readonly begin: (stop: AbortController, before: Promise<unknown> | undefined) => Promise<Deployment>;
}

export interface Lanes {
  /** The one that runs, then the one that waits. */
  of(workspace: string): readonly Run[];
  find(id: string): Run | undefined;
  add(run: NewRun): Run;
  /** Runs `task` while no deploy of the workspace begins. */
  cleaning(workspace: string, task: () => Promise<void>): Promise<void>;
  isCleaning(workspace: string): boolean;
  cleanedUp(workspace: string): Promise<void>;
  /** Resolves when all of them are on the disk. */
  stored(): Promise<void>;
  /** Stops waiting for all of them, and for cleanups. */
  leave(): Promise<void>;
}

export function createLanes(): Lanes {
  const lanes = new Map<string, Run[]>();
  const cleanups = new Map<string, Promise<void>>();

  const of = (workspace: string): readonly Run[] => lanes.get(workspace) ?? [];
  const all = () => [...lanes.values()].flat();

  return {
    of,
    find: (id) => all().find((run) => run.id === id),

    add({ begin, ...run }) {
      const { workspace, id } = run;
      const stop = new AbortController();
      const before = of(workspace).at(-1)?.done;
      const work = async () => {
        try {
          await run.stored;
          return await begin(stop, before);
        } finally {
          const left = of(workspace).filter((each) => each.id !== id);
          if (left.length > 0) lanes.set(workspace, left);
          else lanes.delete(workspace);
        }
      };
      const added: Run = { ...run, stop, done: work() };
      // Whoever waits for it hears of it; nobody may.
      added.done.catch(() => {});
      lanes.set(workspace, [...of(workspace), added]);
      return added;
    },

    async cleaning(workspace, task) {
      const before = cleanups.get(workspace);
      const work = (async () => {
        await before?.catch(() => {});
        await task();
      })();
      cleanups.set(workspace, work);
      try {
        await work;
      } finally {
        if (cleanups.get(workspace) === work) cleanups.delete(workspace);
      }
    },

    isCleaning: (workspace) => cleanups.has(workspace),

    async cleanedUp(workspace) {
      while (cleanups.has(workspace)) await cleanups.get(workspace)?.catch(() => {});
    },

    async stored() {
      await Promise.allSettled(all().map((run) => run.stored));
    },

    async leave() {
      const runs = all();
      for (const { stop } of runs) stop.abort(leaveIt);
      await Promise.allSettled([...runs.map(({ done }) => done), ...cleanups.values()]);
    },
  };
}
