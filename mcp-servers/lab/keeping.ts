/** What there is against what is known: looking at labs, taking them up after a restart, and removing them. */
import { describeError } from '../kit/errors.ts';
import type { Deployment, LabTarget } from '../kit/lab.ts';
import type { Log } from '../kit/log.ts';
import type { Book } from './book.ts';
import { cancelled, interrupted } from './causes.ts';
import { decideReplaced, decideStanding } from './decide.ts';
import type { Lanes } from './lanes.ts';
import { isStanding, isUnbegun, withFailed, withStatus } from './record.ts';
import type { Runner } from './runner.ts';

export interface KeepingPorts {
  readonly book: Book;
  readonly targets: readonly LabTarget[];
  readonly targetOf: (name: string) => LabTarget;
  readonly lanes: Lanes;
  readonly runner: Runner;
  readonly redact: (text: string) => string;
  readonly now: () => number;
  readonly log: Log;
  readonly expireAfterMs: number | null;
}

export interface Keeping {
  observe(): Promise<void>;
  resumeAll(): Promise<string[]>;
  cleanup(workspace: string): Promise<void>;
}

const shownLines = 50;

export function createKeeping(ports: KeepingPorts): Keeping {
  const { book, targets, targetOf, lanes, runner, redact, now, log, expireAfterMs } = ports;

  /** What ends now does so because it is deployed anew or removed: that is not being down. */
  const isChanging = ({ workspace }: Deployment) =>
    lanes.of(workspace).length > 0 || lanes.isCleaning(workspace);

  const look = async (deployment: Deployment): Promise<Deployment> => {
    const { id, target: name } = deployment;
    const target = targetOf(name);
    const condition = await target.observe(deployment);
    const verdict = decideStanding(deployment, condition, now(), expireAfterMs);
    if (verdict.to === 'same' || isChanging(deployment)) return deployment;
    const lines = verdict.to === 'ready' ? [] : await target.logs(deployment, shownLines).catch(() => []);
    // What was replaced or removed in the meantime stays so.
    const stored = await book.change(id, (record) =>
      isStanding(record.deployment)
        ? withStatus(
            record,
            verdict.to,
            verdict.to === 'ready' ? null : verdict.cause,
            lines.length > 0 ? lines.map(redact) : undefined,
          )
        : record,
    );
    if (verdict.to === 'removed' && stored?.status === 'removed') await runner.takeBack(stored);
    log.info({ deployment: id, status: verdict.to }, 'lab.observed');
    return stored ?? deployment;
  };

  const lookSafely = async (deployment: Deployment): Promise<Deployment> => {
    try {
      return await look(deployment);
    } catch (error) {
      log.error({ err: describeError(error), deployment: deployment.id }, 'lab.observe.failed');
      return deployment;
    }
  };

  const goOn = (deployment: Deployment): void => {
    const { id, workspace, repository } = deployment;
    const fresh = isUnbegun(deployment);
    lanes.add({
      id,
      workspace,
      repository,
      stored: Promise.resolve(),
      begin: (stop, before) =>
        fresh ? runner.run(deployment, null, stop, before) : runner.resume(deployment, stop),
    });
  };

  /** @returns what became of one that was being deployed */
  const takeUp = async (deployment: Deployment): Promise<string> => {
    const { id, workspace } = deployment;
    if (isUnbegun(deployment)) {
      goOn(deployment);
      return `${workspace}: its deployment had not begun; it begins now.`;
    }
    const { state, cause } = await targetOf(deployment.target).observe(deployment);
    if (state === 'starting' || state === 'ready') {
      goOn(deployment);
      return `${workspace}: its deployment went on while the service was away; it is followed again.`;
    }
    const lines = await targetOf(deployment.target)
      .logs(deployment, shownLines)
      .catch(() => []);
    await book.change(id, (record) => withFailed(record, cause ?? interrupted, lines.map(redact), now()));
    await runner.takeBack(deployment);
    return cause === null
      ? `${workspace}: its deployment was cut off by the restart; what was half-made is taken back.`
      : `${workspace}: its deployment failed while the service was away. ${cause.text}`;
  };

  return {
    async observe() {
      for (const each of (await book.all()).filter(isStanding)) if (!isChanging(each)) await lookSafely(each);
    },

    async resumeAll() {
      // Asked for before this: it is of this life, and nobody's leftover.
      await lanes.stored();
      const said: string[] = [];
      for (const each of decideReplaced(await book.all())) {
        await book.change(each.id, (record) => withStatus(record, 'replaced', null));
        await runner.takeBack(each);
        said.push(`${each.workspace}: the lab that a newer one had replaced is removed.`);
      }
      for (const each of (await book.all()).filter(isStanding)) {
        const found = await lookSafely(each);
        const changed = found.status !== each.status;
        if (found.status === 'ready') said.push(`${each.workspace}: its lab still runs at ${found.url}.`);
        else if (changed)
          said.push(`${each.workspace}: its lab is ${found.status}. ${found.cause?.text ?? ''}`);
      }
      const deploying = (await book.all()).filter(
        ({ id, status }) => status === 'deploying' && lanes.find(id) === undefined,
      );
      for (const each of deploying) {
        try {
          said.push(await takeUp(each));
        } catch (error) {
          log.error({ err: describeError(error), deployment: each.id }, 'lab.resume.failed');
        }
      }
      const known = (await book.all()).filter((each) => isStanding(each) || each.status === 'deploying');
      for (const target of targets) {
        try {
          said.push(...(await target.sweep(known.filter((each) => each.target === target.name))));
        } catch (error) {
          log.error({ err: describeError(error), target: target.name }, 'lab.sweep.failed');
        }
      }
      return said;
    },

    cleanup: (workspace) =>
      lanes.cleaning(workspace, async () => {
        const runs = lanes.of(workspace);
        for (const { stop } of runs) stop.abort(cancelled());
        await Promise.allSettled(runs.map(({ done }) => done));
        for (const target of targets) await target.clear(workspace);
        // Last: what could not be removed can be asked for again.
        const all = await book.of(workspace);
        const latest = all.at(-1);
        for (const each of all.filter((one) => isStanding(one) || one === latest))
          await book.change(each.id, (record) => withStatus(record, 'removed', null));
      }),
  };
}
