/** Labs as supervised processes on this machine (LAB-9). Each has a keeper of its own, which outlives the service. */
import path from 'node:path';
import { describeError } from '../../kit/errors.ts';
import { type AppPlan, type Deployment, type LabCause, LabFailure, type LabTarget } from '../../kit/lab.ts';
import type { Log } from '../../kit/log.ts';
import { findProgram } from '../programs.ts';
import { programHints } from '../runtimes/runtime.ts';
import { buildEnvironment, searchPath } from './environment.ts';
import { followKeeper } from './follow.ts';
import { endLab, findRunning, startKeeper } from './keeper-process.ts';
import {
  isDeploymentFolder,
  listFolders,
  makePlace,
  type Place,
  placeOf,
  removeFolder,
  workspaceFolder,
} from './places.ts';
import { createPorts } from './ports.ts';
import { forgetOthers, reuseInstall } from './reuse.ts';
import { openRing, readRing } from './ring.ts';
import { takeSnapshot } from './snapshot.ts';
import type { KeeperLimits } from './spec.ts';
import { decideCondition, handleOf, isKept, type LocalHandle, readStatus, supervisorGone } from './status.ts';
import { writeStatus } from './write-status.ts';

export interface LocalTargetOptions {
  /** Where labs are: a folder of its own. */
  readonly folder: string;
  /** Of the service; apps get the harmless part of it (PATH, proxies, registries). */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Labs end with the service instead of staying until they are cleaned up; also when it is killed. */
  readonly endWithService?: boolean;
  /**
   * Put before the keeper, e.g. `unshare … --`: it and its app see no process but their own. What the service and its
   * neighbours have in their environment is open to every process of the same user otherwise.
   */
  readonly enclosure?: readonly string[];
  readonly limits?: Partial<KeeperLimits>;
  readonly log: Log;
}

const defaultLimits: KeeperLimits = {
  installMs: 120_000,
  buildMs: 180_000,
  readyMs: 180_000,
  graceMs: 5000,
  backoffMs: [500, 1000, 2000],
  settledMs: 60_000,
  sampleMs: 500,
  healthMs: 30_000,
  idleMs: null,
  logBytes: 1024 * 1024,
};

const staticServer = path.join(import.meta.dirname, '..', 'static-server', 'main.ts');
/** A keeper that waits for its spec while its service is gone needs a moment to notice. */
const bootMs = 2000;
/** OP-4: all of the service ends within 10 s. */
const hurryMs = 2500;

export function createLocalTarget(options: LocalTargetOptions): LabTarget {
  const { environment, endWithService = false, enclosure = [], log } = options;
  const labs = path.resolve(options.folder);
  const limits = { ...defaultLimits, ...options.limits };
  const search = searchPath(environment['PATH']);
  const ports = createPorts();
  /** Ours alone, with {@link LocalTargetOptions.endWithService}. */
  const own = new Set<string>();

  const placeIn = ({ workspace, id }: Pick<Deployment, 'workspace' | 'id'>): Place =>
    placeOf(labs, workspace, id);

  const remove = async (deployment: Pick<Deployment, 'workspace' | 'id'>): Promise<void> => {
    await endLab(deployment.id, labs, limits.graceMs);
    await removeFolder(placeIn(deployment).root);
    own.delete(deployment.id);
  };

  const takePort = async (wanted: number | null, before: Deployment | null): Promise<number> => {
    // The one that runs has it: it goes first.
    if (before !== null && wanted !== null && handleOf(before)?.port === wanted) {
      await endLab(before.id, labs, limits.graceMs);
      const { root } = placeIn(before);
      const status = await readStatus(root);
      if (status !== null) writeStatus(root, { ...status, phase: 'ended', cause: madeWay });
    }
    return await ports.take(wanted);
  };

  /** What is to be run, with what serves a folder where nothing is. */
  const startOf = (plan: AppPlan): readonly string[] =>
    plan.serve === null ? plan.start : [process.execPath, staticServer, plan.serve];

  return {
    name: 'local',

    async deploy({ id, workspace, plan, before }, progress, signal) {
      const place = placeOf(labs, workspace, id);
      await progress.step('source', 'Copying the code');
      const start = startOf(plan);
      for (const argv of [plan.install, plan.build, start]) assertProgram(argv, search, plan.folder);
      await makePlace(place);
      const port = await takePort(plan.port, before);
      try {
        using keeper = await startKeeper({ id, labs, place, path: search, enclosure });
        const { pid, started } = keeper;
        const handle: LocalHandle = { pid, started, port, kept: '', digest: '' };
        const [snapshot] = await Promise.all([
          takeSnapshot({
            from: plan.folder,
            to: place.app,
            manifest: path.join(place.root, 'manifest.json'),
            before: before && beforeOf(placeIn(before)),
            env: gitEnvironment(environment),
            signal,
          }),
          progress.handle(handle),
        ]);
        noteInLog(place.root, snapshot.notes, limits.logBytes);
        const reuse = await reuseInstall(plan, place, snapshot.hashes);
        await progress.handle({ kept: reuse.key, digest: snapshot.digest });
        signal.throwIfAborted();
        if (endWithService) own.add(id);
        const install = reuse.isThere ? [] : plan.install;
        keeper.tell({
          id,
          place: place.root,
          cwd: place.app,
          env: buildEnvironment({ id, labs, place, plan, port, path: search, outside: environment }),
          install,
          keep: reuse.keep,
          build: plan.build,
          start,
          port,
          isPortFixed: plan.port !== null,
          health: plan.health,
          memoryMb: plan.memoryMb,
          portNote: portNote(plan.port, port),
          endWithService,
          limits: plan.readySeconds === null ? limits : { ...limits, readyMs: plan.readySeconds * 1000 },
        });
        const commands = { install, build: plan.build, start: plan.serve === null ? start : [] };
        const url = await followKeeper(
          { id, root: place.root, handle, commands, told: [] },
          progress,
          signal,
        );
        await forgetOthers(place, [reuse.key, (before && handleOf(before)?.kept) ?? '']);
        return { url, digest: snapshot.digest };
      } finally {
        ports.release(port);
      }
    },

    async resume(deployment, progress, signal) {
      const handle = handleOf(deployment);
      if (handle === null) throw new Error('a deploy without a keeper is not resumed');
      const { root } = placeIn(deployment);
      const told = deployment.steps.map(({ key }) => key);
      const followed = { id: deployment.id, root, handle, commands: {}, told };
      return { url: await followKeeper(followed, progress, signal), digest: handle.digest };
    },

    async observe(deployment) {
      const handle = handleOf(deployment);
      if (handle === null) return { state: 'absent', cause: null, restarts: 0 };
      const { root } = placeIn(deployment);
      const look = async () => {
        // In this order: its last word is written before it ends.
        const isAlive = isKept(deployment.id, handle);
        return { isAlive, status: await readStatus(root) };
      };
      let found = await look();
      for (const last = Date.now() + bootMs; found.isAlive && found.status === null && Date.now() < last;) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        found = await look();
      }
      const { isAlive, status } = found;
      if (!isAlive && status !== null && status.phase !== 'ended') {
        // Killed, it could not end what it ran, nor say so; done once, it need not be done at each look.
        await endLab(deployment.id, labs, limits.graceMs);
        writeStatus(root, { ...status, phase: 'ended', cause: supervisorGone });
      }
      return decideCondition(status, isAlive && status !== null);
    },

    logs: async (deployment, lines) => readRing(placeIn(deployment).root, lines),
    remove,

    async clear(workspace) {
      const folder = workspaceFolder(labs, workspace);
      const ids = (await listFolders(folder)).filter(isDeploymentFolder);
      await Promise.all(ids.map((id) => endLab(id, labs, limits.graceMs)));
      await removeFolder(folder);
      for (const id of ids) own.delete(id);
    },

    async sweep(known) {
      const ids = new Set(known.map(({ id }) => id));
      const said: string[] = [];
      for (const workspace of await listFolders(labs)) {
        const folder = path.join(labs, workspace);
        for (const id of (await listFolders(folder)).filter(isDeploymentFolder)) {
          if (ids.has(id)) continue;
          await endLab(id, labs, limits.graceMs);
          await removeFolder(path.join(folder, id));
          said.push(`${workspace}: what was left of an earlier lab is removed.`);
        }
      }
      for (const id of findRunning(labs)) {
        if (ids.has(id)) continue;
        await endLab(id, labs, limits.graceMs);
        said.push('A lab that nobody knew any more has been ended.');
      }
      return said;
    },

    async [Symbol.asyncDispose]() {
      const ending = [...own].map(async (id) => {
        try {
          await endLab(id, labs, 0, hurryMs);
        } catch (error) {
          log.error({ err: describeError(error), deployment: id }, 'lab.end.failed');
        }
      });
      await Promise.all(ending);
    },
  };
}

function beforeOf({ root, app }: Place): { folder: string; manifest: string } {
  return { folder: app, manifest: path.join(root, 'manifest.json') };
}

/** Told when the newer one fails; else the newer one replaces it. */
const madeWay: LabCause = {
  kind: 'interrupted',
  text: 'It made way for a newer deployment, which needed its port and failed.',
  fix: 'Mend what the newer one failed for, and deploy again.',
};

/** @throws LabFailure unsupported, with how to get what is missing */
function assertProgram(argv: readonly string[], search: string, cwd: string): void {
  const [program] = argv;
  // A path in the repository may be made by its build.
  if (program === undefined || (program.includes('/') && !path.isAbsolute(program))) return;
  const words = program === '/bin/sh' ? /^(?:exec )?(\w+)/.exec(argv[2] ?? '')?.[1] : program;
  const needed = words !== undefined && (words === program || words in programHints) ? words : program;
  if (findProgram(needed, search, cwd) !== undefined) return;
  throw new LabFailure({
    kind: 'unsupported',
    text: `It needs \`${needed}\`, which is not installed on this machine.`,
    fix: programHints[needed] ?? 'Install it, or say how it is run in .frontdesk.yaml.',
  });
}

function gitEnvironment({ PATH, HOME }: LocalTargetOptions['environment']): Record<string, string> {
  return {
    PATH: PATH ?? '',
    ...(HOME === undefined ? {} : { HOME }),
    LC_ALL: 'C.UTF-8',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
  };
}

function noteInLog(root: string, notes: readonly string[], limit: number): void {
  if (notes.length > 0) openRing(root, limit).write(notes.map((note) => `frontdesk: ${note}\n`).join(''));
}

function portNote(wanted: number | null, port: number): string {
  if (wanted === null || wanted === port) return '';
  return `Port ${wanted} was taken by another program, so PORT was ${port}.`;
}
