import { describeError, FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import type { Log } from '../../mcp-servers/kit/log.ts';
import type { Hosts, HostSnapshot, WorkspaceInfo } from '../../mcp-servers/kit/work.ts';
import type { Signs } from './signs.ts';

export interface ProbeParts {
  readonly hosts: Pick<Hosts, 'list' | 'snapshot' | 'messages' | 'isConnected' | 'instanceOf'>;
  readonly list: () => readonly WorkspaceInfo[];
  readonly signs: Signs;
  /** Each is given how a host stands; one that fails keeps the others from nothing. */
  readonly takers: readonly ((host: string, snapshot: HostSnapshot, requestedAt: number) => Promise<void>)[];
  /** Other things outside to look at, by name. */
  readonly others: readonly (readonly [name: string, look: () => Promise<void>])[];
  readonly stalledAfterMs: number;
  readonly log: Log;
  readonly now: () => number;
  /** Milliseconds since some moment of this life: nobody sets it. */
  readonly steady: () => number;
}

export interface Probes {
  /** Looks at everything once. One that still looks from before is left to it. Never rejects. */
  readonly run: () => Promise<void>;
  /** Since when a host is connected and does not answer; undefined: not asked yet. */
  readonly blindSince: (host: string) => number | null | undefined;
}

/** Read of each session when its OpenCode is another one. */
const recallMessages = 100;

export function createProbes(parts: ProbeParts): Probes {
  const { hosts, signs, log, now, steady } = parts;
  const underWay = new Set<string>();
  /** By name of what is looked at: since when it fails. */
  const failing = new Map<string, number | null>();
  /** By session: the silence for which it was asked whether it lives. */
  const asked = new Map<string, number>();
  /** By host: the run of OpenCode whose sessions were read. */
  const recalled = new Map<string, string>();

  const once = async (name: string, look: () => Promise<void>): Promise<void> => {
    if (underWay.has(name)) return;
    underWay.add(name);
    const since = steady();
    try {
      await look();
      if (typeof failing.get(name) === 'number') log.info({ probe: name }, 'watching.probe.works');
      failing.set(name, null);
    } catch (error) {
      // Said once, not every 2 s.
      if (typeof failing.get(name) !== 'number') {
        log.warn({ err: describeError(error), probe: name }, 'watching.probe.failed');
        failing.set(name, since);
      }
    } finally {
      underWay.delete(name);
    }
  };

  /**
   * Milestones of a run of OpenCode that we saw nothing of, or not all: its bridge forgot them when it ended. What was told
   * is known by the calls' ids.
   */
  const recall = async (host: string): Promise<void> => {
    const run = hosts.instanceOf(host);
    if (run === undefined || recalled.get(host) === run) return;
    const ours = parts.list().filter(({ state: { session } }) => {
      const status = session?.host === host ? session.status : undefined;
      return status === 'running' || status === 'idle' || status === 'unreachable';
    });
    for (const { folder, state } of ours) {
      const sessionId = state.session?.id ?? '';
      const read = await hosts
        .messages({ host, sessionId, directory: folder, limit: recallMessages })
        .catch((error: unknown) => {
          if (error instanceof FrontdeskError && error.code === 'host_unavailable') throw error;
          log.warn({ err: describeError(error), host, session: sessionId }, 'watching.recall.failed');
          return [];
        });
      const milestones = read.flatMap((message) =>
        (message.milestones ?? []).map((each) => ({ ...each, sessionId, at: message.at })),
      );
      signs.note({ milestones, todos: [] }, () => true);
    }
    recalled.set(host, run);
  };

  const lookAt = async (host: string): Promise<void> => {
    await recall(host);
    const requestedAt = steady();
    const snapshot = await hosts.snapshot(host);
    const ours = new Set(
      parts.list().flatMap(({ state }) => (state.session?.host === host ? [state.session.id] : [])),
    );
    signs.note(snapshot, (sessionId) => ours.has(sessionId));
    const taken = await Promise.allSettled(parts.takers.map((take) => take(host, snapshot, requestedAt)));
    for (const each of taken)
      if (each.status === 'rejected')
        log.error({ err: describeError(each.reason), host }, 'watching.snapshot.refused');
  };

  /** Events may have been missed: before it is called stalled, its latest message is looked at, once for each silence. */
  const askSilent = async (): Promise<void> => {
    const silent = parts.list().filter(({ state: { session } }) => {
      if (session?.status !== 'running' || !hosts.isConnected(session.host)) return false;
      const { lastSignAt, seenAt } = signs.of(session.id);
      const since = lastSignAt ?? seenAt ?? steady();
      if (steady() - since < parts.stalledAfterMs || asked.get(session.id) === since) return false;
      asked.set(session.id, since);
      return true;
    });
    await Promise.all(
      silent.map(async ({ folder, state: { session } }) => {
        if (session === null) return;
        const { id: sessionId, host } = session;
        const [last] = await hosts.messages({ host, sessionId, directory: folder, limit: 1 });
        if (last !== undefined) signs.lived(sessionId, steady() - (now() - last.at));
      }),
    );
  };

  return {
    async run() {
      const connected = hosts.list().map(({ host }) => host);
      // One that is away is not blind, and is not when it comes back.
      for (const name of failing.keys())
        if (name.startsWith('host ') && !connected.includes(name.slice('host '.length))) failing.delete(name);
      await Promise.all([
        ...connected.map(async (host) => await once(`host ${host}`, async () => await lookAt(host))),
        once('silent sessions', askSilent),
        ...parts.others.map(async ([name, look]) => await once(name, look)),
      ]);
    },
    blindSince: (host) => (hosts.isConnected(host) ? failing.get(`host ${host}`) : null),
  };
}
