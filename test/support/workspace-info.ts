import type { ThreadRef } from '../../mcp-servers/kit/chat.ts';
import { workspaceStateSchema, type WorkspaceInfo, type WorkspaceState } from '../../mcp-servers/kit/work.ts';

/** A workspace called so, plugged into this thread, or as the test wants it. */
export function workspaceInfo(
  name: string,
  thread: ThreadRef | null,
  more: Partial<WorkspaceState> = {},
): WorkspaceInfo {
  const state = workspaceStateSchema.parse({
    version: 1,
    workspace: name,
    project: { category: 'ai-dev', project: 'api' },
    title: `Title of ${name}`,
    repositories: ['api'],
    branch: 'b',
    createdBy: 'U_ANNA',
    createdAt: '2026-11-20T05:00:00.000Z',
    thread,
    routing: null,
    session: null,
    ...more,
  });
  return { name, folder: `/w/${name}`, state };
}
