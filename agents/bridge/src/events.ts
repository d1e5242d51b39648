import { type BridgeEvent, cut, limits } from '../protocol.ts';
import {
  asked,
  ended,
  failure,
  messageInfo,
  ofSession,
  partDelta,
  partInfo,
  sessionInfo,
  status,
  todos,
} from './opencode-events.ts';
import { describeToolError, toolTitle } from './tool-title.ts';

export interface RawEvent {
  readonly type: string;
  readonly properties: unknown;
}

export interface EventMapper {
  /** What an event of a directory's instance means to people; often nothing. Never throws. */
  map(directory: string, event: RawEvent): BridgeEvent[];
  /** The session a person knows: of a subagent's, the one that started it. */
  rootOf(sessionId: string): string;
  /** The session that was stopped, where the event says so: by a person, here or in OpenCode's own UI. */
  stopped(event: RawEvent): string | undefined;
  /** Text that grew since it was last asked for. */
  streamed(): BridgeEvent[];
}

const toolStatuses = ['running', 'completed', 'error'] as const;

/** Answers under way: their text parts by id, in order. */
interface Answer {
  readonly directory: string;
  readonly sessionId: string;
  readonly texts: Map<string, string>;
  grown: string;
}

/** An upper bound for what is remembered; a turn has far less. */
const maxKept = 500;

function keepBounded(map: Map<string, unknown>): void {
  for (const oldest of map.keys()) {
    if (map.size <= maxKept) return;
    map.delete(oldest);
  }
}

/** A request may hold a whole diff; one that is too large comes without its longest texts, and says so. */
export function boundRequest(
  request: unknown,
  max: number = limits.request,
): { readonly request: unknown; readonly cut?: true } {
  const json = JSON.stringify(request);
  if (json.length <= max) return { request };
  const shorten = (_: string, value: unknown) => (typeof value === 'string' ? cut(value, 4_000) : value);
  const shorter = JSON.stringify(request, shorten);
  return {
    request: shorter.length <= max ? JSON.parse(shorter) : { tooLarge: cut(json, 4_000) },
    cut: true,
  };
}

export function createEventMapper(): EventMapper {
  const parents = new Map<string, string>();
  const active = new Set<string>();
  const answers = new Map<string, Answer>();
  const tools = new Map<string, string>();

  function rootOf(sessionId: string): string {
    let id = sessionId;
    for (let depth = 0; depth < 10; depth++) id = parents.get(id) ?? id;
    return id;
  }
  const isRoot = (sessionId: string) => !parents.has(sessionId);

  function onMessage(directory: string, properties: unknown): BridgeEvent[] {
    const info = messageInfo.safeParse(properties).data?.info;
    if (!info || info.role !== 'assistant' || !isRoot(info.sessionID)) return [];
    const event = { session_id: info.sessionID, directory, message_id: info.id };
    const answer = answers.get(info.id);
    if (info.time.completed) {
      answers.delete(info.id);
      if (!answer) return [];
      const text = cut([...answer.texts.values()].join('\n').trim(), limits.text);
      return [{ kind: 'message.completed', ...event, text }];
    }
    if (answer) return [];
    answers.set(info.id, { directory, sessionId: info.sessionID, texts: new Map(), grown: '' });
    keepBounded(answers);
    return [{ kind: 'message.started', ...event }];
  }

  function onPart(directory: string, properties: unknown): BridgeEvent[] {
    const part = partInfo.safeParse(properties).data?.part;
    if (part?.type === 'text') answers.get(part.messageID)?.texts.set(part.id, part.text ?? '');
    const state = part?.state;
    // A milestone is told as one.
    if (part?.type !== 'tool' || !part.tool || part.tool === 'milestone' || !state) return [];
    const status = toolStatuses.find((known) => known === state.status);
    // OpenCode repeats `running` for every line of output.
    if (!status || tools.get(part.id) === status) return [];
    tools.set(part.id, status);
    keepBounded(tools);
    return [
      {
        kind: 'tool.executed',
        session_id: rootOf(part.sessionID),
        directory,
        tool: part.tool,
        title: cut(toolTitle(state.title, state.input ?? {}), limits.title),
        status,
        ...(state.error ? { error: cut(describeToolError(state.error), limits.error) } : {}),
      },
    ];
  }

  function onDelta(properties: unknown): void {
    const delta = partDelta.safeParse(properties).data;
    const answer = delta && answers.get(delta.messageID);
    // Reasoning has deltas of the same field; only a text part that was announced is streamed.
    if (!answer || delta.field !== 'text' || !answer.texts.has(delta.partID)) return;
    answer.grown = cut(answer.grown + delta.delta, limits.text);
  }

  function onStatus(directory: string, properties: unknown): BridgeEvent[] {
    const parsed = status.safeParse(properties).data;
    if (!parsed || !isRoot(parsed.sessionID) || parsed.status.type === 'idle') return [];
    if (active.has(parsed.sessionID)) return [];
    active.add(parsed.sessionID);
    return [{ kind: 'session.active', session_id: parsed.sessionID, directory }];
  }

  function onIdle(directory: string, properties: unknown): BridgeEvent[] {
    const sessionId = ofSession.safeParse(properties).data?.sessionID;
    if (sessionId === undefined || !isRoot(sessionId)) return [];
    active.delete(sessionId);
    return [{ kind: 'session.idle', session_id: sessionId, directory }];
  }

  function onError(directory: string, properties: unknown): BridgeEvent[] {
    const parsed = failure.safeParse(properties).data;
    // An abort is somebody's wish, told by the idle that follows.
    if (!parsed || !isRoot(parsed.sessionID) || parsed.error.name === 'MessageAbortedError') return [];
    const error = cut(parsed.error.data?.message ?? parsed.error.name, limits.error);
    return [{ kind: 'session.error', session_id: parsed.sessionID, directory, error }];
  }

  function onTodos(directory: string, properties: unknown): BridgeEvent[] {
    const parsed = todos.safeParse(properties).data;
    if (!parsed || !isRoot(parsed.sessionID)) return [];
    const done = parsed.todos.filter((todo) => todo.status === 'completed').length;
    return [
      { kind: 'todo.updated', session_id: parsed.sessionID, directory, done, total: parsed.todos.length },
    ];
  }

  function onEnded(directory: string, type: string, properties: unknown): BridgeEvent[] {
    const parsed = ended.safeParse(properties).data;
    if (!parsed) return [];
    const answer = type === 'question.rejected' ? 'reject' : (parsed.answers ?? parsed.reply ?? null);
    return [
      {
        kind: 'ask.ended',
        session_id: rootOf(parsed.sessionID),
        directory,
        ask_id: parsed.requestID,
        answer,
      },
    ];
  }

  function mapOne(directory: string, { type, properties }: RawEvent): BridgeEvent[] {
    switch (type) {
      case 'session.created':
      case 'session.updated': {
        const info = sessionInfo.safeParse(properties).data?.info;
        if (info?.parentID) parents.set(info.id, info.parentID);
        keepBounded(parents);
        return [];
      }
      case 'message.updated':
        return onMessage(directory, properties);
      case 'message.part.updated':
        return onPart(directory, properties);
      case 'message.part.delta':
        onDelta(properties);
        return [];
      case 'session.status':
        return onStatus(directory, properties);
      case 'session.idle':
        return onIdle(directory, properties);
      case 'session.error':
        return onError(directory, properties);
      case 'todo.updated':
        return onTodos(directory, properties);
      case 'question.asked':
      case 'permission.asked': {
        const request = asked.safeParse(properties).data;
        return request ? [askOf(type, directory, request, rootOf)] : [];
      }
      case 'question.replied':
      case 'question.rejected':
      case 'permission.replied':
        return onEnded(directory, type, properties);
      default:
        return [];
    }
  }

  return {
    rootOf,
    map(directory, event) {
      try {
        return mapOne(directory, event);
      } catch {
        return [];
      }
    },
    stopped({ type, properties }) {
      if (type !== 'session.error') return undefined;
      const parsed = failure.safeParse(properties).data;
      return parsed?.error.name === 'MessageAbortedError' ? parsed.sessionID : undefined;
    },
    streamed: () =>
      [...answers].flatMap(([message_id, answer]): BridgeEvent[] => {
        if (answer.grown === '') return [];
        const { directory, sessionId: session_id, grown: delta } = answer;
        answer.grown = '';
        return [{ kind: 'message.part.streamed', session_id, directory, message_id, delta }];
      }),
  };
}

/** A question or permission as it goes over the bridge; also for those found waiting. */
export function askOf(
  type: 'question.asked' | 'permission.asked',
  directory: string,
  request: { readonly id: string; readonly sessionID: string },
  rootOf: (sessionId: string) => string,
): BridgeEvent {
  const shared = { session_id: rootOf(request.sessionID), directory, ...boundRequest(request) };
  return type === 'question.asked'
    ? { kind: type, question_id: request.id, ...shared }
    : { kind: type, permission_id: request.id, ...shared };
}
