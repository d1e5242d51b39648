/** A worktree, a folder for labs, and the lab over them, with real processes. For tests. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Lab } from '../../kit/lab.ts';
import { createSilentLog } from '../../kit/log.ts';
import { openStore } from '../../kit/store/store.ts';
import { createLab, type LabOptions } from '../lab.ts';
import { createPlanner } from '../plan.ts';
import { findProgram } from '../programs.ts';
import { deploymentRecordSchema } from '../record.ts';
import { endLab, findRunning } from './keeper-process.ts';
import { createLocalTarget, type LocalTargetOptions } from './local-target.ts';

export interface Ground extends AsyncDisposable {
  readonly folder: string;
  /** The worktree. */
  readonly repository: string;
  readonly labs: string;
  write(files: Readonly<Record<string, string>>): Promise<void>;
  /** One life of the service. */
  open(o?: LifeOptions): Promise<{ readonly lab: Lab } & AsyncDisposable>;
  /** Deployments of which anything runs. */
  running(): string[];
}

export interface LifeOptions extends Partial<
  Pick<LocalTargetOptions, 'endWithService' | 'limits' | 'enclosure'>
> {
  readonly environment?: Readonly<Record<string, string>>;
  readonly lab?: Partial<LabOptions>;
}

/** Quick enough for tests. */
const quickLimits = {
  graceMs: 1000,
  readyMs: 15_000,
  backoffMs: [20, 20, 20],
  sampleMs: 50,
  healthMs: 100,
};

export const workspace = 'shop';
export const asker = { by: 'U1', ref: null };

export async function createGround(
  files: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Ground> {
  const folder = await mkdtemp(path.join(tmpdir(), 'lab-'));
  const repository = path.join(folder, 'repos', 'app');
  const labs = path.join(folder, 'labs');
  const write: Ground['write'] = async (contents) => {
    for (const [name, text] of Object.entries(contents)) {
      const file = path.join(repository, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, text);
    }
  };
  await mkdir(repository, { recursive: true });
  await promisify(execFile)('git', ['init', '-q', repository]);
  await write(files);

  return {
    folder,
    repository,
    labs,
    write,
    running: () => [...findRunning(labs)],
    open: (o) => openLife(folder, environment, o),
    async [Symbol.asyncDispose]() {
      for (const id of findRunning(labs)) await endLab(id, labs, 200);
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    },
  };
}

/** @param folder of the ground */
export async function openLife(
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
  o: LifeOptions = {},
): Promise<{ readonly lab: Lab } & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const log = createSilentLog();
  const store = stack.use(await openStore({ dir: path.join(folder, 'state'), log }));
  const outside = { PATH: environment['PATH'], HOME: folder, ...o.environment };
  const target = createLocalTarget({
    folder: path.join(folder, 'labs'),
    environment: outside,
    ...(o.endWithService === undefined ? {} : { endWithService: o.endWithService }),
    ...(o.enclosure === undefined ? {} : { enclosure: o.enclosure }),
    limits: { ...quickLimits, ...o.limits },
    log,
  });
  const lab = stack.use(
    createLab({
      targets: [target],
      deployments: store.collection({ name: 'deployments', schema: deploymentRecordSchema, version: 1 }),
      planOf: createPlanner({
        repositoriesOf: async () => [{ repository: 'app', folder: path.join(folder, 'repos', 'app') }],
        has: (program) => findProgram(program, outside.PATH ?? '') !== undefined,
      }),
      redact: (text) => text,
      log,
      now: Date.now,
      ...o.lab,
    }),
  );
  const owned = stack.move();
  return { lab, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
