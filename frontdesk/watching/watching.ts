/** The watcher with its eyes and its mouth. */
import type { Ask } from '../../mcp-servers/kit/asks.ts';
import type { Chat } from '../../mcp-servers/kit/chat.ts';
import type { Log } from '../../mcp-servers/kit/log.ts';
import type { Policy } from '../../mcp-servers/kit/policy.ts';
import type { Collection } from '../../mcp-servers/kit/store/collection.ts';
import type { HostEvent, Hosts, HostSnapshot } from '../../mcp-servers/kit/work.ts';
import type { Workspaces } from '../../mcp-servers/workspaces/contract.ts';
import { count } from '../../mcp-servers/workspaces/diff/render.ts';
import { defaultLimits } from '../../watcher/contract.ts';
import type { Told } from '../../watcher/told.ts';
import { createWatcher, type Watcher, type WatcherPorts } from '../../watcher/watcher.ts';
import type { Watched } from '../work/contract.ts';
import { createChecks } from './checks.ts';
import { createCommits } from './commits.ts';
import { createObserve } from './observe.ts';
import { createProbes, type ProbeParts } from './probes.ts';
import { createSigns } from './signs.ts';

export interface WatchingParts {
  readonly workspaces: Pick<Workspaces, 'list' | 'find' | 'diff' | 'history'>;
  readonly hosts: Hosts;
  readonly watched: Watched;
  readonly policyOf: (workspace: string) => Policy;
  readonly told: Collection<Told>;
  readonly chat: Pick<Chat, 'say' | 'change'>;
  /** What waits for people; absent: nothing does. */
  readonly asks?: {
    observe(
      host: string,
      snapshot: Pick<HostSnapshot, 'waiting' | 'busy'>,
      requestedAt: number,
    ): Promise<void>;
    pending(): readonly Ask[];
  };
  /** For the checks of pull requests; absent: they are not looked at. */
  readonly github?: { readonly token: string; readonly apiUrl?: string | undefined };
  /** Further things to look at every 2 s, by name. */
  readonly others?: ProbeParts['others'];
  readonly stalledAfterMs?: number;
  readonly metrics: WatcherPorts['metrics'];
  readonly log: Log;
  readonly now: () => number;
  /** Milliseconds since some moment of this life: nobody sets it. */
  readonly steady: () => number;
}

/** Tools by which an agent commits: a shell, and a subagent with one. */
const committing = ['bash', 'task'];

/** Disposing it stops listening, looking and telling. `start()` begins. */
export function createWatching(parts: WatchingParts): Watcher {
  const { workspaces, hosts, watched, asks, log, now, steady } = parts;
  const { stalledAfterMs = defaultLimits.stalledAfterMs } = parts;
  const signs = createSigns(steady);
  const names = new Map<string, string>();

  const commits = createCommits({ workspaces, log, steady });
  const checks =
    parts.github &&
    createChecks({
      token: parts.github.token,
      apiUrl: parts.github.apiUrl ?? 'https://api.github.com',
      fetch,
      list: () => workspaces.list(),
      now,
    });
  const probes = createProbes({
    hosts,
    list: () => workspaces.list(),
    signs,
    takers: [
      watched.look,
      ...(asks
        ? [
            (host: string, snapshot: HostSnapshot, requestedAt: number) =>
              asks.observe(host, snapshot, requestedAt),
          ]
        : []),
    ],
    others: [
      ...(parts.others ?? []),
      ['commits', commits.look],
      ...(checks ? [['checks', checks.look] as const] : []),
    ],
    stalledAfterMs,
    log,
    now,
    steady,
  });

  const observe = createObserve({
    list: () => workspaces.list(),
    find: (name) => workspaces.find(name),
    signs,
    policyOf: parts.policyOf,
    pending: () => asks?.pending() ?? [],
    blindSince: probes.blindSince,
    wall: (at) => Math.round(at + now() - steady()),
    commits: commits.of,
    checks: (name) => checks?.of(name) ?? [],
  });

  const watcher = createWatcher({
    probe: probes.run,
    lookAt: commits.lookAt,
    show: watched.show,
    observe: observe.all,
    observeOne: observe.one,
    told: parts.told,
    chat: parts.chat,
    words: watched.lastWords,
    async changes(name) {
      const { repositories } = await workspaces.diff(name);
      const sum = (of: (each: (typeof repositories)[number]) => number) =>
        repositories.reduce((total, each) => total + of(each), 0);
      const files = sum((each) => each.files);
      if (files === 0) return '';
      return `${count(files, 'file')} ⋅ +${sum(({ added }) => added)} −${sum(({ removed }) => removed)}`;
    },
    takeLines: (name) => signs.take(workspaces.find(name)?.state.session?.id ?? ''),
    remember: watched.remember,
    metrics: parts.metrics,
    log,
    now,
    limits: { ...defaultLimits, stalledAfterMs },
  });

  /** By session; found anew when it has another one, or a stranger's is asked for. */
  const workspaceOf = (sessionId: string) => {
    const known = workspaces.find(names.get(sessionId) ?? '');
    if (known?.state.session?.id === sessionId) return known;
    names.clear();
    for (const { name, state } of workspaces.list()) if (state.session) names.set(state.session.id, name);
    return workspaces.find(names.get(sessionId) ?? '');
  };

  const hear = (host: string, event: HostEvent): void => {
    const info = workspaceOf(event.sessionId);
    if (info === undefined || info.state.session?.host !== host) return;
    const { folder, state } = info;
    const did = signs.hear(event, { folder, collects: state.eventUpdates && state.thread !== null });
    if (event.kind === 'tool' && event.status !== 'running' && committing.includes(event.tool))
      commits.hint(info.name);
    if (did !== undefined) watched.remember(info.name, did);
    // Tools come in thousands, and their lines in batches.
    if (event.kind !== 'tool' && event.kind !== 'message') watcher.nudge();
  };

  const subscriptions = [hosts.onEvent(hear), watched.onChange(() => watcher.nudge())];
  return {
    ...watcher,
    async [Symbol.asyncDispose]() {
      for (const subscription of subscriptions) subscription[Symbol.dispose]();
      await watcher[Symbol.asyncDispose]();
    },
  };
}
