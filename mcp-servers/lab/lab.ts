/** The lab room: deployments of workspaces, whatever they are deployed to (SPEC §10). */
import { randomBytes } from 'node:crypto';
import { describeError, FrontdeskError } from '../kit/errors.ts';
import type { AppPlan, Lab, LabTarget } from '../kit/lab.ts';
import type { Log } from '../kit/log.ts';
import type { Collection } from '../kit/store/collection.ts';
import { createBook } from './book.ts';
import { cancelled, replaced } from './causes.ts';
import { decideShown } from './decide.ts';
import { followEvents } from './feed.ts';
import { createLanes } from './lanes.ts';
import { createRunner, type PlanOf } from './runner.ts';
import { createKeeping } from './keeping.ts';
import { type DeploymentRecord, isStanding, newRecord, withEvent } from './record.ts';

export interface LabOptions {
  /** The first is the default. */
  readonly targets: readonly [LabTarget, ...LabTarget[]];
  /** Name of the target of a workspace; default: the first. */
  readonly pick?: (workspace: string) => string;
  /** Of the collection `deployments`, version 1. */
  readonly deployments: Collection<DeploymentRecord>;
  readonly planOf: PlanOf;
  readonly redact: (text: string) => string;
  readonly log: Log;
  /** Unix ms. */
  readonly now: () => number;
  /** LAB-4: of a whole deploy; default 5 minutes. */
  readonly totalMs?: number;
  /** LAB-6: a ready one ends after this long; default null: never. */
  readonly expireAfterMs?: number | null;
}

const defaultTotalMs = 300_000;

/** Disposing it stops waiting for what is under way and leaves it to the next process; it disposes the targets, too. */
export function createLab(options: LabOptions): Lab {
  const { targets, pick, planOf, redact, now, log } = options;
  const book = createBook(options.deployments);
  const byName = new Map(targets.map((target) => [target.name, target]));
  const targetOf = (name: string) => byName.get(name) ?? targets[0];
  const lanes = createLanes();
  const shared = { book, targetOf, redact, now, log };
  const runner = createRunner({ ...shared, planOf, totalMs: options.totalMs ?? defaultTotalMs });
  const keeping = createKeeping({
    ...shared,
    targets,
    lanes,
    runner,
    expireAfterMs: options.expireAfterMs ?? null,
  });
  let closed = false;
  let lastAt = 0;
  let resuming: Promise<unknown> = Promise.resolve();

  const latestOf = async (workspace: string) => (await book.of(workspace)).at(-1) ?? null;

  /**
   * How it is run, once nothing is swept away: what an earlier process left must not be taken for this one, nor this one for
   * that. Between its end and the lane nothing is awaited.
   */
  const planWhenClear = async (workspace: string, repository: string | undefined): Promise<AppPlan> => {
    for (;;) {
      const seen = resuming;
      await seen;
      const plan = await planOf(workspace, repository, await latestOf(workspace));
      await lanes.cleanedUp(workspace);
      if (seen === resuming) return plan;
    }
  };

  return {
    async deploy({ workspace, repository, by, ref, ifRunning = 'wait' }) {
      if (closed) throw new FrontdeskError('lab_busy', 'The service is ending.');
      const plan = await planWhenClear(workspace, repository);
      const [running, waiting] = lanes.of(workspace);
      if (running !== undefined && ifRunning === 'replace') running.stop.abort(replaced());
      if (waiting !== undefined) {
        // Its content is read when it begins: it is the answer to this one, too.
        if (waiting.repository !== plan.repository)
          throw new FrontdeskError('lab_busy', `One of ${waiting.repository} waits already.`);
        await waiting.stored;
        const { deployment } = (await book.get(waiting.id)) ?? {};
        if (deployment !== undefined) return { deployment, done: waiting.done };
      }
      const { name: target } = targetOf(pick?.(workspace) ?? targets[0].name);
      // Later than any before it, also within a millisecond: the latest is the one that counts.
      lastAt = Math.max(now(), lastAt + 1);
      const startedAt = lastAt;
      const id = newId(startedAt);
      const { runtime } = plan;
      const record = newRecord({
        id,
        workspace,
        repository: plan.repository,
        target,
        runtime,
        by,
        ref,
        startedAt,
      });
      // In the lane before anything is awaited: two at once must not both find it empty.
      const run = lanes.add({
        id,
        workspace,
        repository: plan.repository,
        stored: book.add(record),
        begin: (stop, before) =>
          runner.run(record.deployment, before === undefined ? plan : null, stop, before),
      });
      await run.stored;
      await book.trim(workspace);
      return { deployment: record.deployment, done: run.done };
    },

    status: latestOf,

    async live(workspace) {
      return (await book.of(workspace)).findLast(({ status }) => status === 'ready') ?? null;
    },

    async get(id) {
      return (await book.get(id))?.deployment;
    },

    async list() {
      const all = await book.all();
      const names = new Set(all.map(({ workspace }) => workspace));
      return [...names]
        .flatMap((name) => decideShown(all.filter(({ workspace }) => workspace === name)))
        .sort((a, b) => b.startedAt - a.startedAt);
    },

    async logs(workspace, lines) {
      const latest = await latestOf(workspace);
      if (latest === null) throw new FrontdeskError('lab_unknown', `Workspace ${workspace}.`);
      const isThere = isStanding(latest) || latest.status === 'deploying';
      const found = isThere ? await targetOf(latest.target).logs(latest, lines) : [];
      return found.length > 0 ? found.map(redact) : latest.log.slice(-lines);
    },

    cleanup: (workspace) => keeping.cleanup(workspace),

    async cancel(id, by) {
      const run = lanes.find(id);
      if (run === undefined) throw new FrontdeskError('lab_unknown', 'It is not being deployed now.');
      log.info({ deployment: id, by }, 'lab.deploy.cancelling');
      run.stop.abort(cancelled());
      await run.done;
    },

    events: (id, lastId, signal) => followEvents(book, id, lastId, signal),

    async note(id, type, data) {
      const noted = await book.change(id, (record) => withEvent(record, now(), type, data));
      if (noted === undefined) throw new FrontdeskError('lab_unknown', `No deployment is called "${id}".`);
    },

    onChange: (listener) =>
      book.onChange((deployment) => {
        try {
          listener(deployment);
        } catch (error) {
          log.error({ err: describeError(error), deployment: deployment.id }, 'lab.listener.failed');
        }
      }),

    observe: () => keeping.observe(),
    async resumeAll() {
      const work = keeping.resumeAll();
      resuming = work.catch(() => {});
      return await work;
    },

    async [Symbol.asyncDispose]() {
      closed = true;
      await lanes.leave();
      for (const target of targets) await target[Symbol.asyncDispose]();
    },
  };
}

/** Sortable by time; fit to be a folder's name and a part of a URL. */
function newId(at: number): string {
  return `d${at.toString(36)}${randomBytes(3).toString('hex')}`;
}
