import { type Command, cut, limits, type Reply } from '../protocol.ts';
import type { Api, Messages } from './api.ts';
import { boundRequest } from './events.ts';
import type { Holds } from './holds.ts';
import type { Instances } from './instances.ts';
import { moveSession } from './move.ts';
import { partIdOf } from './part-ids.ts';

export interface CommandsOptions {
  readonly api: () => Api;
  readonly instances: Instances;
  /** Where OpenCode was started; its instance is always there. */
  readonly home: string;
  readonly rootOf: (sessionId: string) => string;
  readonly holds: Pick<Holds, 'known' | 'release' | 'moving'>;
  readonly snapshot: () => Promise<Omit<Extract<Reply, { type: 'host.snapshot' }>, 'type' | 'request_id'>>;
}

/**
 * Rejects what a stopped session and its subagents wait for: OpenCode keeps it, and a late answer would still run it
 * (notes/opencode.md §5). Never throws.
 */
export async function rejectAsks(
  api: Api,
  directory: string,
  sessionId: string,
  rootOf: (sessionId: string) => string,
): Promise<void> {
  const own = ({ sessionID }: { sessionID: string }) =>
    sessionID === sessionId || rootOf(sessionID) === sessionId;
  const [permissions, questions] = await Promise.all([
    api.permissions(directory).catch(() => []),
    api.questions(directory).catch(() => []),
  ]);
  await Promise.allSettled([
    ...permissions.filter(own).map(({ id }) => api.replyPermission(directory, id, { reply: 'reject' })),
    ...questions.filter(own).map(({ id }) => api.replyQuestion(directory, id, null)),
  ]);
}

/** OpenCode orders messages by id too: only an id of its own kind may be used as one. */
const messageIdShape = /^msg_[0-9a-f]{12}[0-9A-Za-z]{14}$/;

/** Messages looked through for one that is sent again. */
const lookBack = 200;

/** People see words; files, tool calls and what OpenCode adds itself stay in OpenCode. */
export function textOf(parts: Messages[number]['parts']): string {
  const texts = parts.filter(({ type, synthetic }) => type === 'text' && synthetic !== true);
  return cut(texts.map(({ text }) => text ?? '').join('\n'), limits.message);
}

/** Those that were told (WA-3), as they were: by their call. */
function milestonesOf(parts: Messages[number]['parts']): { milestones?: { id: string; text: string }[] } {
  const milestones = parts.flatMap(({ tool, callID, state }) => {
    const text = state?.input?.['text'];
    if (tool !== 'milestone' || state?.status !== 'completed' || !callID || typeof text !== 'string')
      return [];
    return [{ id: callID, text: cut(text.trim(), limits.title) }];
  });
  return milestones.length === 0 ? {} : { milestones };
}

/** A step that ends in tool calls is followed by another, unless its turn was cut off there. */
function isFinished({ time, error, finish }: Messages[number]['info']): boolean {
  return typeof time.completed === 'number' && (error ?? null) === null && finish !== 'tool-calls';
}

/** OpenCode's words for what ended an answer; an abort was somebody's wish. */
function errorOf({ error }: Messages[number]['info']): { error?: string } {
  if (!error || error.name === 'MessageAbortedError') return {};
  return { error: cut(error.data?.message ?? error.name, limits.error) };
}

/** `provider/model` in two; the model's own name may hold slashes. */
function splitModel(model: string) {
  const at = model.indexOf('/');
  return { providerID: model.slice(0, at), modelID: model.slice(at + 1) };
}

/** Runs the service's commands on OpenCode. The function never throws: what fails is answered as `session.error`. */
export function createCommands({
  api,
  instances,
  home,
  rootOf,
  holds,
  snapshot,
}: CommandsOptions): (command: Command) => Promise<Reply> {
  /** Messages being sent now, by session: a repeat waits for the first. */
  const sending = new Map<string, Promise<unknown>>();

  async function send(command: Extract<Command, { type: 'session.message' }>): Promise<boolean> {
    const { directory, session_id, message_id, text, agent, model } = command;
    const queued = (await api().busy(directory)).includes(session_id);
    const partId = partIdOf(message_id);
    const stored = await api().messages(directory, session_id, lookBack);
    const found = stored.find(({ parts }) => parts.some(({ id }) => id === partId));
    const answered = stored.some(({ info }) => found !== undefined && info.parentID === found.info.id);
    // Stored but never begun: OpenCode died over it; the same ids make it run without doubling it.
    if (found && (answered || queued)) return queued;
    const messageID = found?.info.id ?? (messageIdShape.test(message_id) ? message_id : undefined);
    await api().prompt(directory, session_id, {
      ...(messageID === undefined ? {} : { messageID }),
      agent,
      model: splitModel(model),
      parts: [{ id: partId, type: 'text', text }],
    });
    return queued;
  }

  /** One message after the other: a repeat finds the first one stored. */
  async function inTurn<T>(sessionId: string, work: () => Promise<T>): Promise<T> {
    const before = sending.get(sessionId) ?? Promise.resolve();
    const now = before.then(work, work);
    sending.set(sessionId, now);
    try {
      return await now;
    } finally {
      if (sending.get(sessionId) === now) sending.delete(sessionId);
    }
  }

  async function abort(directory: string, sessionId: string): Promise<void> {
    await api().abort(directory, sessionId);
    await rejectAsks(api(), directory, sessionId, rootOf);
  }

  /** In a directory without instance nothing works, and its sessions are found without making one. */
  async function find(directory: string) {
    if (!instances.has(directory)) {
      const sessions = (await api().allSessions(home)).filter((session) => session.directory === directory);
      if (sessions.length > 0) return { sessions, busy: [] };
    }
    const [sessions, busy] = await Promise.all([api().sessions(directory), api().busy(directory)]);
    return { sessions, busy };
  }

  async function list(directory: string) {
    const { sessions, busy } = await find(directory);
    return sessions
      .filter(({ parentID }) => parentID === undefined || parentID === null)
      .map(({ id, title }) => ({ session_id: id, title: cut(title, limits.title), busy: busy.includes(id) }));
  }

  /** OpenCode gives none alone. */
  async function readAsk(directory: string, askId: string) {
    const lists = await Promise.all([api().permissions(directory), api().questions(directory)]);
    const request = lists.flat().find(({ id }) => id === askId);
    if (request === undefined) throw new Error(`${askId} does not wait any more.`);
    return boundRequest(request, limits.whole);
  }

  async function run(command: Exclude<Command, { type: 'host.snapshot' }>): Promise<Reply> {
    const { request_id, directory } = command;
    switch (command.type) {
      case 'session.create': {
        const session_id = await api().createSession(directory, command.title);
        holds.known(session_id);
        return { type: 'session.created', request_id, session_id };
      }
      case 'session.message': {
        holds.known(command.session_id);
        const queued = await inTurn(command.session_id, () => send(command));
        return { type: 'session.message.sent', request_id, queued };
      }
      case 'session.list':
        return { type: 'session.list', request_id, sessions: await list(directory) };
      case 'session.abort':
        await abort(directory, command.session_id);
        return { type: 'session.aborted', request_id };
      case 'session.messages': {
        const through = instances.has(directory) ? directory : home;
        const messages = await api().messages(through, command.session_id, command.limit);
        const read = messages.map(({ info, parts }) => ({
          id: info.id,
          role: info.role,
          text: textOf(parts),
          at: info.time.created,
          ...(info.role === 'assistant' ? { finished: isFinished(info) } : {}),
          ...errorOf(info),
          ...milestonesOf(parts),
        }));
        return { type: 'session.messages', request_id, messages: read };
      }
      case 'session.fork': {
        const session_id = await api().fork(directory, command.session_id, command.title);
        holds.known(session_id);
        return { type: 'session.forked', request_id, session_id };
      }
      case 'session.move':
        await moveSession(api(), command, async () => {
          await holds.moving(command.session_id);
          await abort(directory, command.session_id);
        });
        return { type: 'session.moved', request_id };
      case 'write.release':
        return { type: 'write.released', request_id, waited: holds.release(command) };
      case 'question.reply':
        await api().replyQuestion(directory, command.question_id, command.answers);
        return { type: 'question.replied', request_id };
      case 'permission.reply': {
        const { reply, message } = command;
        await api().replyPermission(directory, command.permission_id, {
          reply,
          ...(message === undefined ? {} : { message }),
        });
        return { type: 'permission.replied', request_id };
      }
      case 'ask.read':
        return { type: 'ask.read', request_id, ...(await readAsk(directory, command.ask_id)) };
      case 'instance.release':
        return { type: 'instance.released', request_id, released: await instances.release(directory) };
    }
  }

  return async (command) => {
    try {
      if (command.type === 'host.snapshot')
        return { type: 'host.snapshot', request_id: command.request_id, ...(await snapshot()) };
      // Held, an instance is never released; that one command must not hold it.
      if (command.type === 'instance.release') return await run(command);
      return await instances.hold(command.directory, () => run(command));
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      return { type: 'session.error', request_id: command.request_id, error: cut(text, limits.error) };
    }
  };
}
