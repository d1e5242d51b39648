import { describeError } from '../../mcp-servers/kit/errors.ts';
import type { HostEvent, SessionStatus, WorkMessage, WorkspaceInfo } from '../../mcp-servers/kit/work.ts';
import { type Book, digest } from './book.ts';
import { decideEvent, type EventVerdict } from './decide-event.ts';
import { restarted } from '../hosts/host-record.ts';
import type { WorkPorts } from './ports.ts';
import { deskOf, withDesk } from './record.ts';
import { createReconcile } from './reconcile.ts';
import { bounded } from './texts.ts';

/** A host that is back within this time was never away, for people: connections drop, and at our start all are to come. */
const awayAfterMs = 15_000;

const needsHost: readonly SessionStatus[] = ['starting', 'running', 'idle'];

/** Hosts' events into state, notices and remembered lines; each into the thread of its own workspace and no other. */
export interface Events extends Disposable {
  /** What the state files say is compared with what connected hosts say; the others have time to come. */
  resumeAll(): void;
  tick(): void;
  /** A start was taken up after a restart: its turn may have ended meanwhile, unheard. */
  readonly check: (name: string) => void;
  /** Events that arrived until now say nothing of a session that was just interrupted. Inside the workspace's lane. */
  readonly settle: (sessionId: string) => void;
  /** Resolves when what came is done. */
  drain(): Promise<void>;
}

export function createEvents(ports: WorkPorts, book: Book): Events {
  const { workspaces, hosts, activity, log, now } = ports;
  const reconcile = createReconcile(ports, book);
  const awaySince = new Map<string, number>();
  const settledAt = new Map<string, number>();
  const tasks = new Set<Promise<void>>();
  let arrivals = 0;

  const inLane = (name: string, task: () => Promise<void>): void => {
    const done = book
      .lanes(name, task)
      .catch((error: unknown) =>
        log.error({ err: describeError(error), workspace: name }, 'work.event.failed'),
      )
      .finally(() => tasks.delete(done));
    tasks.add(done);
  };

  const lastMessage = async (info: WorkspaceInfo): Promise<WorkMessage | undefined> => {
    const { session } = info.state;
    if (session === null) return undefined;
    const at = { host: session.host, sessionId: session.id, directory: info.folder };
    const messages = await hosts.messages({ ...at, limit: 5 }).catch(() => []);
    return messages.findLast(({ role, text }) => role === 'assistant' && text.trim() !== '');
  };

  /** Said before the state is written, under an id of the state: a crash between the two tells it once. */
  const apply = async (info: WorkspaceInfo, verdict: EventVerdict): Promise<void> => {
    const { name, state } = info;
    const { status, notice, remember, todo } = verdict;
    if (remember !== undefined) book.remember(name, remember);
    if (todo !== undefined)
      await activity.update(name, (before) => ({ lines: before?.lines ?? [], todo }), { durable: false });
    if (notice !== undefined) {
      const last = notice.last ? await lastMessage(info) : undefined;
      const mark = last?.id ?? `${deskOf(state).changes}-${digest(notice.text)}`;
      const words = last === undefined ? '' : `\n\n${bounded(last.text)}`;
      await book.tell(
        info,
        `work/${state.session?.id}/${notice.key}/${mark}`,
        `${notice.text.replace('%s', () => `\`${name}\``)}${words}`,
      );
    }
    if (status !== undefined)
      await book.setStatus(name, status, (latest) =>
        withDesk(latest, { before: null, abortOwed: false, ...(status === 'running' ? {} : { cuts: 0 }) }),
      );
  };

  const take = (host: string, event: HostEvent): void => {
    const arrival = (arrivals += 1);
    const found = book.infoOfSession(event.sessionId);
    if (found === undefined || found.state.session?.host !== host) return;
    if (event.kind === 'message') return;
    if (event.kind === 'error' && event.error === restarted) {
      // It was cut off and is to go on; the `idle` that comes next is not the end of a turn.
      settledAt.set(event.sessionId, arrival + 1);
      return compare(found);
    }
    inLane(found.name, async () => {
      const info = workspaces.find(found.name);
      if (info?.state.session?.id !== event.sessionId) return;
      const { status } = info.state.session;
      if (
        arrival <= (settledAt.get(event.sessionId) ?? 0) &&
        (event.kind === 'active' || event.kind === 'idle')
      )
        return;
      const todo = (await activity.get(info.name))?.todo ?? null;
      await apply(info, decideEvent(status, event, todo));
    });
  };

  const ofHost = (host: string) => workspaces.list().filter(({ state }) => state.session?.host === host);

  const markAway = (info: WorkspaceInfo): void =>
    inLane(info.name, async () => {
      const latest = workspaces.find(info.name);
      const session = latest?.state.session;
      if (!latest || !session || !needsHost.includes(session.status) || hosts.isConnected(session.host))
        return;
      const id = `work/${session.id}/lost/${deskOf(latest.state).changes}`;
      await book.tell(
        latest,
        id,
        `🔌 \`${info.name}\`: its host ${session.host} is away. It comes back by itself; nothing is lost.`,
      );
      await book.setStatus(info.name, 'unreachable', (state) => withDesk(state, { before: session.status }));
    });

  const compare = (info: WorkspaceInfo): void =>
    inLane(info.name, async () => {
      const { host = '' } = info.state.session ?? {};
      // Not asked to the end: asked again.
      awaySince.set(host, awaySince.get(host) ?? now());
      await reconcile(info.name, apply);
      awaySince.delete(host);
    });

  const check = async (name: string): Promise<void> => {
    const info = workspaces.find(name);
    const session = info?.state.session;
    if (!info || !session) return;
    const at = { host: session.host, sessionId: session.id, directory: info.folder };
    const last = (await hosts.messages({ ...at, limit: 1 })).at(-1);
    // A prompt without an answer is still to be worked on, whether the host calls itself busy yet or not.
    if (last?.role === 'assistant') compare(info);
  };

  const onHost = (host: string, connected: boolean): void => {
    if (!connected) {
      if (!awaySince.has(host)) awaySince.set(host, now());
      return;
    }
    awaySince.delete(host);
    for (const info of ofHost(host)) compare(info);
  };

  const subscriptions = [hosts.onEvent(take), hosts.onHost(onHost)];

  return {
    resumeAll() {
      for (const host of new Set(workspaces.list().flatMap(({ state }) => state.session?.host ?? [])))
        onHost(host, hosts.isConnected(host));
    },
    tick() {
      for (const [host, since] of awaySince) {
        if (now() - since < awayAfterMs) continue;
        awaySince.delete(host);
        for (const info of ofHost(host)) (hosts.isConnected(host) ? compare : markAway)(info);
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
