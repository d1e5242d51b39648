/** How a repository is run: what `.frontdesk.yaml` says, and what is seen for the rest. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { FrontdeskError } from '../kit/errors.ts';
import {
  argumentsOf,
  type FrontdeskYaml,
  frontdeskYamlName,
  readFrontdeskYaml,
} from '../kit/frontdesk-yaml.ts';
import type { AppPlan } from '../kit/lab.ts';
import { readBounded } from '../kit/read-bounded.ts';
import type { PlanOf } from './runner.ts';
import { javaRuntime } from './runtimes/java.ts';
import { nodeRuntime } from './runtimes/node.ts';
import { pythonRuntime } from './runtimes/python.ts';
import type { Found, Runtime, View } from './runtimes/runtime.ts';
import { staticRuntime } from './runtimes/static.ts';

/** The first that finds something counts. A new one: its file, and here. */
const runtimes: readonly Runtime[] = [nodeRuntime, pythonRuntime, javaRuntime, staticRuntime];

const defaultMemoryMb = 512;
const largestFile = 256 * 1024;

interface WorkspaceRepository {
  readonly repository: string;
  /** Absolute: the worktree. */
  readonly folder: string;
}

export interface PlannerOptions {
  /** @throws FrontdeskError workspace_unknown */
  readonly repositoriesOf: (workspace: string) => Promise<readonly WorkspaceRepository[]>;
  /** Whether a program is there where the app will run. */
  readonly has: (program: string) => boolean;
}

export function createPlanner({ repositoriesOf, has }: PlannerOptions): PlanOf {
  return async (workspace, repository, before) => {
    const all = await repositoriesOf(workspace);
    const names = all.map((each) => each.repository).join(', ');
    if (all.length === 0) throw new FrontdeskError('lab_unsupported', `${workspace} has no repositories.`);
    if (repository !== undefined || all.length === 1) {
      const one = repository === undefined ? all[0] : all.find((each) => each.repository === repository);
      if (one === undefined)
        throw new FrontdeskError(
          'lab_unsupported',
          `${workspace} has no repository "${repository}"; it has ${names}.`,
        );
      return await readPlan(one, has);
    }
    const plans = await Promise.allSettled(all.map((each) => readPlan(each, has)));
    const found = plans.flatMap((plan) => (plan.status === 'fulfilled' ? [plan.value] : []));
    const [only, ...others] = found;
    const same = found.find((plan) => plan.repository === before?.repository);
    if (same !== undefined) return same;
    if (only !== undefined && others.length === 0) return only;
    throw new FrontdeskError(
      'lab_unsupported',
      only === undefined
        ? `None of ${names} shows how it is started.`
        : `Several can be run: ${found.map((plan) => plan.repository).join(', ')}. Say which one.`,
    );
  };
}

/** @throws FrontdeskError lab_unsupported: what is wrong with its file, or that it does not show how it is started */
async function readPlan({ repository, folder }: WorkspaceRepository, has: View['has']): Promise<AppPlan> {
  const read = await readFrontdeskYaml(folder);
  if (!read.ok) throw new FrontdeskError('lab_unsupported', `${repository}: ${read.problem}`);
  const { settings } = read;
  const view = await openView(folder, has);
  const candidates = runtimes.filter(
    ({ name }) => settings.runtime === undefined || settings.runtime === name,
  );
  for (const runtime of candidates) {
    const found = await runtime.detect(view);
    if (found !== null) return merge(repository, folder, runtime.name, found, settings);
  }
  if (settings.start === undefined && settings.serve === undefined)
    throw new FrontdeskError('lab_unsupported', `${repository} does not show how it is started.`);
  return merge(repository, folder, settings.runtime ?? 'custom', { start: [] }, settings);
}

/** What the file says counts. */
function merge(
  repository: string,
  folder: string,
  runtime: string,
  found: Found,
  settings: FrontdeskYaml,
): AppPlan {
  const { install, build, start, serve, port, health = '/', readySeconds, env, memoryMb } = settings;
  const started = start === undefined ? found.start : argumentsOf(start);
  if (start === false && (serve ?? found.serve ?? null) === null)
    throw new FrontdeskError(
      'lab_unsupported',
      `${repository}: ${frontdeskYamlName} says that nothing is started.`,
    );
  return {
    repository,
    folder,
    runtime,
    install: install === undefined ? (found.install ?? []) : argumentsOf(install),
    reuse: install === undefined ? (found.reuse ?? null) : null,
    build: build === undefined ? (found.build ?? []) : argumentsOf(build),
    start: started,
    serve: started.length > 0 ? null : (serve ?? found.serve ?? '.'),
    port: port ?? null,
    health,
    readySeconds: readySeconds ?? null,
    env: { ...found.env, ...env },
    memoryMb: memoryMb ?? defaultMemoryMb,
  };
}

async function openView(folder: string, has: View['has']): Promise<View> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return {
    files: new Set(entries.filter((entry) => entry.isFile()).map(({ name }) => name)),
    read: (file) => readBounded(path.join(folder, file), { within: folder, most: largestFile }),
    has,
  };
}
