import type { BridgeEvent } from '../protocol.ts';
import type { Api } from './api.ts';
import { askOf } from './events.ts';
import type { Instances } from './instances.ts';

/** What works and what waits, as OpenCode says it. */
export interface Standing {
  busy: { session_id: string; directory: string }[];
  waiting: BridgeEvent[];
}

export interface Standings {
  /** Read in every directory. */
  all(): Promise<Standing>;
  /**
   * The same, asked only where something can have changed: it may be asked every 2 s, with a hundred directories
   * (notes/opencode.md §2: one thread of OpenCode answers all).
   */
  recent(): Promise<Standing>;
}

export interface StandingsOptions {
  readonly api: () => Api;
  readonly instances: Instances;
  readonly rootOf: (sessionId: string) => string;
}

/** Without an event for so long nothing begins by itself; what works or waits is looked at for as long as it does. */
const recentMs = 60_000;

export function createStandings({ api, instances, rootOf }: StandingsOptions): Standings {
  /** Directories where something worked or waited when last looked at. */
  const standing = new Set<string>();

  async function read(directory: string): Promise<Standing> {
    const [ids, questions, permissions] = await Promise.all([
      api().busy(directory),
      api().questions(directory),
      api().permissions(directory),
    ]);
    if (ids.length + questions.length + permissions.length > 0) standing.add(directory);
    else standing.delete(directory);
    const roots = [...new Set(ids.map(rootOf))];
    return {
      busy: roots.map((session_id) => ({ session_id, directory })),
      waiting: [
        ...questions.map((request) => askOf('question.asked', directory, request, rootOf)),
        ...permissions.map((request) => askOf('permission.asked', directory, request, rootOf)),
      ],
    };
  }

  /** In a directory whose instance has ended nothing works or waits. */
  async function readAll(directories: readonly string[]): Promise<Standing> {
    const all: Standing = { busy: [], waiting: [] };
    const looked = directories.map((directory) => instances.look(directory, () => read(directory)));
    for (const one of await Promise.all(looked)) {
      all.busy.push(...(one?.busy ?? []));
      all.waiting.push(...(one?.waiting ?? []));
    }
    return all;
  }

  return {
    all: () => readAll(instances.all()),
    recent() {
      for (const directory of standing) if (!instances.has(directory)) standing.delete(directory);
      return readAll([...new Set([...instances.touchedWithin(recentMs), ...standing])]);
    },
  };
}
