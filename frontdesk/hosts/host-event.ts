import type { BridgeEvent } from '../../agents/bridge/protocol.ts';
import type { HostEvent } from '../../mcp-servers/kit/work.ts';

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
      return { sessionId, kind: 'milestone', text: event.text };
    case 'todo.updated':
      return { sessionId, kind: 'todo', done: event.done, total: event.total };
    case 'question.asked':
      return { sessionId, kind: 'question', requestId: event.question_id, request: event.request };
    case 'permission.asked':
      return { sessionId, kind: 'permission', requestId: event.permission_id, request: event.request };
    default:
      return undefined;
  }
}
