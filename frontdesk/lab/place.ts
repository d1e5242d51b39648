import type { ThreadRef } from '../../mcp-servers/kit/chat.ts';
import type { WorkspaceInfo } from '../../mcp-servers/kit/work.ts';

/** Where a card goes: into the thread it is asked for in; from outside of one (a command, App Home) to where the workspace is plugged. */
export function placeFor(asked: ThreadRef, { state }: WorkspaceInfo): ThreadRef {
  return asked.thread === '' && state.thread !== null ? state.thread : asked;
}
