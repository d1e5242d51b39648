import type { ServerDefinition } from '../kit/tool.ts';
import { cleanup } from './tools/cleanup.ts';
import { connectThread } from './tools/connect-thread.ts';
import { create } from './tools/create.ts';
import type { WorkspaceToolDeps } from './tools/deps.ts';
import { diff } from './tools/diff.ts';
import { disconnectThread } from './tools/disconnect-thread.ts';
import { list } from './tools/list.ts';
import { promote } from './tools/promote.ts';
import { readEvents } from './tools/read-events.ts';
import { status } from './tools/status.ts';
import { toggleEventUpdates } from './tools/toggle-event-updates.ts';

/** The `workspaces` server: where work is done, and which thread hears of it (MCP-4). */
export const workspacesServer: ServerDefinition<WorkspaceToolDeps> = {
  name: 'workspaces',
  tools: [
    list,
    status,
    create,
    connectThread,
    disconnectThread,
    toggleEventUpdates,
    readEvents,
    diff,
    promote,
    cleanup,
  ],
};
