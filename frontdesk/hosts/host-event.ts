import type { BridgeEvent, ReplyTo } from '../../agents/bridge/protocol.ts';
import type { ExploringEvent, HostEvent, HostSnapshot } from '../../mcp-servers/kit/work.ts';

/** How a host said it stands, in the words of the rooms above. */
export function toHostSnapshot(told: ReplyTo<'host.snapshot'>): HostSnapshot {
  return {
    busy: told.busy.map(({ session_id, directory }) => ({ sessionId: session_id, directory })),
    waiting: told.waiting.flatMap((event) => {
      const { directory } = event;
      const asked = toHostEvent(event);
      return asked?.kind === 'question' || asked?.kind === 'permission' ? [{ ...asked, directory }] : [];
    }),
    milestones: told.milestones.map(({ session_id, ...rest }) => ({ sessionId: session_id, ...rest })),
    todos: told.todos.map(({ session_id, ...rest }) => ({ sessionId: session_id, ...rest })),
  };
}

/** What an event of the bridge means to the rooms above; undefined for what only a live view would show. */
export function toHostEvent(event: BridgeEvent): HostEvent | undefined {
  const sessionId = event.session_id;
  switch (event.kind) {
    case 'session.active':
      return { sessionId, kind: 'active' };
    case 'session.idle':
      return { sessionId, kind: 'idle' };
    case 'session.error':
      return { sessionId, kind: 'error', error: event.error };
    case 'message.completed':
      return event.text.trim() === '' ? undefined : { sessionId, kind: 'message', text: event.text };
    case 'tool.executed': {
      const { tool, title, status, error } = event;
      return { sessionId, kind: 'tool', tool, title, status, ...(error === undefined ? {} : { error }) };
    }
    case 'agent.milestone':
      return {
        sessionId,
        kind: 'milestone',
        text: event.text,
        ...(event.call_id === undefined ? {} : { id: event.call_id }),
      };
    case 'todo.updated':
      return { sessionId, kind: 'todo', done: event.done, total: event.total };
    case 'question.asked':
      return { sessionId, kind: 'question', requestId: event.question_id, ...requestOf(event) };
    case 'permission.asked':
      return { sessionId, kind: 'permission', requestId: event.permission_id, ...requestOf(event) };
    case 'session.typed':
      if (event.text !== undefined) return { sessionId, kind: 'typed', text: event.text };
      return exploring(event, { kind: 'typed', title: event.title, at: event.at });
    case 'write.held': {
      const { hold_id: holdId, tool, what, title, said, model, typed_at: typedAt } = event;
      return exploring(event, { kind: 'held', holdId, tool, what, title, said, model, typedAt });
    }
    case 'write.dropped':
      return exploring(event, { kind: 'dropped', holdId: event.hold_id });
    case 'ask.ended':
      return { sessionId, kind: 'askEnded', requestId: event.ask_id, answer: event.answer };
    default:
      return undefined;
  }
}

function requestOf({ request, cut }: { request: unknown; cut?: boolean | undefined }) {
  return { request, ...(cut === true ? { cut } : {}) };
}

function exploring({ session_id, directory }: BridgeEvent, event: ExploringEvent): HostEvent {
  return { sessionId: session_id, kind: 'exploring', directory, event };
}
