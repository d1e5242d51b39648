/** All deployments, in memory as they are on the disk. */
import type { Deployment } from '../kit/lab.ts';
import type { Collection } from '../kit/store/collection.ts';
import type { DeploymentRecord } from './record.ts';

/** Ended ones of a workspace that are kept. */
const kept = 10;

export interface Book {
  get(id: string): Promise<DeploymentRecord | undefined>;
  /** Of a workspace, oldest first. */
  of(workspace: string): Promise<Deployment[]>;
  /** Oldest first. */
  all(): Promise<Deployment[]>;
  add(record: DeploymentRecord): Promise<void>;
  /** Returning the same object changes nothing. @returns it as stored; undefined: there is none */
  change(id: string, change: (record: DeploymentRecord) => DeploymentRecord): Promise<Deployment | undefined>;
  /** Forgets the oldest ended ones of a workspace. */
  trim(workspace: string): Promise<void>;
  /** Called after each stored change. */
  onChange(listener: (deployment: Deployment) => void): Disposable;
}

export function createBook(collection: Collection<DeploymentRecord>): Book {
  const known = new Map<string, Deployment>();
  const listeners = new Set<(deployment: Deployment) => void>();
  let loading: Promise<void> | undefined;

  const load = async () => {
    for await (const [id, { deployment }] of collection.entries()) known.set(id, deployment);
  };
  const loaded = async () => {
    loading ??= load();
    try {
      await loading;
    } catch (error) {
      loading = undefined;
      throw error;
    }
  };
  const all = async () => {
    await loaded();
    return [...known.values()].sort((a, b) => a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1));
  };
  const of = async (workspace: string) => (await all()).filter((each) => each.workspace === workspace);
  const store = async (id: string, change: (now: DeploymentRecord | undefined) => typeof now) => {
    await loaded();
    let before: DeploymentRecord | undefined;
    const record = await collection.update(id, (now) => {
      before = now;
      return change(now);
    });
    if (record === undefined) known.delete(id);
    else known.set(id, record.deployment);
    if (record !== undefined && record !== before) for (const tell of listeners) tell(record.deployment);
    return record?.deployment;
  };

  return {
    async get(id) {
      await loaded();
      return known.has(id) ? await collection.get(id) : undefined;
    },
    of,
    all,
    async add(record) {
      await store(record.deployment.id, () => record);
    },
    change: (id, change) => store(id, (record) => record && change(record)),
    async trim(workspace) {
      const ended = (await of(workspace)).filter(({ status }) =>
        ['failed', 'replaced', 'removed'].includes(status),
      );
      for (const { id } of ended.slice(0, -kept)) await store(id, () => undefined);
    },
    onChange(listener) {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
  };
}
