/** The chaos stage with a workspace root: real git, real worktrees, a local host that dies with or without the service. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createGround, type Ground } from '../support/git-ground.ts';
import type { SlackServerOptions } from '../slack/types.ts';
import { findLeftovers } from '../try/leftovers.ts';
import { type ChaosStage, openChaosStage } from './stage.ts';
import { type Effort, scriptWork } from './work-agents.ts';
import { samples } from '../try/sample-apps.ts';
import { problemsOf } from './work-checks.ts';
import { cardsOf, type Job } from './work-seen.ts';
import { cleanUp, tend, test } from './work-people.ts';

export interface WorkStage extends AsyncDisposable {
  readonly chaos: ChaosStage;
  readonly ground: Ground;
  readonly jobs: readonly Job[];
  /** Asks for it, in the channel of its own, until the card with [Start] is there. */
  ask(name: string): Promise<Job>;
  /** Moves its workspace into another thread by a mention there. */
  plug(job: Job): Promise<void>;
  /** kill -9 of the local host's OpenCode: all of it, or only the process that serves. */
  killHost(how: 'whole' | 'inner'): number;
  /** The labs are cleaned up by people, and nothing of them is left. @throws with what is */
  clean(timeoutMs: number): Promise<void>;
  /** Waits until every job is done, told and nothing is left to do. @throws with what is wrong */
  settled(timeoutMs?: number): Promise<void>;
}

export interface WorkStageOptions {
  readonly projects: number;
  readonly effort: Effort;
  readonly slack?: SlackServerOptions;
  readonly settings?: Readonly<Record<string, string>>;
}

export async function openWorkStage(options: WorkStageOptions): Promise<WorkStage> {
  await using stack = new AsyncDisposableStack();
  const ground = stack.use(await createGround());
  const names = Array.from({ length: options.projects }, (_, index) => `p${index + 1}`);
  // A small app with tests, which can be deployed.
  for (const name of names) await ground.addRepository(name, samples[0]?.files);
  const projects = names.map((name) => ({ name: `ai-dev/${name}`, repositories: [name] }));
  const chaos = stack.use(
    await openChaosStage(options.slack, {
      FRONTDESK_WORKSPACE_ROOT: ground.root,
      FRONTDESK_PROJECTS: JSON.stringify(projects),
      FRONTDESK_CARD_AFTER_MS: '60000',
      // Each end of a deploy is counted.
      FRONTDESK_POLICY: JSON.stringify({ updates: { inSightSeconds: 0 } }),
      FRONTDESK_LABS_STAY: 'true',
      ...options.settings,
    }),
  );
  const jobs: Job[] = [];
  const isShown = (name: string) =>
    jobs.some((job) => job.name === name && cardsOf(chaos.slack, job, 'ask.choose.0').length > 0);
  scriptWork(chaos.model, { isShown, ...options.effort });
  const { slack } = chaos;
  const anna = slack.as('U_ANNA');

  const owned = stack.move();
  const stage: WorkStage = {
    chaos,
    ground,
    jobs,
    async ask(name) {
      const number = jobs.length + 1;
      const channel = `C_${String(number).padStart(2, '0')}`;
      const project = `p${number}`;
      const root = await anna.post(channel, `<@${slack.botUserId}> start job ${name} in ${project}`);
      const workspace = `ai-dev-${project}-implement-job-${name}`;
      const duty = options.effort.duties?.[name] ?? 'none';
      const job: Job = {
        name,
        number,
        duty,
        project,
        workspace,
        at: { channel, root },
        threads: [{ channel, root }],
        deployed: false,
        tested: 0,
        taken: new Set(),
      };
      jobs.push(job);
      await slack.until(() => cardsOf(slack, job, 'work.start')[0], `the card of ${name}`);
      return job;
    },
    async plug(job) {
      const channel = `C_${String(12 + jobs.indexOf(job)).padStart(2, '0')}`;
      const root = await anna.post(channel, `<@${slack.botUserId}> plug ${job.workspace}`);
      job.at = { channel, root };
      job.threads.push(job.at);
    },
    killHost(how) {
      const [first, ...inner] = findLeftovers(join(chaos.stateDir, 'host')).map(({ pid }) => pid);
      const recorded = readPid(join(chaos.stateDir, 'host', 'process.json'));
      const found = how === 'whole' ? (recorded ?? first) : (servingPid(chaos.stateDir) ?? inner[0] ?? first);
      if (found !== undefined) kill(how === 'whole' ? -found : found);
      return found ?? 0;
    },
    async clean(timeoutMs) {
      const labs = () => chaos.leftovers().filter(({ command }) => !/opencode|chaos\/main\.ts/.test(command));
      const isClean = () => jobs.every((job) => cardsOf(slack, job, 'lab.cleanup').length === 0);
      const end = Date.now() + timeoutMs;
      while (!isClean() || labs().length > 0 || !(await chaos.life.isIdle())) {
        if (Date.now() > end)
          throw new Error(
            `left of labs: ${labs()
              .map(({ command }) => command)
              .join(', ')}`,
          );
        for (const job of jobs) await cleanUp(stage, job);
        await delay(100);
      }
    },
    async settled(timeoutMs = 240_000) {
      const end = Date.now() + timeoutMs;
      let problems: string[] = [];
      for (;;) {
        problems = await problemsOf(stage);
        if (problems.length === 0 && (await chaos.life.isIdle())) return;
        if (Date.now() > end) break;
        for (const job of jobs) {
          await tend(stage, job);
          if (job.deployed && job.tested === 0) await test(stage, job);
        }
        await delay(100);
      }
      const channels = new Set(jobs.flatMap(({ threads }) => threads.map(({ channel }) => channel)));
      const seen = [...channels].map((channel) => slack.transcript(channel));
      throw new Error([...problems, '', ...seen, 'log:', await chaos.logTail(80)].join('\n'));
    },
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
  return stage;
}

/** The OpenCode process itself, inside its enclosure. */
function servingPid(stateDir: string): number | undefined {
  const host = findLeftovers(join(stateDir, 'host'));
  return host.findLast(({ command }) => /opencode\S* serve/.test(command) && !command.includes('unshare'))
    ?.pid;
}

function readPid(file: string): number | undefined {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid;
  } catch {
    return undefined;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
