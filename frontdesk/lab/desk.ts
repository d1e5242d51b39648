import { describeError, FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import type { Deployment } from '../../mcp-servers/kit/lab.ts';
import type { WorkspaceInfo } from '../../mcp-servers/kit/work.ts';
import { newRecord } from '../../mcp-servers/lab/record.ts';
import { describeCleanup } from '../../mcp-servers/lab/tools/cleanup.ts';
import { findWorkspace } from '../../mcp-servers/kit/find-workspace.ts';
import type { Answer, By } from '../work/ports.ts';
import type { Begun, DeployWords, LabDesk, LabDeskPorts } from './contract.ts';
import { deployDebugPrompt, testDebugPrompt } from './debug.ts';
import { createDeploys } from './deploys.ts';
import { fenceLog } from './log-text.ts';
import { createTesting } from './testing.ts';

/** Lines of [Logs]; more are a file's business. */
const logLines = 50;

/** Builds it; call `resumeAll` once the chat is open. Disposing ends the tests that run; labs are the lab's own. */
export function createLabDesk(ports: LabDeskPorts): LabDesk {
  const { lab, tests, work, workspaces, chat, sessions, redact } = ports;
  const deploys = createDeploys(ports);
  const testing = createTesting(ports, async ({ id, person, ref, workspace, thenDeploy }) => {
    const info = workspaces.find(workspace);
    if (info === undefined) return;
    const { repository = null, replace = false } = thenDeploy ?? {};
    const words = { repository: repository ?? undefined, replace };
    await deploys.ask({ person, ref, requestId: id }, info, words).catch(async (error: unknown) => {
      if (!(error instanceof FrontdeskError)) throw error;
      const markdown = `❌ \`${workspace}\` was not deployed: ${error.advice}`;
      await chat.say(ref, `${id}/not-deployed`, { kind: 'text', markdown });
    });
  });
  using listening = new DisposableStack();
  listening.use(lab.onChange((deployment) => deploys.follow(deployment)));
  listening.use(tests.onChange((run) => testing.follow(run)));
  const listeners = listening.move();

  const find = (by: By, words: string | undefined): WorkspaceInfo =>
    findWorkspace(workspaces.list(), by.ref, words);

  const deploy = async (by: By, info: WorkspaceInfo, words: DeployWords): Promise<Begun> => {
    const first = words.untested ? undefined : await ports.testedFirst(info, words.repository);
    if (first === undefined) return await deploys.ask(by, info, words);
    const thenDeploy = { repository: words.repository ?? null, replace: words.replace ?? false };
    const { shown: isShown } = await testing.ask(by, info, {
      suites: ['unit'],
      repository: first,
      thenDeploy,
    });
    const text = `🧪 The unit tests of \`${info.name}\` come first; it is deployed when none fails.`;
    const deployment = plannedDeployment(info.name, first, by.person, ports.now());
    return { text, shown: isShown, deployment, done: Promise.resolve(deployment) };
  };

  const cleanup = async (by: By, info: WorkspaceInfo): Promise<Answer> => {
    const current = await lab.status(info.name);
    if (current === null || current.status === 'removed')
      throw new FrontdeskError('lab_unknown', `\`${info.name}\` has no lab.`);
    const { title, detail } = describeCleanup(current);
    const action = { kind: 'lab-cleanup', workspace: info.name } as const;
    return await work.confirm(by, { title, detail, action });
  };

  const say = async (by: By, what: string, markdown: string): Promise<void> =>
    await chat.say(by.ref, `lab/click/${by.requestId}/${what}`, { kind: 'text', markdown });

  /** What a button does; `id` is a deployment's. @returns what only the clicker should see */
  const deployVerbs: Readonly<
    Record<string, (by: By, deployment: Deployment, info: WorkspaceInfo) => Promise<string | null>>
  > = {
    retry: async (by, { repository }, info) =>
      toClicker(await deploy(by, info, { repository: repository || undefined, afresh: true })),
    redeploy: async (by, { repository }, info) =>
      toClicker(await deploy(by, info, { repository: repository || undefined })),
    async cancel(by, { id, status }, { name }) {
      if (status !== 'deploying') return 'It has ended already.';
      // Taking back what was made takes a while; the card tells its end.
      lab
        .cancel(id, by.person)
        .catch((error: unknown) =>
          ports.log.warn({ err: describeError(error), deployment: id }, 'lab.cancel.failed'),
        );
      await say(
        by,
        'cancel',
        `🗑️ The deployment of \`${name}\` is cancelled (${await chat.nameOf(by.person)})`,
      );
      return null;
    },
    tests: async (by, _, info) => toClicker(await testing.ask(by, info, {})),
    async logs(by, { workspace, status, log }) {
      const lines = status === 'failed' ? log : await lab.logs(workspace, logLines);
      await say(by, 'logs', logsText(workspace, lines));
      return null;
    },
    cleanup: async (by, _, info) => {
      await cleanup(by, info);
      return null;
    },
    async debug(by, deployment, info) {
      await send(by, info, deployDebugPrompt(deployment));
      return null;
    },
    open: async () => null,
  };

  const send = async (by: By, info: WorkspaceInfo, prompt: string): Promise<void> => {
    const { text } = await work.send(by, redact(prompt), info.name, `lab/debug/${by.requestId}`);
    await say(
      by,
      'debug',
      `🔍 Debug: the cause and the log went to its coding agent. ${text} (${await chat.nameOf(by.person)})`,
    );
  };

  const clickTests = async (by: By, verb: string, id: string): Promise<string | null> => {
    const session = await sessions.get(id);
    if (session === undefined) return 'This card is too old; run the tests again.';
    const info = workspaces.get(session.workspace);
    switch (verb) {
      case 'tests-stop':
        return testing.stop(id, await chat.nameOf(by.person)) ? null : 'They have ended already.';
      case 'tests-again':
        return toClicker(
          await testing.ask(by, info, {
            suites: session.suites,
            repository: session.repository ?? undefined,
            thenDeploy: session.thenDeploy,
          }),
        );
      case 'tests-deploy': {
        const { repository = null, replace = false } = session.thenDeploy ?? {};
        const words = { repository: repository ?? undefined, replace, untested: true };
        return toClicker(await deploy(by, info, words));
      }
      case 'tests-debug':
        await send(by, info, testDebugPrompt(session));
        return null;
      default:
        return 'This button is too old.';
    }
  };

  return {
    deploy: async (by, o) => await deploy(by, find(by, o.workspace), o),
    test: async (by, o) => await testing.ask(by, find(by, o.workspace), o),
    async logs(by, words) {
      const { name } = find(by, words);
      return { text: logsText(name, await lab.logs(name, logLines)), shown: false };
    },
    cleanup: async (by, words) => await cleanup(by, find(by, words)),

    async click(by, action, value) {
      if (!ports.isAllowed(by.person)) return null;
      const verb = action.replace(/^lab\./, '');
      ports.audit({ person: by.person, action: `lab.${verb}`, target: value, outcome: 'clicked' });
      try {
        if (verb.startsWith('tests-')) return shown(await clickTests(by, verb, value));
        // Of a session's card: the value is the workspace.
        if (verb === 'deploy') return shown(toClicker(await deploy(by, workspaces.get(value), {})));
        if (verb === 'test') return shown(toClicker(await testing.ask(by, workspaces.get(value), {})));
        const [act, deployment] = [deployVerbs[verb], await lab.get(value)];
        if (act === undefined || deployment === undefined) return shown('This button is too old.');
        return shown(await act(by, deployment, workspaces.get(deployment.workspace)));
      } catch (error) {
        if (error instanceof FrontdeskError) return shown(error.advice);
        throw error;
      }
    },

    async abandon(workspace) {
      await testing.stopAll(workspace, 'the cleanup of the workspace');
      await lab.cleanup(workspace);
    },

    async resumeAll() {
      const done = [...(await tests.resumeAll()), ...(await lab.resumeAll())];
      for (const what of done) ports.log.info({ what }, 'lab.resumed');
      return (await testing.resumeAll()) + (await deploys.resumeAll());
    },
    tick() {
      deploys.tick();
      testing.tick();
    },
    get busy() {
      return deploys.busy + testing.busy;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([testing.drain(), deploys.drain()]);
      listeners.dispose();
    },
  };
}

function shown(text: string | null): { text: string } | null {
  return text === null ? null : { text };
}

function toClicker({ text, shown: isShown }: Answer): string | null {
  return isShown ? null : text;
}

function logsText(workspace: string, lines: readonly string[]): string {
  const log = fenceLog(lines, 9000);
  return log === ''
    ? `The lab of \`${workspace}\` has written nothing.`
    : `Last lines of \`${workspace}\`:\n${log}`;
}

/** What stands for a deployment that tests come before. */
function plannedDeployment(workspace: string, repository: string, by: string, now: number): Deployment {
  const { deployment } = newRecord({
    id: '',
    workspace,
    repository,
    target: '',
    runtime: '',
    by,
    ref: null,
    startedAt: now,
  });
  const step = { key: 'tests', label: 'Running the unit tests', detail: '' };
  return { ...deployment, steps: [{ ...step, status: 'running', startedAt: now, ms: 0 }] };
}
