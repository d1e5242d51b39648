import type { BridgeEvent } from '../protocol.ts';
import type { Api } from './api.ts';
import { askOf } from './events.ts';
import type { Instances } from './instances.ts';

/** What works and what waits, as OpenCode says it. */
export interface Standing {
  readonly busy: { session_id: string; directory: string }[];
  readonly waiting: BridgeEvent[];
}

export interface Standings {
  /** Read in every directory. */
  all(): Promise<Standing>;
  /**
   * The same, asked of OpenCode only where something changed since it was last asked: this is wanted every 2 s, with many
   * directories, each costs about 3 ms of the one thread that runs all sessions (measured; notes/opencode.md §2).
   */
  recent(): Promise<Standing>;
  /** An event of OpenCode: what is known of its directory may have changed. */
  heard(directory: string, type: string): void;
}

export interface StandingsOptions {
  readonly api: () => Api;
  readonly instances: Instances;
  readonly rootOf: (sessionId: string) => string;
  readonly now: () => number;
}

interface Known {
  readonly at: number;
  readonly standing: Standing;
  readonly stale: boolean;
}
const nothing: Standing = { busy: [], waiting: [] };

/** Events after which other sessions may work, or other requests wait. */
const changing = /^(session\.(status|idle|error|created|deleted)|(question|permission)\.)/;

/** Events or not, what works or waits is asked for after this long. */
const trustMs = 10_000;
/** Where nothing happened for so long, works or waits, nothing begins without an event. */
const recentMs = 60_000;

export function createStandings({ api, instances, rootOf, now }: StandingsOptions): Standings {
  /** As last read; `stale`: something changed since. Another object after each change. */
  const known = new Map<string, Known>();

  async function read(directory: string): Promise<Standing> {
    const [before, at] = [known.get(directory), now()];
    const [ids, questions, permissions] = await Promise.all([
      api().busy(directory),
      api().questions(directory),
      api().permissions(directory),
    ]);
    const roots = [...new Set(ids.map(rootOf))];
    const standing = {
      busy: roots.map((session_id) => ({ session_id, directory })),
      waiting: [
        ...questions.map((request) => askOf('question.asked', directory, request, rootOf)),
        ...permissions.map((request) => askOf('permission.asked', directory, request, rootOf)),
      ],
    };
    // What changed while it was read is read again.
    if (known.get(directory) === before) known.set(directory, { at, standing, stale: false });
    return standing;
  }

  const isOld = (directory: string, touched: ReadonlySet<string>): boolean => {
    const last = known.get(directory);
    if (last === undefined || last.stale) return true;
    const quiet = last.standing.busy.length + last.standing.waiting.length === 0;
    return (!quiet || touched.has(directory)) && now() - last.at > trustMs;
  };

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
    async recent() {
      for (const directory of known.keys()) if (!instances.has(directory)) known.delete(directory);
      const touched = new Set(instances.touchedWithin(recentMs));
      const all = [...new Set([...touched, ...known.keys()])];
      const old = new Set(all.filter((directory) => isOld(directory, touched)));
      const fresh = all.filter((directory) => !old.has(directory));
      const standings = fresh.flatMap((directory) => known.get(directory)?.standing ?? []);
      const read = await readAll([...old]);
      return {
        busy: [...standings.flatMap(({ busy }) => busy), ...read.busy],
        waiting: [...standings.flatMap(({ waiting }) => waiting), ...read.waiting],
      };
    },
    heard(directory, type) {
      if (!changing.test(type)) return;
      const { at = 0, standing = nothing } = known.get(directory) ?? {};
      known.set(directory, { at, standing, stale: true });
    },
  };
}
