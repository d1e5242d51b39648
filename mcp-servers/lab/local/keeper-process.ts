/** The service's side of a keeper: starting one, and ending one with all it runs. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createProcessGroup, findMarked, isSame, startTimeOf } from './processes.ts';
import { cacheFolder } from './places.ts';
import { cacheVariable, type KeeperSpec, keeperVariable, labsVariable, labVariable } from './spec.ts';

export interface NewKeeper extends Disposable {
  readonly pid: number;
  readonly started: string;
  /** It begins. Disposed before that, it ends by itself, as it does when the service is killed. */
  tell(spec: KeeperSpec): void;
}

const main = path.join(import.meta.dirname, 'keeper', 'main.ts');
/** It is a few timers and a pipe. */
const flags = ['--max-semi-space-size=1', '--max-old-space-size=64', '--disable-warning=ExperimentalWarning'];

/** Starts one that waits for its spec; it needs a moment to boot, in which the code is copied. */
export async function startKeeper(o: {
  readonly id: string;
  readonly labs: string;
  readonly root: string;
  readonly home: string;
  readonly path: string;
}): Promise<NewKeeper> {
  const child = spawn(process.execPath, [...flags, main], {
    cwd: o.root,
    // None of ours: what it starts gets an environment of its own.
    env: {
      PATH: o.path,
      HOME: o.home,
      [cacheVariable]: cacheFolder(o.labs),
      [keeperVariable]: o.id,
      [labsVariable]: o.labs,
    },
    // A session of its own: what ends the service by its group must not end the lab.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  await once(child, 'spawn');
  const { pid, stdin } = child;
  const started = pid === undefined ? undefined : startTimeOf(pid);
  if (pid === undefined || started === undefined) throw new Error('the keeper did not start');
  child.unref();
  // It may be gone: what follows looks at its status.
  stdin.on('error', () => {});
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
  await Promise.all(mine.map(({ pid, started }) => endKeeper(pid, started, id, keeperMs)));
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
  signal('SIGTERM');
  for (const last = Date.now() + waitMs; lives() && Date.now() < last;) await pause(15);
  signal('SIGKILL');
}

/** All labs of this folder that anything runs of: deployments. */
export function findRunning(labs: string): Set<string> {
  const mark = `${labsVariable}=${labs}`;
  return new Set(
    [keeperVariable, labVariable].flatMap((name) => findMarked(mark, name).map(({ value }) => value)),
  );
}
