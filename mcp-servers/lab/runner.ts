/** One deploy, from its beginning to its end. Each step is stored before it is done. */
import { describeError, FrontdeskError } from '../kit/errors.ts';
import {
  type AppPlan,
  type Deployed,
  type Deployment,
  LabFailure,
  type LabCause,
  type LabProgress,
  type LabTarget,
  leaveIt,
} from '../kit/lab.ts';
import type { Log } from '../kit/log.ts';
import type { Book } from './book.ts';
import { internal, tookTooLong, unreadablePlan } from './causes.ts';
import { isStanding, queueStep, withFailed, withReady, withStatus, withStep } from './record.ts';

/**
 * @param repository undefined: the only one, or the one of `before`
 * @param before what was deployed last
 * @throws FrontdeskError workspace_unknown, lab_unsupported
 */
export type PlanOf = (
  workspace: string,
  repository: string | undefined,
  before: Deployment | null,
) => Promise<AppPlan>;

export interface RunnerPorts {
  readonly book: Book;
  readonly targetOf: (name: string) => LabTarget;
  readonly planOf: PlanOf;
  readonly redact: (text: string) => string;
  readonly now: () => number;
  readonly log: Log;
  readonly totalMs: number;
}

export interface Runner {
  /**
   * @param plan null: read when it begins, since the code may change while it waits
   * @param before waited for
   * @returns it as it ended; as it is when the service ends first
   */
  run(
    deployment: Deployment,
    plan: AppPlan | null,
    stop: AbortController,
    before: Promise<unknown> | undefined,
  ): Promise<Deployment>;
  /** One that an earlier process began. */
  resume(deployment: Deployment, stop: AbortController): Promise<Deployment>;
  /** What stood before this one, or failed half-way, is removed from its target. Failures are logged. */
  takeBack(deployment: Deployment): Promise<void>;
}

/** @param begun the limit of a whole deploy counts from here */
type Work = (progress: LabProgress, signal: AbortSignal, begun: (at: number) => void) => Promise<Deployed>;

export function createRunner(ports: RunnerPorts): Runner {
  const { book, targetOf, planOf, redact, now, log, totalMs } = ports;

  const takeBack = async (deployment: Deployment): Promise<void> => {
    try {
      await targetOf(deployment.target).remove(deployment);
    } catch (error) {
      // It is not known any more: the next start sweeps it away.
      log.error({ err: describeError(error), deployment: deployment.id }, 'lab.remove.failed');
    }
  };

  /** The newer one is stored as ready: what it replaces may go. */
  const prune = async ({ id, workspace }: Deployment): Promise<void> => {
    const others = (await book.of(workspace)).filter((each) => each.id !== id && isStanding(each));
    for (const other of others) {
      await book.change(other.id, (record) => withStatus(record, 'replaced', null));
      await takeBack(other);
    }
  };

  const progressOf = (
    id: string,
  ): LabProgress & { readonly lines: readonly string[]; readonly at: string } => {
    let lines: readonly string[] = [];
    let at = '';
    return {
      async step(key, label, detail = '') {
        at = label;
        // A command of the repository may carry what it should not.
        const shown = redact(detail);
        await book.change(id, (record) => withStep(record, { key, label, detail: shown }, now()));
      },
      log(latest) {
        lines = latest.map(redact);
      },
      async handle(handle) {
        await book.change(id, (record) => ({
          ...record,
          deployment: { ...record.deployment, handle: { ...record.deployment.handle, ...handle } },
        }));
      },
      get lines() {
        return lines;
      },
      get at() {
        return at;
      },
    };
  };

  const causeOf = (error: unknown, id: string): LabCause => {
    if (error instanceof LabFailure) return error.reason;
    if (error instanceof FrontdeskError) return unreadablePlan(error.advice);
    log.error({ err: error, reason: describeError(error), deployment: id }, 'lab.deploy.failed');
    return internal;
  };

  const mask = (cause: LabCause): LabCause => ({
    ...cause,
    text: redact(cause.text),
    fix: redact(cause.fix),
  });

  const asNow = async (deployment: Deployment): Promise<Deployment> =>
    (await book.get(deployment.id))?.deployment ?? deployment;

  const perform = async (deployment: Deployment, stop: AbortController, work: Work): Promise<Deployment> => {
    const { id } = deployment;
    const progress = progressOf(id);
    let timer: NodeJS.Timeout | undefined;
    const begun = (at: number): void => {
      timer = setTimeout(
        () => stop.abort(tookTooLong(totalMs, progress.at)),
        Math.max(0, at + totalMs - now()),
      );
    };
    try {
      const { url, digest } = await work(progress, stop.signal, begun);
      // A person was told that it is cancelled, in the moment it got ready.
      if (stop.signal.reason !== leaveIt) stop.signal.throwIfAborted();
      const ready = await book.change(id, (record) =>
        withReady(record, { url, digest, log: progress.lines }, now()),
      );
      await prune(deployment);
      return ready ?? deployment;
    } catch (error) {
      if (stop.signal.reason === leaveIt) return await asNow(deployment);
      const cause = mask(causeOf(stop.signal.aborted ? stop.signal.reason : error, id));
      log.info({ deployment: id, cause: cause.kind }, 'lab.deploy.ended');
      const failed = await book.change(id, (record) => withFailed(record, cause, progress.lines, now()));
      await takeBack(failed ?? deployment);
      return failed ?? deployment;
    } finally {
      clearTimeout(timer);
    }
  };

  return {
    takeBack,

    run: (deployment, known, stop, before) =>
      perform(deployment, stop, async (progress, signal, begun) => {
        const { id, workspace, repository } = deployment;
        if (before !== undefined) {
          await progress.step(queueStep, 'Waiting for the deployment before');
          await Promise.race([before, untilAborted(signal)]);
        }
        signal.throwIfAborted();
        begun(now());
        const standing = (await book.of(workspace)).findLast(isStanding) ?? null;
        const plan = known ?? (await planOf(workspace, repository, standing));
        const target = targetOf(deployment.target);
        return await target.deploy({ id, workspace, plan, before: standing }, progress, signal);
      }),

    resume: (deployment, stop) =>
      perform(deployment, stop, (progress, signal, begun) => {
        begun(deployment.startedAt);
        return targetOf(deployment.target).resume(deployment, progress, signal);
      }),
  };
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
