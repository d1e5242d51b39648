import type { ToolCall } from '../../mcp-servers/kit/tool.ts';
import type { SessionToolDeps } from '../../mcp-servers/sessions/server.ts';
import type { WorkspaceToolDeps } from '../../mcp-servers/workspaces/tools/deps.ts';
import type { Work } from './contract.ts';
import type { Answer, By, WorkPorts } from './ports.ts';

/** The turn that calls, by its front-desk session. */
export interface Turns {
  /** Who speaks in it. */
  readonly personOf: (sessionId: string) => string;
  /** The thread shows something of it already (a card, a notice): it may end without another word. */
  noteShown(sessionId: string, what: string): Promise<void>;
}

type PersonOf = Turns['personOf'];

/** What the `sessions` server's tools do inside the service. */
export function createSessionTools(
  work: () => Work,
  turns: Turns,
): Omit<SessionToolDeps, 'respondToQuestion' | 'respondToPermission'> {
  const by = (call: ToolCall): By => byOf(call, turns.personOf);
  const told = async (call: ToolCall, answer: Promise<Answer>): Promise<Answer> => {
    const { text, shown } = await answer;
    if (shown) await turns.noteShown(call.caller.sessionId, text);
    return { text, shown };
  };
  return {
    route: (_, task) => work().suggest(task),
    start: (call, words) => told(call, work().propose(by(call), words)),
    list: async (call) => (await work().list(by(call))).rows,
    async status(call, workspace) {
      const { row, text } = await work().status(by(call), workspace);
      return { session: row, text };
    },
    send(call, text, workspace) {
      const asked = by(call);
      return told(call, work().send(asked, text, workspace, `send/${asked.requestId}`));
    },
    readMessages: (call, limit, workspace) => work().read(by(call), limit, workspace),
    pause: (call, workspace) => told(call, work().pause(by(call), workspace)),
    resume: (call, workspace) => told(call, work().resume(by(call), workspace)),
    stop: (call, workspace) => told(call, work().stop(by(call), workspace)),
    switchModel: (call, model, workspace) => told(call, work().switchModel(by(call), model, workspace)),
    fork: (call, title, workspace) => told(call, work().fork(by(call), title, workspace)),
  };
}

/** What the `workspaces` server's tools do inside the service. */
export function createWorkspaceTools(
  work: () => Work,
  turns: Turns,
  workspaces: WorkPorts['workspaces'],
): WorkspaceToolDeps {
  const by = (call: ToolCall): By => byOf(call, turns.personOf);
  return {
    workspaces,
    personOf: async (call) => turns.personOf(call.caller.sessionId),
    async connect(call, workspace) {
      const { movedFrom, text } = await work().plug(by(call), workspace);
      await turns.noteShown(call.caller.sessionId, text);
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
      await turns.noteShown(call.caller.sessionId, title);
      return 'asked';
    },
  };
}

/** Who asks with a tool. */
export function byOf({ caller }: ToolCall, personOf: PersonOf): By {
  const requestId = `${caller.sessionId}/${caller.callId}`;
  return { person: personOf(caller.sessionId), ref: caller.thread, requestId };
}
