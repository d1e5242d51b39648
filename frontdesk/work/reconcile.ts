import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import type {
  SessionStatus,
  WorkMessage,
  WorkSession,
  WorkspaceInfo,
  WorkspaceState,
} from '../../mcp-servers/kit/work.ts';
import type { News } from '../../watcher/news.ts';
import type { Book } from './book.ts';
import { decideEvent, type EventVerdict } from './decide-event.ts';
import type { WorkPorts } from './ports.ts';
import { deskOf, withDesk, withNews } from './record.ts';
import { resumePrompt, taskPrompt } from './texts.ts';

/** A turn that is cut off this often without coming to an end is not begun again. */
const mostCuts = 3;

/** OpenCode takes a prompt before it stores it, and stores it before it works. */
const takenUpWithinMs = 10_000;

type Happened = readonly Omit<News, 'n'>[];

/**
 * What the state file says of a session against what its host says.
 * @param sameRun its OpenCode was not restarted since it was last looked at: what does not work any more has come to its end
 */
export type Reconcile = (
  name: string,
  apply: (info: WorkspaceInfo, verdict: EventVerdict, before?: Happened) => Promise<void>,
  sameRun: boolean,
) => Promise<void>;

type Found = 'working' | 'ended' | 'failed' | 'cut';

/**
 * What became of a session nobody heard of for a while. One that worked and does not any more was cut off when its last
 * message is a prompt without an answer, or an answer without an end: its host died over it. Pure.
 */
export function decideFound(before: SessionStatus, busy: boolean, last: WorkMessage | undefined): Found {
  if (busy) return 'working';
  if (before !== 'running') return 'ended';
  if (last?.error !== undefined) return 'failed';
  // No message at all: its host died before it had stored the task.
  return last === undefined || last.role === 'user' || last.finished === false ? 'cut' : 'ended';
}

/** Inside the workspace's lane. @throws FrontdeskError host_unavailable */
export function createReconcile({ workspaces, hosts, activity, steady }: WorkPorts, book: Book): Reconcile {
  const emptySince = new Map<string, number>();
  /** Prompts by which a session was to go on, with the run of OpenCode that took them. */
  const goingOn = new Map<
    string,
    { readonly at: number; readonly run: string | undefined; readonly cutOf: string }
  >();

  /** @throws FrontdeskError host_unavailable, to be asked again, while the task may still be on its way */
  const awaitTask = ({ id, host }: WorkSession): void => {
    const since = emptySince.get(id) ?? steady();
    emptySince.set(id, since);
    if (steady() - since < takenUpWithinMs)
      throw new FrontdeskError('host_unavailable', `${host} has no message of ${id} yet.`);
    emptySince.delete(id);
  };

  /**
   * It was told to go on a moment ago, and that prompt is not stored or not worked on yet.
   * @throws FrontdeskError host_unavailable, to be asked again
   */
  const awaitPrompt = ({ id, host }: WorkSession, last: WorkMessage): void => {
    const sent = goingOn.get(id);
    if (sent === undefined || sent.run !== hosts.instanceOf(host) || steady() - sent.at >= takenUpWithinMs)
      return;
    if (last.role === 'user' || sent.cutOf === `${id}/${last.id}`)
      throw new FrontdeskError('host_unavailable', `${host} does not work on the prompt of ${id} yet.`);
  };

  /** Written first, with the message that was cut off: a crash before the prompt is sent tells it once. */
  const goOn = async (info: WorkspaceInfo, last: WorkMessage | undefined, back: Happened): Promise<void> => {
    const { session } = info.state;
    if (session === null) return;
    const { id: sessionId, host, agent, model } = session;
    const { cuts } = deskOf(info.state);
    if (cuts >= mostCuts)
      return void (await book.setStatus(
        info.name,
        'crashed',
        (state) => withDesk(state, { before: null, cuts: 0 }),
        [...back, { kind: 'given-up', note: String(cuts) }],
      ));
    const cutOf = `${sessionId}/${last?.id}`;
    await workspaces.updateState(info.name, (state) =>
      deskOf(state).cutOf === cutOf
        ? state
        : withDesk(withNews(state, ...back, { kind: 'cut', note: host }), { cutOf }),
    );
    await hosts.send({
      host,
      sessionId,
      directory: info.folder,
      // Killed after it was sent, the next life sends the same: OpenCode takes it once.
      messageId: `${cutOf}/go-on`,
      text: last === undefined ? taskPrompt(info) : resumePrompt,
      agent,
      model,
    });
    goingOn.set(sessionId, { at: steady(), run: hosts.instanceOf(host), cutOf });
    await book.setStatus(info.name, 'running', (state) => withDesk(state, { before: null, cuts: cuts + 1 }));
  };

  return async (name, apply, sameRun) => {
    const info = workspaces.find(name);
    const session = info?.state.session;
    if (!info || !session) return;
    const { host } = session;
    const at = { host, directory: info.folder };
    const known = (await hosts.sessions(at)).find(({ sessionId }) => sessionId === session.id);
    const { status } = session;
    const desk = deskOf(info.state);
    if (known === undefined) {
      if (status !== 'running' && status !== 'idle' && status !== 'unreachable') return;
      return void (await book.setStatus(name, 'crashed', undefined, [{ kind: 'gone', note: host }]));
    }
    if (desk.abortOwed) {
      if (known.busy) await hosts.abort({ ...at, sessionId: session.id });
      await workspaces.updateState(name, (state) => withDesk(state, { abortOwed: false }));
      return;
    }
    // `starting` belongs to the start, which goes on by itself.
    if (status === 'starting') return;
    const back: Happened = status === 'unreachable' ? [{ kind: 'back', note: host }] : [];
    const before = status === 'unreachable' ? (desk.before ?? 'running') : status;
    if (before === 'starting') {
      const forget = (state: WorkspaceState) => withDesk(state, { before: null });
      return void (await book.setStatus(name, before, forget, back));
    }
    const last = (await hosts.messages({ ...at, sessionId: session.id, limit: 1 })).at(-1);
    const found = decideFound(before, known.busy, last);
    if (found === 'cut') {
      // Taken a moment ago: looked at again.
      if (sameRun && last?.role !== 'assistant' && steady() - book.ranAt(name) < takenUpWithinMs) return;
      if (last === undefined) awaitTask(session);
      else if (!sameRun) awaitPrompt(session, last);
    }
    if (found === 'cut' && (!sameRun || last === undefined)) return await goOn(info, last, back);
    emptySince.delete(session.id);
    const todo = (await activity.get(name))?.todo ?? null;
    const sessionId = session.id;
    const verdict =
      found === 'failed'
        ? decideEvent(before, { kind: 'error', sessionId, error: last?.error ?? '' }, todo)
        : decideEvent(before, { kind: found === 'working' ? 'active' : 'idle', sessionId }, todo);
    if (verdict.status === undefined && before !== status)
      return void (await book.setStatus(name, before, undefined, back));
    await apply(info, verdict, back);
  };
}
