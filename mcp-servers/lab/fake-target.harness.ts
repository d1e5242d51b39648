/** A target without processes, for tests: each deploy goes as far as it is told. */
import type { AppPlan, DeployRequest, LabCondition, LabFailure, LabTarget } from '../kit/lab.ts';

export interface FakeTarget extends LabTarget {
  /** By deployment: what `observe` finds; what is not in it is absent. */
  readonly standing: Map<string, LabCondition>;
  readonly removed: string[];
  readonly requests: DeployRequest[];
  readonly swept: string[][];
  /** The deploy of this workspace that waits gets ready, or fails. Waits for one to come. */
  settle(workspace: string, failure?: LabFailure): Promise<void>;
}

const readyCondition: LabCondition = { state: 'ready', cause: null, restarts: 0 };

export function createFakeTarget(name = 'fake'): FakeTarget {
  const standing = new Map<string, LabCondition>();
  const gates = new Map<string, PromiseWithResolvers<LabFailure | undefined>>();
  const removed: string[] = [];
  const requests: DeployRequest[] = [];
  const swept: string[][] = [];
  const gateOf = (workspace: string) => {
    const gate = gates.get(workspace) ?? Promise.withResolvers<LabFailure | undefined>();
    gates.set(workspace, gate);
    return gate;
  };
  const finish = async (workspace: string, id: string, signal: AbortSignal) => {
    const aborted = Promise.withResolvers<never>();
    aborted.promise.catch(() => {});
    const onAbort = () => aborted.reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort);
    const failure = await Promise.race([gateOf(workspace).promise, aborted.promise]);
    gates.delete(workspace);
    if (failure !== undefined) throw failure;
    standing.set(id, readyCondition);
    return { url: `http://127.0.0.1/${id}`, digest: `digest-${id}` };
  };
  return {
    name,
    standing,
    removed,
    requests,
    swept,
    async settle(workspace, failure) {
      gateOf(workspace).resolve(failure);
    },
    async deploy(request, progress, signal) {
      requests.push(request);
      await progress.step('source', 'Copying the code');
      await progress.handle({ place: request.id });
      standing.set(request.id, { state: 'starting', cause: null, restarts: 0 });
      await progress.step('ready', 'Waiting for the app to answer', '/');
      progress.log([`log of ${request.id}`]);
      return await finish(request.workspace, request.id, signal);
    },
    resume: ({ workspace, id }, _, signal) => finish(workspace, id, signal),
    observe: async ({ id }) => standing.get(id) ?? { state: 'absent', cause: null, restarts: 0 },
    logs: async ({ id }) => (standing.has(id) ? [`live ${id}`] : []),
    async remove({ id }) {
      removed.push(id);
      standing.delete(id);
    },
    async clear(workspace) {
      removed.push(workspace);
    },
    async sweep(known) {
      swept.push(known.map(({ id }) => id));
      return [];
    },
    async [Symbol.asyncDispose]() {},
  };
}

/** A plan that a fake target takes. */
export function fakePlan(repository = 'api'): AppPlan {
  return {
    repository,
    folder: '/nowhere',
    runtime: 'node',
    install: [],
    reuse: null,
    build: [],
    start: ['node', 'server.js'],
    serve: null,
    port: null,
    health: '/',
    env: {},
    readySeconds: null,
    memoryMb: 256,
  };
}
