/** What a host's event does to a session. Pure. */
import type { HostEvent, SessionStatus } from '../../mcp-servers/kit/work.ts';
import { bounded, line } from './texts.ts';

export interface EventVerdict {
  /** New status; absent: as it is. */
  readonly status?: SessionStatus;
  /** A notice for the plugged thread; `%s` stands for the workspace. `last`: the agent's last words belong to it. */
  readonly notice?: { readonly key: string; readonly text: string; readonly last: boolean };
  /** A line for read_events. */
  readonly remember?: string;
  readonly todo?: { readonly done: number; readonly total: number };
}

const nothing: EventVerdict = {};

/** OpenCode's words for a turn that was interrupted. */
const interrupted = /abort/i;

/** @param todo as last told */
export function decideEvent(
  status: SessionStatus,
  event: HostEvent,
  todo: { readonly done: number; readonly total: number } | null,
): EventVerdict {
  switch (event.kind) {
    case 'active':
      return decideActive(status);
    case 'idle': {
      if (status !== 'running' && status !== 'starting' && status !== 'unreachable') return nothing;
      const complete = todo !== null && todo.total > 0 && todo.done >= todo.total;
      return complete
        ? {
            status: 'complete',
            notice: {
              key: 'idle',
              text: `🎉 %s is complete (${todo.done}/${todo.total} todos).`,
              last: true,
            },
          }
        : {
            status: 'idle',
            notice: { key: 'idle', text: '💬 %s has finished its turn and waits.', last: true },
          };
    }
    case 'error': {
      if (status === 'paused' || status === 'stopped') return nothing;
      if (interrupted.test(event.error))
        return {
          status: 'idle',
          notice: { key: 'interrupted', text: '⏹️ %s was interrupted in OpenCode and waits.', last: false },
        };
      const text = `💥 %s crashed: ${bounded(line(event.error), 500)}\nResume lets it try again.`;
      return { status: 'crashed', notice: { key: 'crashed', text, last: false } };
    }
    case 'milestone': {
      const text = `✅ Milestone: ${bounded(line(event.text), 500).replaceAll('%s', '% s')} (%s)`;
      return { notice: { key: 'milestone', text, last: false } };
    }
    case 'tool':
      if (event.status === 'running') return nothing;
      return {
        remember:
          event.status === 'error'
            ? `❌ Tool failed: ${event.tool} - ${event.error ?? event.title}`
            : `🔧 ${event.tool}: ${event.title}`,
      };
    case 'todo':
      return { todo: { done: event.done, total: event.total } };
    case 'message':
    case 'question':
    case 'permission':
    case 'askEnded':
      return nothing;
  }
}

function decideActive(status: SessionStatus): EventVerdict {
  if (status === 'running') return nothing;
  // People drive it in OpenCode's own UI as well (SE-4): what was put aside there works again.
  const woken = status === 'paused' || status === 'stopped';
  return {
    status: 'running',
    ...(woken
      ? {
          notice: { key: 'woken', text: '▶️ %s works again: somebody wrote to it in OpenCode.', last: false },
        }
      : {}),
  };
}
