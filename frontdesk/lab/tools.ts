import type { Lab } from '../../mcp-servers/kit/lab.ts';
import type { Tests } from '../../mcp-servers/kit/tests.ts';
import type { ToolCall } from '../../mcp-servers/kit/tool.ts';
import type { LabToolDeps } from '../../mcp-servers/lab/tools/deps.ts';
import type { TestToolDeps } from '../../mcp-servers/tests/server.ts';
import { findWorkspace } from '../../mcp-servers/kit/find-workspace.ts';
import type { By, WorkPorts } from '../work/ports.ts';
import { byOf, type Turns } from '../work/session-tools.ts';
import type { LabDesk } from './contract.ts';

/** What the tools reach of the room. */
export interface LabRooms {
  readonly lab: Lab;
  readonly tests: Tests;
  readonly labDesk: LabDesk;
}

/** What the `lab` and `tests` servers' tools do inside the service. @param rooms throws while it starts */
export function createLabTools(
  rooms: () => LabRooms,
  turns: Turns,
  workspaces: Pick<WorkPorts['workspaces'], 'list'>,
): { lab: LabToolDeps; tests: TestToolDeps } {
  const by = (call: ToolCall): By => byOf(call, turns.personOf);
  const workspaceOf = async ({ caller }: ToolCall, name: string | undefined): Promise<string> =>
    findWorkspace(workspaces.list(), caller.thread, name).name;
  const note = async (call: ToolCall, { text, shown }: { text: string; shown: boolean }): Promise<void> => {
    if (shown) await turns.noteShown(call.caller.sessionId, text);
  };
  return {
    lab: {
      get lab() {
        return rooms().lab;
      },
      workspaceOf,
      async deploy(call, { workspace, repository, ifRunning }) {
        const replace = ifRunning === 'replace';
        const begun = await rooms().labDesk.deploy(by(call), { workspace, repository, replace });
        await note(call, begun);
        const { deployment, done, shown } = begun;
        return { deployment, done, shown };
      },
      async confirm(call, { workspace }) {
        await note(call, await rooms().labDesk.cleanup(by(call), workspace));
        return 'asked';
      },
    },
    tests: {
      tests: { results: (workspace) => rooms().tests.results(workspace) },
      workspaceOf,
      async run(call, words) {
        const answer = await rooms().labDesk.test(by(call), words);
        await note(call, answer);
        return { shown: true, text: answer.text, runs: [] };
      },
    },
  };
}
