/** What a host's event does to a session. Pure. */
import type { HostEvent, SessionStatus } from '../../mcp-servers/kit/work.ts';
import type { News } from '../../watcher/news.ts';

/** Milestones, tools and asks are others' to tell. */
export type StatusEvent = Extract<HostEvent, { kind: 'active' | 'idle' | 'error' }>;

export interface EventVerdict {
  /** New status; absent: as it is. */
  readonly status?: SessionStatus;
  /** To be told when the status changes by it. */
  readonly news?: Omit<News, 'n'>;
}

const nothing: EventVerdict = {};

/** OpenCode's words for a turn that was interrupted. */
const interrupted = /abort/i;

/** @param todo as last told */
export function decideEvent(
  status: SessionStatus,
  event: StatusEvent,
  todo: { readonly done: number; readonly total: number } | null,
): EventVerdict {
  switch (event.kind) {
    case 'active':
      return decideActive(status);
    case 'idle': {
      if (status !== 'running' && status !== 'starting' && status !== 'unreachable') return nothing;
      const complete = todo !== null && todo.total > 0 && todo.done >= todo.total;
      return complete
        ? { status: 'complete', news: { kind: 'complete', note: `${todo.done}/${todo.total}` } }
        : { status: 'idle', news: { kind: 'turn', note: '' } };
    }
    case 'error':
      if (status === 'paused' || status === 'stopped') return nothing;
      if (interrupted.test(event.error)) return { status: 'idle', news: { kind: 'interrupted', note: '' } };
      return { status: 'crashed', news: { kind: 'crashed', note: event.error } };
  }
}

function decideActive(status: SessionStatus): EventVerdict {
  if (status === 'running') return nothing;
  // People drive it in OpenCode's own UI as well (SE-4): what was put aside there works again.
  const woken = status === 'paused' || status === 'stopped';
  return { status: 'running', ...(woken ? { news: { kind: 'woken', note: '' } } : {}) };
}
