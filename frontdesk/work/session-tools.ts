import type { ToolCall } from '../../mcp-servers/kit/tool.ts';
import type { SessionToolDeps } from '../../mcp-servers/sessions/server.ts';
import type { WorkspaceToolDeps } from '../../mcp-servers/workspaces/tools/deps.ts';
import type { Work } from './contract.ts';
import type { By, WorkPorts } from './ports.ts';

/** Who speaks in the turn that calls. @param sessionId of the front-desk session */
export type PersonOf = (sessionId: string) => string;

/** What the `sessions` server's tools do inside the service. */
export function createSessionTools(work: () => Work, personOf: PersonOf): SessionToolDeps {
  const by = (call: ToolCall): By => byOf(call, personOf);
  return {
    route: (_, task) => work().suggest(task),
    start: (call, words) => work().propose(by(call), words),
    list: async (call) => (await work().list(by(call))).rows,
    async status(call, workspace) {
      const { row, text } = await work().status(by(call), workspace);
      return { session: row, text };
    },
    send: (call, text, workspace) => work().send(by(call), text, workspace),
    readMessages: (call, limit, workspace) => work().read(by(call), limit, workspace),
    pause: (call, workspace) => work().pause(by(call), workspace),
    resume: (call, workspace) => work().resume(by(call), workspace),
    stop: (call, workspace) => work().stop(by(call), workspace),
    switchModel: (call, model, workspace) => work().switchModel(by(call), model, workspace),
    fork: (call, title, workspace) => work().fork(by(call), title, workspace),
  };
}

/** What the `workspaces` server's tools do inside the service. */
export function createWorkspaceTools(
  work: () => Work,
  personOf: PersonOf,
  workspaces: WorkPorts['workspaces'],
): WorkspaceToolDeps {
  const by = (call: ToolCall): By => byOf(call, personOf);
  return {
    workspaces,
    personOf: async (call) => personOf(call.caller.sessionId),
    async connect(call, workspace) {
      const { movedFrom } = await work().plug(by(call), workspace);
      return { movedFrom };
    },
    async disconnect(call, workspace) {
      await work().unplug(by(call), workspace);
    },
    async setEventUpdates(call, workspace, on) {
      await work().toggleEvents(by(call), on, workspace);
    },
    readEvents: (call, workspace, limit) => work().readEvents(by(call), limit, workspace),
    async confirm(call, { title, detail, action }) {
      await work().confirm(by(call), { title, detail, action });
      return 'asked';
    },
  };
}

function byOf({ caller }: ToolCall, personOf: PersonOf): By {
  // Some providers number the calls of a session anew.
  const requestId = `${caller.sessionId}/${caller.callId}`;
  return { person: personOf(caller.sessionId), ref: caller.thread, requestId };
}
