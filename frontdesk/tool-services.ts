import { FrontdeskError } from '../mcp-servers/kit/errors.ts';
import type { Log } from '../mcp-servers/kit/log.ts';
import { createMcpService, type McpService, type ResolveCaller } from '../mcp-servers/kit/mcp-server.ts';
import type { Probe } from '../mcp-servers/kit/probe.ts';
import type { Stamps } from '../mcp-servers/kit/stamps.ts';
import { labServer } from '../mcp-servers/lab/server.ts';
import { sessionsServer } from '../mcp-servers/sessions/server.ts';
import type { SlackChat } from '../mcp-servers/slack/chat.ts';
import { slackServer } from '../mcp-servers/slack/server.ts';
import { testsServer } from '../mcp-servers/tests/server.ts';
import type { Workspaces } from '../mcp-servers/workspaces/contract.ts';
import { workspacesServer } from '../mcp-servers/workspaces/server.ts';
import { createAskTools } from './asks/ask-tools.ts';
import { createLabTools } from './lab/tools.ts';
import { createSlackTools } from './slack-tools.ts';
import type { Threads } from './threads/threads.ts';
import type { WorkRooms } from './open-rooms.ts';
import { createSessionTools, createWorkspaceTools, type Turns } from './work/session-tools.ts';

export interface ToolServicesOptions {
  /** Made later than the tools: OpenCode connects to them while it starts. */
  readonly late: { readonly threads?: Threads; readonly rooms?: WorkRooms };
  readonly chat: SlackChat;
  /** null: no work sessions here, and none of their tools. */
  readonly workspaces: Workspaces | null;
  readonly stamps: Stamps;
  readonly log: Log;
  readonly probe: Probe;
}

/** The MCP servers as the service serves them: whose call it is, its stamp says (MCP-2). */
export function createToolServices(options: ToolServicesOptions): McpService[] {
  const { late, chat, workspaces, stamps, log, probe } = options;
  const threads = () => orUnknown(late.threads);
  const work = () => orUnknown(late.rooms).work;
  const asks = () => orUnknown(late.rooms).asks;
  const resolveCaller: ResolveCaller = ({ tool, stamp, input }) => {
    const { sessionId } = stamps.consume(typeof stamp === 'string' ? stamp : '', tool);
    const named = Object.entries(input).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return threads().callerOf(sessionId, JSON.stringify([tool, named]));
  };
  const calls = { log, probe, resolveCaller };
  const slack = createMcpService({
    definition: slackServer,
    deps: createSlackTools(threads, chat, () => late.rooms?.asks),
    ...calls,
  });
  if (workspaces === null) return [slack];
  const turns: Turns = {
    personOf: (sessionId) => threads().messageOf(sessionId).author,
    noteShown: (sessionId, what) => threads().noteShown(sessionId, what),
  };
  const workspaceTools = createWorkspaceTools(work, turns, workspaces);
  const labTools = createLabTools(() => orUnknown(late.rooms), turns, workspaces);
  return [
    slack,
    createMcpService({
      definition: sessionsServer,
      deps: { ...createSessionTools(work, turns), ...createAskTools(asks, turns) },
      ...calls,
    }),
    createMcpService({ definition: workspacesServer, deps: workspaceTools, ...calls }),
    createMcpService({ definition: labServer, deps: labTools.lab, ...calls }),
    createMcpService({ definition: testsServer, deps: labTools.tests, ...calls }),
  ];
}

function orUnknown<T>(part: T | undefined): T {
  if (part === undefined) throw new FrontdeskError('thread_unknown');
  return part;
}
