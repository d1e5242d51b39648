import { chatRemembersMs } from '../../mcp-servers/kit/chat.ts';
import { describeError, FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import type { Deployment } from '../../mcp-servers/kit/lab.ts';
import { createLanes } from '../../mcp-servers/kit/lanes.ts';
import type { WorkspaceInfo } from '../../mcp-servers/kit/work.ts';
import { sameThread } from '../work/plug.ts';
import type { By } from '../work/ports.ts';
import type { Begun, DeployWords, LabDeskPorts } from './contract.ts';
import { deployCard, deployCardId } from './deploy-card.ts';
import { placeFor } from './place.ts';
import type { DeployWish } from './record.ts';
import { labStateOf, withLab } from './state.ts';

/** A card's seconds go on this often. */
const refreshMs = 3000;

/** Deployments that people asked for, and a card for each. */
export interface Deploys {
  ask(by: By, info: WorkspaceInfo, o: DeployWords): Promise<Begun>;
  /** A change of a deployment: onto its card, and into the state file. */
  follow(deployment: Deployment): void;
  resumeAll(): Promise<number>;
  tick(): void;
  drain(): Promise<void>;
  readonly busy: number;
}

type BegunDeploy = Pick<Begun, 'deployment' | 'done'>;

export function createDeploys(ports: LabDeskPorts): Deploys {
  const { lab, chat, workspaces, wishes, log, now } = ports;
  const lanes = createLanes();
  /** Changes not shown yet; of several of one deployment the last. */
  const latest = new Map<string, Deployment>();
  /** Cards posted, or found posted, by this life. */
  const said = new Set<string>();
  /** Not under way any more: what is still told of its course, by a clock or a list, is of old. */
  const over = new Set<string>();
  /** Under way, as last heard of. */
  const live = new Map<string, Deployment>();
  /** Wishes on their way to the lab, whoever told of them: a wish is one. */
  const beginning = new Map<string, Promise<BegunDeploy>>();
  /** Of those, the ones an earlier process left: until it is told how they began. */
  const taken = new Set<Promise<void>>();
  /** Changes on their way to the card and the state file. */
  let presenting = 0;
  let refreshedAt = 0;
  let draining = false;

  const present = async (deployment: Deployment): Promise<void> => {
    const { id, ref, status, workspace } = deployment;
    if (status === 'deploying') live.set(id, deployment);
    if (ref !== null) {
      const state = workspaces.find(workspace)?.state;
      const noted = state === undefined ? null : labStateOf(state);
      const failedFor = noted?.id === id && noted.status === 'failed' ? noted.cause : '';
      const message = { kind: 'card', card: deployCard(deployment, now(), failedFor) } as const;
      if (!said.has(id) && deployment.startedAt > now() - chatRemembersMs) {
        await chat.say(ref, deployCardId(id), message);
        said.add(id);
      }
      if (status === 'deploying') chat.refresh(ref, deployCardId(id), message);
      else await chat.change(ref, deployCardId(id), message);
    }
    if (workspaces.find(workspace) !== undefined)
      await workspaces.updateState(workspace, (state) => withLab(state, deployment, now()));
    if (status !== 'deploying') live.delete(id);
  };

  const follow = async (deployment: Deployment): Promise<void> => {
    const { id, status } = deployment;
    if (status !== 'deploying') over.add(id);
    else if (over.has(id)) return;
    latest.set(id, deployment);
    presenting += 1;
    try {
      await lanes(id, async () => {
        const current = latest.get(id);
        latest.delete(id);
        if (current !== undefined) await present(current);
      });
    } finally {
      presenting -= 1;
    }
  };

  const track = (deployment: Deployment): void => {
    follow(deployment).catch((error: unknown) =>
      log.error({ err: describeError(error), deployment: deployment.id }, 'lab.card.failed'),
    );
  };

  const beginOnce = async (wish: DeployWish): Promise<BegunDeploy> => {
    const { workspace, repository, person, ref, replace, afresh } = wish;
    // What the failed one left was taken back by the lab; this also forgets what is kept between deployments.
    if (afresh && (await lab.live(workspace)) === null) await lab.cleanup(workspace);
    const begun = await lab.deploy({
      workspace,
      by: person,
      ref,
      ifRunning: replace ? 'replace' : 'wait',
      ...(repository === null ? {} : { repository }),
    });
    const { id } = begun.deployment;
    await wishes.update(wish.id, (current) => current && { ...current, status: 'begun', deployment: id });
    await follow((await lab.get(id)) ?? begun.deployment);
    return begun;
  };

  const begin = async (wish: DeployWish): Promise<BegunDeploy> => {
    const task = beginning.get(wish.id) ?? beginOnce(wish).finally(() => beginning.delete(wish.id));
    beginning.set(wish.id, task);
    return await task;
  };

  /** One of an earlier process: begun as soon as it can be; what fails is told where it was asked for. */
  const beginLater = (wish: DeployWish): void => {
    if (beginning.has(wish.id) || draining) return;
    const task = begin(wish)
      .then(() => {})
      .catch(async (error: unknown) => {
        if (draining) return;
        log.error({ err: describeError(error), wish: wish.id }, 'lab.deploy.failed');
        const advice = error instanceof FrontdeskError ? error.advice : 'See the log of Frontdesk.';
        const markdown = `❌ \`${wish.workspace}\` was not deployed: ${advice}`;
        await chat.say(wish.ref, `${wish.id}/failed`, { kind: 'text', markdown });
        await wishes.update(wish.id, () => undefined);
      })
      .catch((error: unknown) => log.error({ err: describeError(error), wish: wish.id }, 'lab.wish.stranded'))
      .finally(() => taken.delete(task));
    taken.add(task);
  };

  return {
    follow: track,

    async ask(by, info, { repository, replace = false, afresh = false }) {
      const id = `deploy/${by.requestId}`;
      const ref = placeFor(by.ref, info);
      const asked: DeployWish = {
        id,
        workspace: info.name,
        repository: repository ?? null,
        person: by.person,
        ref,
        replace,
        afresh,
        status: 'asked',
        deployment: null,
        at: now(),
      };
      const before = await lab.status(info.name);
      let known: DeployWish | undefined;
      await wishes.update(id, (current) => {
        known = current;
        return current ?? asked;
      });
      if (known !== undefined) {
        // Of an earlier life, and being begun by this one: the wish is one, whoever tells of it again.
        await beginning.get(id)?.catch(() => {});
        const begun = (await wishes.get(id))?.deployment;
        const deployment = (begun && (await lab.get(begun))) || before;
        const text = `\`${info.name}\` is being deployed already.`;
        if (deployment) return { text, shown: true, deployment, done: Promise.resolve(deployment) };
      }
      ports.audit({ person: by.person, action: 'lab.deploy', target: info.name, outcome: 'asked' });
      const begun = await begin(asked).catch(async (error: unknown) => {
        await wishes.update(id, () => undefined);
        throw error;
      });
      const here = sameThread(ref, by.ref);
      const where = here ? 'its card shows the steps' : 'its card is in the thread it is plugged into';
      const text =
        before?.status === 'deploying' && !replace
          ? `⏳ \`${info.name}\` is being deployed already; this one follows when that ends; ${where}.`
          : `⏳ \`${info.name}\` is being deployed; ${where}.`;
      return { text, shown: here, ...begun };
    },

    async resumeAll() {
      const all = await lab.list();
      for (const deployment of all) {
        const state = workspaces.find(deployment.workspace)?.state;
        const noted = state && labStateOf(state);
        const isNoted = noted?.id === deployment.id && noted.status === deployment.status;
        if (!isNoted || deployment.status === 'deploying') await follow(deployment);
      }
      let count = 0;
      for await (const [id, wish] of wishes.entries()) {
        if (wish.status !== 'asked') continue;
        count += 1;
        // Killed between the lab's note of it and ours.
        const begun = all.some(
          ({ workspace, startedAt }) => workspace === wish.workspace && startedAt >= wish.at,
        );
        if (begun) await wishes.update(id, (current) => current && { ...current, status: 'begun' });
        else beginLater(wish);
      }
      return count;
    },

    tick() {
      if (live.size === 0 || now() - refreshedAt < refreshMs) return;
      refreshedAt = now();
      for (const deployment of live.values()) if (!latest.has(deployment.id)) track(deployment);
    },

    async drain() {
      draining = true;
      await Promise.allSettled([...beginning.values(), ...taken]);
    },

    get busy() {
      return live.size + beginning.size + taken.size + presenting;
    },
  };
}
