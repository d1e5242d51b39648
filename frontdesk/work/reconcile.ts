import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import type { SessionStatus, WorkMessage, WorkSession, WorkspaceInfo } from '../../mcp-servers/kit/work.ts';
import type { Book } from './book.ts';
import { decideEvent, type EventVerdict } from './decide-event.ts';
import type { WorkPorts } from './ports.ts';
import { deskOf, withDesk } from './record.ts';
import { resumePrompt, taskPrompt } from './texts.ts';

/** A turn that is cut off this often without coming to an end is not begun again. */
const mostCuts = 3;

/** OpenCode takes a prompt before it stores it; a session without any message for this long has lost its task. */
const storedWithinMs = 10_000;

/** What the state file says of a session against what its host says. */
export type Reconcile = (
  name: string,
  apply: (info: WorkspaceInfo, verdict: EventVerdict) => Promise<void>,
) => Promise<void>;

type Found = 'working' | 'ended' | 'cut';

/**
 * What became of a session nobody heard of for a while. One that worked and does not any more was cut off when its last
 * message is a prompt without an answer, or an answer without an end: its host died over it. Pure.
 */
export function decideFound(before: SessionStatus, busy: boolean, last: WorkMessage | undefined): Found {
  if (busy) return 'working';
  if (before !== 'running') return 'ended';
  // No message at all: its host died before it had stored the task.
  return last === undefined || last.role === 'user' || last.finished === false ? 'cut' : 'ended';
}

/** Inside the workspace's lane. @throws FrontdeskError host_unavailable */
export function createReconcile(
  { workspaces, hosts, activity, newMessageId, now }: WorkPorts,
  book: Book,
): Reconcile {
  const emptySince = new Map<string, number>();

  /** @throws FrontdeskError host_unavailable, to be asked again, while the task may still be on its way */
  const awaitTask = ({ id, host }: WorkSession): void => {
    const since = emptySince.get(id) ?? now();
    emptySince.set(id, since);
    if (now() - since < storedWithinMs)
      throw new FrontdeskError('host_unavailable', `${host} has no message of ${id} yet.`);
    emptySince.delete(id);
  };

  /** Told first, under the id of what was cut off: a crash before the prompt is sent tells it once. */
  const goOn = async (info: WorkspaceInfo, last: WorkMessage | undefined): Promise<void> => {
    const { session } = info.state;
    if (session === null) return;
    const { id: sessionId, host, agent, model } = session;
    const { cuts } = deskOf(info.state);
    if (cuts >= mostCuts) {
      const text = `💥 \`${info.name}\` was cut off ${cuts} times. Resume lets it try again.`;
      await book.tell(info, `work/${sessionId}/given-up/${last?.id}`, text);
      return void (await book.setStatus(info.name, 'crashed', (state) =>
        withDesk(state, { before: null, cuts: 0 }),
      ));
    }
    await book.tell(
      info,
      `work/${sessionId}/cut/${last?.id}`,
      `🔁 \`${info.name}\` was cut off when its host ended; it goes on.`,
    );
    const messageId = newMessageId();
    await hosts.send({
      host,
      sessionId,
      directory: info.folder,
      messageId,
      text: last === undefined ? taskPrompt(info) : resumePrompt,
      agent,
      model,
    });
    await book.setStatus(info.name, 'running', (state) => withDesk(state, { before: null, cuts: cuts + 1 }));
  };

  return async (name, apply) => {
    const info = workspaces.find(name);
    const session = info?.state.session;
    if (!info || !session) return;
    const at = { host: session.host, directory: info.folder };
    const known = (await hosts.sessions(at)).find(({ sessionId }) => sessionId === session.id);
    const { status } = session;
    const desk = deskOf(info.state);
    const id = `work/${session.id}`;
    if (known === undefined) {
      if (status !== 'running' && status !== 'idle' && status !== 'unreachable') return;
      const text = `💥 \`${name}\`: its host ${session.host} does not know the session any more.`;
      await book.tell(info, `${id}/gone/${desk.changes}`, text);
      return void (await book.setStatus(name, 'crashed'));
    }
    if (desk.abortOwed) {
      if (known.busy) await hosts.abort({ ...at, sessionId: session.id });
      await workspaces.updateState(name, (state) => withDesk(state, { abortOwed: false }));
      return;
    }
    // `starting` belongs to the start, which goes on by itself.
    if (status === 'starting') return;
    if (status === 'unreachable')
      await book.tell(
        info,
        `${id}/back/${desk.changes}`,
        `🔌 \`${name}\`: its host ${session.host} is back.`,
      );
    const before = status === 'unreachable' ? (desk.before ?? 'running') : status;
    const last = (await hosts.messages({ ...at, sessionId: session.id, limit: 1 })).at(-1);
    const found = decideFound(before, known.busy, last);
    if (found === 'cut') {
      if (last === undefined) awaitTask(session);
      return await goOn(info, last);
    }
    emptySince.delete(session.id);
    const todo = (await activity.get(name))?.todo ?? null;
    const kind = found === 'working' ? 'active' : 'idle';
    const verdict = decideEvent(before, { kind, sessionId: session.id }, todo);
    if (verdict.status === undefined && before !== status) return void (await book.setStatus(name, before));
    await apply(info, verdict);
  };
}
