/** One round of chaos at work: jobs are started, moved and worked on while the service and its host are killed, all drawn from one seed. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Kill } from './kill.ts';
import { createRng, type Rng } from './rng.ts';
import type { RoundReport } from './round.ts';
import { moments, type Moment, reach } from './work-moments.ts';
import { openWorkStage, type WorkStage } from './work-stage.ts';

const victims = ['service', 'host', 'hostProcess', 'both'] as const;
export type Victim = (typeof victims)[number];

export interface WorkRoundOptions {
  readonly seed: number;
  readonly jobs: number;
  readonly blows: number;
}

const outboxPoints = ['outbox.stored', 'slack.posting', 'slack.posted', 'outbox.marked'] as const;

export async function playWorkRound(options: WorkRoundOptions): Promise<RoundReport> {
  const rng = createRng(options.seed);
  const story: string[] = [];
  await using stage = await openWorkStage({
    projects: options.jobs,
    effort: { steps: 2, seconds: rng.pick([0.3, 1]) },
    slack: { rateLimits: rng.oneIn(3) },
  });
  const { chaos } = stage;
  try {
    await chaos.begin();
    for (let job = 1; job <= options.jobs; job++) await stage.ask(`j${job}x${options.seed}`);
    await Promise.all([
      live(stage, createRng(options.seed + 1_000_000), story),
      strikeAll(stage, createRng(options.seed + 2_000_000), options, story),
    ]);
    chaos.life.arm(undefined);
    await Promise.race([chaos.life.ended, delay(300)]);
    if (!chaos.life.alive) await chaos.begin();
    await stage.settled(120_000);
    const ms = await chaos.life.stop();
    const left = chaos.leftovers();
    if (left.length > 0) throw new Error(`left running: ${left.map(({ command }) => command).join(', ')}`);
    // What is stored says the same to the next life, which has nothing to add.
    await chaos.begin();
    await stage.settled(30_000);
    await chaos.life.stop();
    story.push(`stopped in ${ms} ms`);
    return { story, failure: undefined };
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    const log = failure.includes('log:') ? '' : `\nlog:\n${await chaos.logTail(80)}`;
    return { story, failure: `${failure}${log}` };
  }
}

/** People: each job is started, and some are moved while they are worked on. */
async function live(stage: WorkStage, rng: Rng, story: string[]): Promise<void> {
  for (const job of stage.jobs) {
    await delay(rng.whole(300));
    await stage.insist(job);
    story.push(`act: ${job.name} is started`);
  }
  for (const job of stage.jobs) {
    if (!rng.oneIn(2)) continue;
    // Before it has a state file there is nothing to move.
    if (!(await reach(stage, job, 'sessionWritten', 20_000))) continue;
    await delay(rng.whole(2500));
    await stage.plug(job);
    story.push(`act: ${job.name} is moved`);
  }
}

async function strikeAll(stage: WorkStage, rng: Rng, { blows }: WorkRoundOptions, story: string[]) {
  for (let blow = 0; blow < blows; blow++) {
    story.push(`blow: ${await strikeOnce(stage, rng)}`);
    if (stage.chaos.life.alive) continue;
    await delay(rng.whole(400));
    const kill: Kill | undefined = rng.oneIn(2)
      ? undefined
      : { point: rng.pick(outboxPoints), count: 1 + rng.whole(4) };
    if (kill) story.push(`blow: the next life ends at ${kill.point}:${kill.count}`);
    await stage.chaos.begin(kill);
  }
}

async function strikeOnce(stage: WorkStage, rng: Rng): Promise<string> {
  const { life } = stage.chaos;
  if (rng.oneIn(4)) {
    const kill = { point: rng.pick(outboxPoints), count: 1 + rng.whole(4) };
    life.arm(kill);
    await Promise.race([life.ended, delay(3000, undefined, { ref: false })]);
    return `${life.alive ? 'armed' : 'killed'} at ${kill.point}:${kill.count}`;
  }
  const job = rng.pick(stage.jobs);
  const moment: Moment | undefined = rng.oneIn(3) ? undefined : rng.pick(moments);
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
