import { describeError } from '../../mcp-servers/kit/errors.ts';
import type { HostEvent, HostSnapshot, SessionStatus, WorkspaceInfo } from '../../mcp-servers/kit/work.ts';
import type { News } from '../../watcher/news.ts';
import { restarted } from '../hosts/host-record.ts';
import type { Book } from './book.ts';
import { decideEvent, type EventVerdict } from './decide-event.ts';
import type { WorkPorts } from './ports.ts';
import { deskOf, withDesk } from './record.ts';
import { createReconcile } from './reconcile.ts';

/** A host that is back within this time was never away, for people: connections drop, and at our start all are to come. */
const awayAfterMs = 15_000;

/** A prompt is taken before it is worked on: for so long after it a session that does not work is no news. */
const beginsWithinMs = 3000;

/** What a host says against the state file is believed when it has said so for so long: less than two looks of the watcher. */
const doubtMs = 1500;

const needsHost: readonly SessionStatus[] = ['starting', 'running', 'idle'];

/**
 * What hosts say, into the state files: by their snapshots (WA-1), and sooner by their events. What is to be told of it is
 * written with the status; telling is the watcher's.
 */
export interface Events extends Disposable {
  /** What the state files say is compared with what connected hosts say; the others have time to come. */
  resumeAll(): void;
  tick(): void;
  /**
   * How a host stands. What differs from the state files is asked for, and nothing of the sessions that do not.
   * @param requestedAt by `steady`, just before it was asked: what it does not know may have happened since
   */
  readonly look: (
    host: string,
    snapshot: Pick<HostSnapshot, 'busy' | 'todos'>,
    requestedAt: number,
  ) => Promise<void>;
  /** A start was taken up after a restart: its turn may have ended meanwhile, unheard. */
  readonly check: (name: string) => void;
  /** Events that arrived until now say nothing of a session that was just interrupted. Inside the workspace's lane. */
  readonly settle: (sessionId: string) => void;
  /** Resolves when what came is done. */
  drain(): Promise<void>;
}

export function createEvents(ports: WorkPorts, book: Book): Events {
  const { workspaces, hosts, activity, log, steady } = ports;
  const reconcile = createReconcile(ports, book);
  const awaySince = new Map<string, number>();
  const settledAt = new Map<string, number>();
  const tasks = new Set<Promise<void>>();
  /** By session: the change of its status since which its host says otherwise, and when it first did. */
  const doubts = new Map<string, { readonly changes: number; readonly since: number }>();
  const todos = new Map<string, string>();
  const runs = new Map<string, string | undefined>();
  let arrivals = 0;

  const inLane = (name: string, task: () => Promise<void>): Promise<void> => {
    const done = book
      .lanes(name, task)
      .catch((error: unknown) =>
        log.error({ err: describeError(error), workspace: name }, 'work.event.failed'),
      )
      .finally(() => tasks.delete(done));
    tasks.add(done);
    return done;
  };

  const apply = async (
    { name }: WorkspaceInfo,
    { status, news }: EventVerdict,
    before: readonly Omit<News, 'n'>[] = [],
  ): Promise<void> => {
    if (status === undefined) return;
    await book.setStatus(
      name,
      status,
      (latest) =>
        withDesk(latest, { before: null, abortOwed: false, ...(status === 'running' ? {} : { cuts: 0 }) }),
      [...before, ...(news === undefined ? [] : [news])],
    );
  };

  const countTodos = (
    host: string,
    { sessionId, done, total }: { readonly sessionId: string; readonly done: number; readonly total: number },
  ): Promise<void> | undefined => {
    const found = book.infoOfSession(sessionId);
    if (found?.state.session?.host !== host || todos.get(sessionId) === `${done}/${total}`) return undefined;
    todos.set(sessionId, `${done}/${total}`);
    return inLane(found.name, async () => {
      const change = (before: { lines: { at: string; text: string }[] } | undefined) => ({
        lines: before?.lines ?? [],
        todo: { done, total },
      });
      await activity.update(found.name, change, { durable: false });
    });
  };

  const take = (host: string, event: HostEvent): void => {
    const arrival = (arrivals += 1);
    if (event.kind === 'todo') return void countTodos(host, event);
    if (event.kind !== 'active' && event.kind !== 'idle' && event.kind !== 'error') return;
    const found = book.infoOfSession(event.sessionId);
    if (found === undefined || found.state.session?.host !== host) return;
    if (event.kind === 'error' && event.error === restarted) {
      // It was cut off and is to go on; the `idle` that comes next is not the end of a turn.
      settledAt.set(event.sessionId, arrival + 1);
      return void compare(found);
    }
    void inLane(found.name, async () => {
      const info = workspaces.find(found.name);
      if (info?.state.session?.id !== event.sessionId) return;
      if (event.kind !== 'error' && arrival <= (settledAt.get(event.sessionId) ?? 0)) return;
      const todo = (await activity.get(info.name))?.todo ?? null;
      await apply(info, decideEvent(info.state.session.status, event, todo));
    });
  };

  const ofHost = (host: string) => workspaces.list().filter(({ state }) => state.session?.host === host);

  const markAway = (info: WorkspaceInfo): Promise<void> =>
    inLane(info.name, async () => {
      const session = workspaces.find(info.name)?.state.session;
      if (!session || !needsHost.includes(session.status) || hosts.isConnected(session.host)) return;
      const before = { before: session.status };
      const lost = { kind: 'lost', note: session.host } as const;
      await book.setStatus(info.name, 'unreachable', (state) => withDesk(state, before), [lost]);
    });

  const compare = (info: WorkspaceInfo): Promise<void> =>
    inLane(info.name, async () => {
      const { host = '' } = info.state.session ?? {};
      // Not asked to the end: asked again.
      awaySince.set(host, awaySince.get(host) ?? steady());
      await reconcile(info.name, apply, false);
      awaySince.delete(host);
    });

  const check = async (name: string): Promise<void> => {
    const info = workspaces.find(name);
    const session = info?.state.session;
    if (!info || !session) return;
    const at = { host: session.host, sessionId: session.id, directory: info.folder };
    const last = (await hosts.messages({ ...at, limit: 1 })).at(-1);
    // A prompt without an answer is still to be worked on, whether the host calls itself busy yet or not.
    if (last?.role === 'assistant') void compare(info);
  };

  const onHost = (host: string, connected: boolean): void => {
    if (!connected) {
      if (!awaySince.has(host)) awaySince.set(host, steady());
      return;
    }
    awaySince.delete(host);
    runs.set(host, hosts.instanceOf(host));
    for (const info of ofHost(host)) void compare(info);
  };

  /** Whether what the host says is to be looked into now. */
  const isDue = ({ name, state }: WorkspaceInfo, busy: boolean, requestedAt: number): boolean => {
    const { session } = state;
    if (session === null) return false;
    const { changes, abortOwed } = deskOf(state);
    const { id, status } = session;
    const differs =
      status === 'unreachable' || abortOwed || (status !== 'starting' && busy !== (status === 'running'));
    if (!differs) doubts.delete(id);
    if (!differs || requestedAt - book.ranAt(name) < beginsWithinMs) return false;
    // A turn ends, and nothing but a prompt begins one.
    if (status === 'running') return true;
    const doubt = doubts.get(id);
    if (doubt?.changes !== changes) doubts.set(id, { changes, since: requestedAt });
    return doubt?.changes === changes && requestedAt - doubt.since >= doubtMs;
  };

  const subscriptions = [hosts.onEvent(take), hosts.onHost(onHost)];

  return {
    resumeAll() {
      for (const host of new Set(workspaces.list().flatMap(({ state }) => state.session?.host ?? [])))
        onHost(host, hosts.isConnected(host));
    },
    async look(host, snapshot, requestedAt) {
      const run = hosts.instanceOf(host);
      const isOther = runs.has(host) && runs.get(host) !== run;
      runs.set(host, run);
      const counted = snapshot.todos.map((each) => countTodos(host, each));
      const working = new Set(snapshot.busy.map(({ sessionId }) => sessionId));
      const looked = ofHost(host).map((info) => {
        if (isOther) return compare(info);
        const busy = working.has(info.state.session?.id ?? '');
        if (!isDue(info, busy, requestedAt)) return undefined;
        return inLane(info.name, async () => await reconcile(info.name, apply, true));
      });
      await Promise.all([...counted, ...looked]);
    },
    tick() {
      for (const [host, since] of awaySince) {
        if (steady() - since < awayAfterMs) continue;
        awaySince.delete(host);
        for (const info of ofHost(host)) void (hosts.isConnected(host) ? compare : markAway)(info);
      }
    },
    check: (name) =>
      void check(name).catch((error: unknown) =>
        log.warn({ err: describeError(error), workspace: name }, 'work.check.failed'),
      ),
    settle: (sessionId) => void settledAt.set(sessionId, arrivals),
    async drain() {
      while (tasks.size > 0) await Promise.allSettled(tasks);
    },
    [Symbol.dispose]() {
      for (const subscription of subscriptions) subscription[Symbol.dispose]();
    },
  };
}
