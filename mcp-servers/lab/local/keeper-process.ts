/** The service's side of a keeper: starting one, and ending one with all it runs. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  createProcessGroup,
  findMarked,
  isSame,
  type MarkedProcess,
  startTimeOf,
} from '../../kit/processes.ts';
import { cacheFolder, type Place } from './places.ts';
import { cacheVariable, type KeeperSpec, keeperVariable, labsVariable, labVariable } from './spec.ts';

export interface NewKeeper extends Disposable {
  readonly pid: number;
  readonly started: string;
  /** It begins. Disposed before that, it ends by itself, as it does when the service is killed. */
  tell(spec: KeeperSpec): void;
}

const main = path.join(import.meta.dirname, 'keeper', 'main.ts');
/** For what takes milliseconds, on a machine that is busy. */
const foundMs = 10_000;
/** It is a few timers and a pipe. */
const flags = ['--max-semi-space-size=1', '--max-old-space-size=64', '--disable-warning=ExperimentalWarning'];

/** Starts one that waits for its spec; it needs a moment to boot, in which the code is copied. */
export async function startKeeper(o: {
  readonly id: string;
  readonly labs: string;
  readonly place: Place;
  readonly path: string;
  /** Put before it; its first child is the keeper then. Empty for none. */
  readonly enclosure: readonly string[];
}): Promise<NewKeeper> {
  const { place, enclosure } = o;
  const command = [...enclosure, process.execPath, ...flags, main];
  const child = spawn(command[0] ?? process.execPath, command.slice(1), {
    cwd: place.root,
    // None of ours: what it starts gets an environment of its own.
    env: {
      PATH: o.path,
      HOME: place.home,
      [cacheVariable]: cacheFolder(place),
      [keeperVariable]: o.id,
      [labsVariable]: o.labs,
    },
    // A session of its own: what ends the service by its group must not end the lab.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  await once(child, 'spawn');
  const { pid: outer = 0, stdin } = child;
  // It may be gone: what follows looks at its status.
  stdin.on('error', () => {});
  child.unref();
  const { pid, started } = await findKeeper(outer, o.id, enclosure.length > 0).catch((error: unknown) => {
    stdin.end();
    throw error;
  });
  let isTold = false;
  return {
    pid,
    started,
    tell(spec) {
      isTold = true;
      stdin.write(`${JSON.stringify(spec)}\n`);
      if (spec.endWithService) (stdin as { unref?: () => void }).unref?.();
      else stdin.end();
    },
    [Symbol.dispose]() {
      if (!isTold) stdin.end();
    },
  };
}

/** It is named once it can be found again by its mark, which it has from its exec on. */
async function findKeeper(
  outer: number,
  id: string,
  isEnclosed: boolean,
): Promise<Pick<MarkedProcess, 'pid' | 'started'>> {
  const mark = `${keeperVariable}=${id}`;
  for (const last = Date.now() + foundMs; ;) {
    const found = findMarked(mark, labsVariable).find(
      ({ pid, parent }) => (isEnclosed ? parent : pid) === outer,
    );
    if (found !== undefined) return found;
    const started = startTimeOf(outer);
    if (Date.now() > last || started === undefined) throw new Error('the keeper did not start');
    if (process.platform !== 'linux') return { pid: outer, started };
    await pause(5);
  }
}

/**
 * Ends a lab: its keeper, which ends all of it, and whatever is left.
 * @param keeperMs for the keeper, which gives its app the grace it was told, and then a moment to be killed
 * @throws Error when something would not end
 */
export async function endLab(
  id: string,
  labs: string,
  graceMs: number,
  keeperMs = graceMs + 6000,
): Promise<void> {
  const mine = findMarked(`${keeperVariable}=${id}`, labsVariable).filter(({ value }) => value === labs);
  // What encloses a keeper ends with it; ended first, it would kill it.
  const inner = mine.filter(({ parent }) => mine.some(({ pid }) => pid === parent));
  const keepers = inner.length > 0 ? inner : mine;
  await Promise.all(keepers.map(({ pid, started }) => endKeeper(pid, started, id, keeperMs)));
  await Promise.all(mine.map(({ pid, started }) => endKeeper(pid, started, id, foundMs)));
  const group = createProcessGroup(`${labVariable}=${id}`);
  if (!(await group.end(graceMs)))
    throw new Error(`processes of lab ${id} do not end: ${group.pids().join(', ')}`);
}

async function endKeeper(pid: number, started: string, id: string, waitMs: number): Promise<void> {
  const lives = () => isSame(pid, started, `${keeperVariable}=${id}`);
  const signal = (name: NodeJS.Signals) => {
    try {
      if (lives()) process.kill(pid, name);
    } catch {
      // Gone in the meantime.
    }
  };
  const last = Date.now() + waitMs;
  for (let asked = 0; lives() && Date.now() < last; await pause(15)) {
    // Again: the first process of an enclosure does not even get it before it is ready for it.
    if (Date.now() - asked < 300) continue;
    asked = Date.now();
    signal('SIGTERM');
  }
  signal('SIGKILL');
}

/** All labs of this folder that anything runs of: deployments. */
export function findRunning(labs: string): Set<string> {
  const mark = `${labsVariable}=${labs}`;
  return new Set(
    [keeperVariable, labVariable].flatMap((name) => findMarked(mark, name).map(({ value }) => value)),
  );
}
