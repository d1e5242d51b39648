import { describeError, FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import type { Deployment } from '../../mcp-servers/kit/lab.ts';
import { isRed, suiteSchema, type TestRun } from '../../mcp-servers/kit/tests.ts';
import type { WorkspaceInfo } from '../../mcp-servers/kit/work.ts';
import { sameThread } from '../work/plug.ts';
import type { Answer, By } from '../work/ports.ts';
import type { LabDeskPorts, TestWords } from './contract.ts';
import { placeFor } from './place.ts';
import type { TestSession } from './record.ts';
import { withTests } from './state.ts';
import { summarise, testCard } from './test-card.ts';

const refreshMs = 2000;
/** Of a run's log, in what is stored and shown. */
const logLines = 15;

/** Tests that people asked for, and a card for each wish. */
export interface Testing {
  ask(by: By, info: WorkspaceInfo, o: TestWords): Promise<Answer>;
  /** Ends it. @returns false when it does not run any more */
  stop(id: string, who: string): boolean;
  stopAll(workspace: string, who: string): Promise<void>;
  /** A change of a run: onto the card of the wish it belongs to. */
  follow(run: TestRun): void;
  resumeAll(): Promise<number>;
  tick(): void;
  drain(): Promise<void>;
  readonly busy: number;
}

interface Active {
  session: TestSession;
  /** Last line of output. */
  line: string;
  /** Its end is being told: no more of its course. */
  over: boolean;
  readonly ending: AbortController;
  ended: Promise<void>;
}

/** @param deploy what follows tests that were wanted first; safe to repeat */
export function createTesting(ports: LabDeskPorts, deploy: (session: TestSession) => Promise<void>): Testing {
  const { lab, tests, chat, sessions, workspaces, log, now } = ports;
  const active = new Map<string, Active>();
  /** Workspaces in which some are about to begin: two clicks at once are two wishes, and one run. */
  const asking = new Set<string>();
  let refreshedAt = 0;
  let draining = false;

  const card = (session: TestSession, line = '') =>
    ({ kind: 'card', card: testCard(session, now(), line) }) as const;

  /** Shown, noted in the state file and on the deployment, then forgotten. Done again after a crash, it says nothing twice. */
  const tell = async (session: TestSession): Promise<void> => {
    const { id, ref, workspace, suites, deployment, runs, startedAt } = session;
    await chat.change(ref, id, card(session));
    const { text, green } = summarise(session);
    const shown = { ref, since: new Date(startedAt).toISOString() };
    const result = { id, suite: suites.join(', '), text, green, at: new Date(now()).toISOString(), shown };
    if (workspaces.find(workspace) !== undefined)
      await workspaces.updateState(workspace, (state) => withTests(state, result));
    if (deployment !== null) {
      const results = runs.map(({ suite, repository, status, counts }) => ({
        suite,
        repository,
        status,
        counts,
      }));
      // It may have been cleaned up meanwhile.
      await lab
        .note(deployment, 'test_results', { text, green, runs: results })
        .catch((error: unknown) => log.warn({ err: describeError(error), tests: id }, 'tests.note.lost'));
    }
    if (mayDeploy(session)) await deploy(session);
    await sessions.update(id, (current) => current && { ...current, told: true });
  };

  const end = async (id: string, status: TestSession['status'], note: string): Promise<void> => {
    const ended = await sessions.update(id, (current) =>
      current === undefined ? current : { ...current, status, note, endedAt: now() },
    );
    if (ended === undefined) return;
    await tell(ended);
    ports.audit({
      person: ended.person,
      action: 'tests.run',
      target: ended.workspace,
      outcome: summarise(ended).text,
    });
  };

  const runSuites = async (mine: Active): Promise<void> => {
    const { id, workspace, repository, suites, testUrl, person } = mine.session;
    const { signal } = mine.ending;
    for (const suite of suites) {
      if (signal.aborted || draining) break;
      const runs = await tests.run({
        workspace,
        suite,
        by: person,
        signal,
        onLine: (line) => void (mine.line = line),
        ...(repository === null ? {} : { repository }),
        ...(testUrl === null ? {} : { testUrl }),
      });
      const stored = await sessions.update(id, (current) => current && withRuns(current, runs));
      if (stored !== undefined) mine.session = stored;
      mine.line = '';
      chat.refresh(stored?.ref ?? mine.session.ref, id, card(mine.session));
    }
  };

  const perform = (session: TestSession): void => {
    const { id } = session;
    if (active.has(id) || draining) return;
    const mine: Active = {
      session,
      line: '',
      over: false,
      ending: new AbortController(),
      ended: Promise.resolve(),
    };
    const stopped = () => (mine.ending.signal.aborted ? String(mine.ending.signal.reason) : null);
    active.set(id, mine);
    mine.ended = runSuites(mine)
      .finally(() => (mine.over = true))
      .then(
        async () => {
          // The service ends: the next one says that it was interrupted.
          if (draining) return;
          const who = stopped();
          await end(id, who === null ? 'done' : 'stopped', who ?? '');
        },
        async (error: unknown) => {
          if (draining) return;
          const who = stopped();
          if (who !== null) return await end(id, 'stopped', who);
          log.error({ err: describeError(error), tests: id }, 'tests.run.failed');
          const told = error instanceof FrontdeskError ? error.advice : 'see the log of Frontdesk.';
          await end(id, 'failed', told);
        },
      )
      .catch((error: unknown) => log.error({ err: describeError(error), tests: id }, 'tests.end.failed'))
      .finally(() => active.delete(id));
  };

  /** What the suites are run against: also one that is down, so that they say so. */
  const deployedAt = async (workspace: string): Promise<Deployment | null> => {
    const live = await lab.live(workspace);
    if (live !== null) return live;
    const last = await lab.status(workspace);
    return last?.status === 'down' ? last : null;
  };

  const running = (workspace: string) =>
    [...active.values()].filter(({ session }) => session.workspace === workspace);

  return {
    async ask(by, info, { repository, suites = suiteSchema.options, thenDeploy = null }) {
      const id = `tests/${by.requestId}`;
      const asked = await sessions.get(id);
      if (asked !== undefined) return { text: 'These tests were asked for already.', shown: true };
      if (running(info.name).length > 0 || asking.has(info.name))
        throw new FrontdeskError('test_busy', `\`${info.name}\`.`);
      using _ = reserved(asking, info.name);
      const deployment = await deployedAt(info.name);
      const ref = placeFor(by.ref, info);
      const session: TestSession = {
        id,
        workspace: info.name,
        repository: repository ?? null,
        person: by.person,
        ref,
        suites: [...suites],
        status: 'running',
        runs: [],
        testUrl: deployment?.url ?? null,
        deployment: deployment?.id ?? null,
        note: '',
        startedAt: now(),
        endedAt: null,
        thenDeploy,
        told: false,
      };
      await sessions.update(id, (current) => current ?? session);
      await chat.say(ref, id, card(session));
      perform(session);
      const here = sameThread(ref, by.ref);
      const where = here ? '' : ' Their card is in the thread it is plugged into.';
      return { text: `🧪 Tests of \`${info.name}\` are running.${where}`, shown: here };
    },

    stop(id, who) {
      const mine = active.get(id);
      mine?.ending.abort(who);
      return mine !== undefined;
    },
    async stopAll(workspace, who) {
      const mine = running(workspace);
      for (const { ending } of mine) ending.abort(who);
      await Promise.all(mine.map(({ ended }) => ended));
    },

    follow(run) {
      for (const mine of running(run.workspace)) {
        if (run.startedAt < mine.session.startedAt) continue;
        mine.session = withRuns(mine.session, [run]);
      }
    },

    async resumeAll() {
      let count = 0;
      for await (const [id, session] of sessions.entries()) {
        if (session.told) continue;
        count += 1;
        // Killed before its card was posted: then it is posted now, with the end.
        await chat.say(session.ref, id, card(session));
        if (session.endedAt === null) await end(id, 'interrupted', '');
        else await tell(session);
      }
      return count;
    },

    tick() {
      if (active.size === 0 || now() - refreshedAt < refreshMs) return;
      refreshedAt = now();
      for (const mine of active.values()) {
        if (mine.over) continue;
        chat.refresh(mine.session.ref, mine.session.id, card(mine.session, mine.line));
      }
    },

    async drain() {
      draining = true;
      // It says of what runs that it was interrupted, not that somebody cancelled it.
      await tests[Symbol.asyncDispose]();
      await Promise.allSettled([...active.values()].map(({ ended }) => ended));
    },

    get busy() {
      return active.size;
    },
  };
}

function reserved(names: Set<string>, name: string): Disposable {
  names.add(name);
  return { [Symbol.dispose]: () => void names.delete(name) };
}

/** Missing dependencies and missing tests are said, and keep nobody from deploying (TE-2). */
function mayDeploy({ thenDeploy, status, runs }: TestSession): boolean {
  return thenDeploy !== null && status === 'done' && !runs.some(isRed);
}

/** With these runs in place of earlier states of the same. */
function withRuns(session: TestSession, runs: readonly TestRun[]): TestSession {
  const known = new Map(session.runs.map((run) => [run.id, run]));
  for (const run of runs) known.set(run.id, { ...run, log: run.log.slice(-logLines) });
  return { ...session, runs: [...known.values()] };
}
