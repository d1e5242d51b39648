/** `frontdesk mcp tests` (MCP-1): runs tests of the workspaces on disk for any MCP client; no card, the call waits. */
import { join } from 'node:path';
import type { z } from 'zod';
import { openStore } from '../../mcp-servers/kit/store/store.ts';
import type { TestRun } from '../../mcp-servers/kit/tests.ts';
import type { ToolCall } from '../../mcp-servers/kit/tool.ts';
import type { WorkspaceInfo } from '../../mcp-servers/kit/work.ts';
import { testsServer, type TestToolDeps } from '../../mcp-servers/tests/server.ts';
import { createTests } from '../../mcp-servers/tests/tests.ts';
import type { testsAloneSchema } from '../config/schema.ts';
import { findEnclosure } from '../hosts/enclosure.ts';
import { labStateOf } from '../lab/state.ts';
import { findWorkspace } from '../../mcp-servers/kit/find-workspace.ts';
import { createAloneLog, nowhere, serveAlone, stdio } from './serve.ts';
import { readWorkspaces, repositoriesOf } from './workspaces-on-disk.ts';

/** A client gives up on a call that says nothing (OpenCode: after 60 s). */
const aliveMs = 10_000;

/** Serves until the client goes away. */
export async function runTestsAlone(
  config: z.infer<typeof testsAloneSchema>,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const { stateDir, workspaceRoot: root, logLevel: level, testSeconds: limitSeconds } = config;
  const { log, redactor } = createAloneLog(level);
  // A folder of its own: the service's is locked by the service.
  const dir = join(stateDir, 'alone', 'tests');
  await using store = await openStore({ dir: join(dir, 'state'), log });
  const find = async (words: string | undefined): Promise<WorkspaceInfo> => {
    const all = await readWorkspaces(root);
    return findWorkspace(all, nowhere, words ?? (all.length === 1 ? all[0]?.name : undefined));
  };
  await using tests = createTests({
    store,
    dir: join(dir, 'runs'),
    repositoriesOf: async (workspace) => repositoriesOf(await find(workspace)),
    environment,
    enclosure: await findEnclosure(),
    redact: redactor.redact,
    log,
    limitSeconds,
  });
  await tests.resumeAll();
  const deps: TestToolDeps = {
    tests,
    workspaceOf: async (_, name) => (await find(name)).name,
    async run(call, { workspace, repository, suites }) {
      const { state } = await find(workspace);
      const runs: TestRun[] = [];
      using said = sayAlive(call);
      for (const suite of suites)
        runs.push(
          ...(await tests.run({
            workspace,
            suite,
            repository,
            testUrl: labStateOf(state)?.url ?? undefined,
            by: stdio,
            onLine: said.hear,
            signal: call.signal,
          })),
        );
      return { shown: false, text: '', runs };
    },
  };
  await serveAlone(testsServer, deps, log);
}

/** Tells the client now and then how far it is, in the runner's own words. */
function sayAlive({ progress }: ToolCall): Disposable & { readonly hear: (line: string) => void } {
  let last = 'Running tests';
  const timer = setInterval(() => progress(last), aliveMs);
  return {
    hear: (line) => void (last = line.trim() === '' ? last : line),
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
