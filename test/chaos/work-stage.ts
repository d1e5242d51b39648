/** The chaos stage with a workspace root: real git, real worktrees, a local host that dies with or without the service. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createGround, type Ground } from '../support/git-ground.ts';
import type { SlackServerOptions } from '../slack/types.ts';
import { findLeftovers } from '../try/leftovers.ts';
import { type ChaosStage, openChaosStage } from './stage.ts';
import { type Effort, scriptWork } from './work-agents.ts';
import { isAsking, type Job, problemsOf } from './work-checks.ts';

export interface WorkStage extends AsyncDisposable {
  readonly chaos: ChaosStage;
  readonly ground: Ground;
  readonly jobs: readonly Job[];
  /** Asks for it, in the channel of its own, until the card with [Start] is there. */
  ask(name: string): Promise<Job>;
  /** Presses [Start] while the card offers it; a click that reached nobody is made again. */
  insist(job: Job): Promise<void>;
  /** Moves its workspace into another thread by a mention there. */
  plug(job: Job): Promise<void>;
  /** kill -9 of the local host's OpenCode: all of it, or only the process that serves. */
  killHost(how: 'whole' | 'inner'): number;
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
  for (const name of names) await ground.addRepository(name);
  const projects = names.map((name) => ({ name: `ai-dev/${name}`, repositories: [name] }));
  const chaos = stack.use(
    await openChaosStage(options.slack, {
      FRONTDESK_WORKSPACE_ROOT: ground.root,
      FRONTDESK_PROJECTS: JSON.stringify(projects),
      FRONTDESK_CARD_AFTER_MS: '60000',
      ...options.settings,
    }),
  );
  scriptWork(chaos.model, options.effort);
  const jobs: Job[] = [];
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
      const job: Job = { name, project, workspace, at: { channel, root }, threads: [{ channel, root }] };
      jobs.push(job);
      await slack.until(() => isAsking(slack, job), `the card of ${name}`, 30_000);
      return job;
    },
    async insist(job) {
      const card = isAsking(slack, job);
      if (card !== undefined) await anna.click(job.threads[0]?.channel ?? '', card.ts, 'Start');
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
    async settled(timeoutMs = 60_000) {
      const end = Date.now() + timeoutMs;
      let problems: string[] = [];
      for (;;) {
        problems = await problemsOf(stage);
        if (problems.length === 0 && (await chaos.life.isIdle())) return;
        if (Date.now() > end) break;
        for (const job of jobs) await stage.insist(job);
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
