/** One round of chaos at work: jobs are started, moved and worked on while the service and its host are killed, all drawn from one seed. */
import { setTimeout as delay } from 'node:timers/promises';
import { probePoints } from '../../mcp-servers/kit/probe.ts';
import { setClocks } from './clocks.ts';
import type { Kill } from './kill.ts';
import { createRng, type Rng } from './rng.ts';
import type { RoundReport } from './round.ts';
import { type Duty, duties } from './work-agents.ts';
import type { Job } from './work-seen.ts';
import { isTold, type Moment, momentsOf, reach } from './work-moments.ts';
import { answer, deploy, start, test } from './work-people.ts';
import { openWorkStage, type WorkStage } from './work-stage.ts';

const victims = ['service', 'host', 'hostProcess', 'both'] as const;
export type Victim = (typeof victims)[number];

export interface WorkRoundOptions {
  readonly seed: number;
  readonly jobs: number;
  readonly blows: number;
  /** What each job's agent asks, in order; default: drawn. */
  readonly duties?: readonly Duty[];
  /** Whether a job is deployed and tested; default: drawn. */
  readonly lab?: boolean;
}

const outboxPoints = ['outbox.stored', 'slack.posting', 'slack.posted', 'outbox.marked'] as const;

export async function playWorkRound(options: WorkRoundOptions): Promise<RoundReport> {
  const rng = createRng(options.seed);
  const story: string[] = [];
  const names = Array.from({ length: options.jobs }, (_, index) => `j${index + 1}x${options.seed}`);
  const asks = names.map((name, index) => [name, options.duties?.[index] ?? rng.pick(duties)] as const);
  const lab = options.lab ?? rng.oneIn(2);
  story.push(`${asks.map((one) => one.join(' ')).join(', ')}${lab ? ', a lab' : ''}`);
  await using stage = await openWorkStage({
    projects: options.jobs,
    effort: { steps: 2, seconds: rng.pick([0.3, 1]), milestones: true, duties: Object.fromEntries(asks) },
    slack: { rateLimits: rng.oneIn(3) },
  });
  const { chaos } = stage;
  try {
    await askAll(stage, createRng(options.seed + 4_000_000), names, story);
    await Promise.all([
      live(stage, createRng(options.seed + 1_000_000), story, lab),
      strikeAll(stage, createRng(options.seed + 2_000_000), { blows: options.blows, lab }, story),
      setClocks(chaos, createRng(options.seed + 3_000_000), story),
    ]);
    chaos.life.arm(undefined);
    await Promise.race([chaos.life.ended, delay(300)]);
    if (!chaos.life.alive) await chaos.begin();
    await stage.settled(400_000);
    if (lab) await stage.clean(120_000);
    const ms = await chaos.life.stop();
    const left = chaos.leftovers();
    if (left.length > 0) throw new Error(`left running: ${left.map(({ command }) => command).join(', ')}`);
    // What is stored says the same to the next life, which has nothing to add.
    await chaos.begin();
    await stage.settled(120_000);
    await chaos.life.stop();
    story.push(`stopped in ${ms} ms`);
    return { story, failure: undefined };
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    const log = failure.includes('log:') ? '' : `\nlog:\n${await chaos.logTail(80)}`;
    return { story, failure: `${failure}${log}` };
  }
}

/** Every other time the service dies once while its agent hears what is wished for. */
async function askAll(stage: WorkStage, rng: Rng, names: readonly string[], story: string[]): Promise<void> {
  const { chaos } = stage;
  const kill: Kill | undefined = rng.oneIn(2)
    ? undefined
    : { point: rng.pick(probePoints), count: 1 + rng.whole(4) };
  await chaos.begin(kill);
  const all = (async () => {
    for (const name of names) await stage.ask(name);
  })();
  await Promise.race([all, chaos.life.ended]);
  chaos.life.arm(undefined);
  await Promise.race([chaos.life.ended, delay(300)]);
  if (kill) story.push(`blow: ${chaos.life.alive ? 'armed' : 'killed'} at ${kill.point}:${kill.count}`);
  if (!chaos.life.alive) await chaos.begin();
  await all;
}

/** People: each job is started, some are moved while they are worked on, what they ask is answered, one is deployed. */
async function live(stage: WorkStage, rng: Rng, story: string[], lab: boolean): Promise<void> {
  for (const job of stage.jobs) {
    await delay(rng.whole(300));
    await start(stage, job);
    story.push(`act: ${job.name} is started`);
  }
  // Each draws its own numbers, or the order of events would change what is drawn.
  await Promise.all([
    ...stage.jobs.map(async (job) => await answerOnce(stage, createRng(rng.whole(1_000_000)), job, story)),
    moveSome(stage, createRng(rng.whole(1_000_000)), story),
  ]);
  const [job] = stage.jobs;
  // Before the thread says that it has started there is nothing of it to deploy, for people.
  if (!lab || job === undefined || !(await isTold(stage, job, 60_000))) return;
  await deploy(stage, job);
  story.push(`act: ${job.name} is deployed`);
  if (!(await reach(stage, job, 'ready', 20_000))) return;
  await delay(rng.whole(1000));
  await test(stage, job);
  story.push(`act: ${job.name} is tested`);
}

/** Some are in no hurry, some are two. Who is not heard is answered when all is over. */
async function answerOnce(stage: WorkStage, rng: Rng, job: Job, story: string[]): Promise<void> {
  const [after, both] = [rng.pick([0, 20, 300, 3000]), rng.oneIn(2)];
  if (job.duty === 'none' || !(await reach(stage, job, 'asked', 20_000))) return;
  await delay(after);
  await answer(stage, job, both);
  story.push(`act: ${job.name} is answered${both ? ' by two' : ''}, ${after} ms after it asked`);
}

async function moveSome(stage: WorkStage, rng: Rng, story: string[]): Promise<void> {
  for (const job of stage.jobs) {
    const [moved, after] = [rng.oneIn(2), rng.whole(2500)];
    // Before it has a state file there is nothing to move.
    if (!moved || !(await reach(stage, job, 'sessionWritten', 20_000))) continue;
    await delay(after);
    await stage.plug(job);
    story.push(`act: ${job.name} is moved`);
  }
}

async function strikeAll(
  stage: WorkStage,
  rng: Rng,
  o: { blows: number; lab: boolean },
  story: string[],
): Promise<void> {
  for (let blow = 0; blow < o.blows; blow++) {
    story.push(`blow: ${await strikeOnce(stage, rng, o.lab)}`);
    if (stage.chaos.life.alive) continue;
    await delay(rng.whole(400));
    const kill: Kill | undefined = rng.oneIn(2)
      ? undefined
      : { point: rng.pick(outboxPoints), count: 1 + rng.whole(4) };
    if (kill) story.push(`blow: the next life ends at ${kill.point}:${kill.count}`);
    await stage.chaos.begin(kill);
  }
}

async function strikeOnce(stage: WorkStage, rng: Rng, lab: boolean): Promise<string> {
  const { life } = stage.chaos;
  if (rng.oneIn(4)) {
    const kill = { point: rng.pick(outboxPoints), count: 1 + rng.whole(4) };
    life.arm(kill);
    await Promise.race([life.ended, delay(3000, undefined, { ref: false })]);
    return `${life.alive ? 'armed' : 'killed'} at ${kill.point}:${kill.count}`;
  }
  const job = rng.pick(stage.jobs);
  const moment: Moment | undefined = rng.oneIn(3) ? undefined : rng.pick(momentsOf(job, lab));
  const after = rng.whole(moment === undefined ? 4000 : 60);
  const victim = rng.pick(victims);
  const reached = moment === undefined || (await reach(stage, job, moment, 5_000));
  await delay(after);
  await killIt(stage, victim);
  return `kill -9 of ${victim}, ${after} ms after ${moment ?? 'the last'} of ${job.name}${reached ? '' : ' (which did not come)'}`;
}

export async function killIt(stage: WorkStage, victim: Victim): Promise<void> {
  if (victim === 'host' || victim === 'both') stage.killHost('whole');
  if (victim === 'hostProcess') stage.killHost('inner');
  if (victim === 'service' || victim === 'both') await stage.chaos.life.killNow();
}
