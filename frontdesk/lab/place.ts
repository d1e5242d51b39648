import type { ThreadRef } from '../../mcp-servers/kit/chat.ts';
import type { WorkspaceInfo } from '../../mcp-servers/kit/work.ts';

/** Where a card goes: to where it is asked for; from a channel's top level, where commands are given, to where the workspace is plugged. */
export function placeFor(asked: ThreadRef, { state }: WorkspaceInfo): ThreadRef {
  return asked.thread === '' && !asked.dm && state.thread !== null ? state.thread : asked;
}
