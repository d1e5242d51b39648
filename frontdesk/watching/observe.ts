import { z } from 'zod';
import type { Ask } from '../../mcp-servers/kit/asks.ts';
import { labStateSchema } from '../../mcp-servers/kit/lab.ts';
import type { Policy } from '../../mcp-servers/kit/policy.ts';
import { testStateSchema } from '../../mcp-servers/kit/tests.ts';
import type { WorkspaceInfo, WorkspaceState } from '../../mcp-servers/kit/work.ts';
import { askTitle } from '../asks/words.ts';
import type { ObservedAsk, ObservedWorkspace } from '../../watcher/contract.ts';
import { deskOf } from '../work/record.ts';
import type { Signs } from './signs.ts';

export interface ObserveParts {
  readonly list: () => readonly WorkspaceInfo[];
  readonly find: (name: string) => WorkspaceInfo | undefined;
  readonly signs: Signs;
  /** Unix ms, as people's clock stands now, of a moment by `steady`: what was heard was not heard by a clock that can be set. */
  readonly wall: (at: number) => number;
  readonly policyOf: (workspace: string) => Policy;
  /** What waits for people. */
  readonly pending: () => readonly Ask[];
  /** Since when a host is connected and does not answer. */
  readonly blindSince: (host: string) => number | null | undefined;
  readonly checks: (workspace: string) => ObservedWorkspace['checks'];
  readonly commits: (info: WorkspaceInfo) => ObservedWorkspace['commits'];
}

export interface Observe {
  readonly all: () => ObservedWorkspace[];
  readonly one: (name: string) => ObservedWorkspace | undefined;
}

type OfState = Pick<ObservedWorkspace, 'life' | 'lab' | 'tests'> & { readonly startedAt: number };

/** What is known of workspaces now, put together; nothing is read, and what a state file says is parsed once. */
export function createObserve(parts: ObserveParts): Observe {
  const { signs, wall } = parts;
  const read = new WeakMap<WorkspaceState, OfState>();
  const onWall = <N extends null | undefined>(at: number | N) => (typeof at === 'number' ? wall(at) : at);

  const ofState = (state: WorkspaceState): OfState => {
    const known = read.get(state);
    if (known) return known;
    const made: OfState = {
      life: Date.parse(state.createdAt).toString(36),
      // Another version may have written them: what is not understood is as if it were not there.
      lab: labStateSchema.safeParse(state['lab']).data ?? null,
      tests: z.array(testStateSchema).safeParse(state['tests']).data ?? [],
      startedAt: Date.parse(state.session?.startedAt ?? '') || 0,
    };
    read.set(state, made);
    return made;
  };

  const sessionOf = (state: WorkspaceState, startedAt: number): ObservedWorkspace['session'] => {
    const { session } = state;
    if (session === null) return null;
    const { id, host, status } = session;
    signs.seen(id, status === 'running');
    const { lastSignAt, seenAt, lastDid, loop, todo, underWay } = signs.of(id);
    return {
      id,
      host,
      status,
      startedAt,
      runsSince: deskOf(state).runsSince ?? startedAt,
      todo,
      doing: underWay.at(-1)?.text ?? '',
      lastSignAt: onWall(lastSignAt),
      seenAt: onWall(seenAt) ?? 0,
      lastDid,
      loop,
      blindSince: onWall(parts.blindSince(host)),
    };
  };

  const observe = (info: WorkspaceInfo, pending: readonly Ask[]): ObservedWorkspace => {
    const { name, state } = info;
    const { startedAt, ...rest } = ofState(state);
    const { milestones, lines } = signs.of(state.session?.id ?? '');
    return {
      name,
      ...rest,
      thread: state.thread,
      policy: parts.policyOf(name),
      session: sessionOf(state, startedAt),
      news: deskOf(state).news,
      milestones: [...milestones].map(([id, text]) => ({ id, text })),
      commits: parts.commits(info),
      checks: parts.checks(name),
      waiting: pending.filter(({ status }) => status === 'open').map(describeAsk),
      lines:
        lines !== null && state.eventUpdates && state.thread !== null
          ? { ...lines, since: wall(lines.since) }
          : null,
    };
  };

  return {
    all() {
      const pending = Map.groupBy(parts.pending(), ({ workspace }) => workspace);
      const infos = parts.list();
      signs.keep(new Set(infos.map(({ state }) => state.session?.id ?? '')));
      return infos.map((info) => observe(info, pending.get(info.name) ?? []));
    },
    one(name) {
      const info = parts.find(name);
      return (
        info &&
        observe(
          info,
          parts.pending().filter(({ workspace }) => workspace === name),
        )
      );
    },
  };
}

function describeAsk(ask: Ask): ObservedAsk {
  const { id, askedAt, deadlineAt, body } = ask;
  const text = body.kind === 'permission' ? `may it ${askTitle(ask)}` : askTitle(ask);
  return { id, since: askedAt, until: deadlineAt, text };
}
