/** Many sessions at once in as many workspaces (SE-5): nothing of one is ever seen with another, and one more is refused. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { buildFileName } from '../../mcp-servers/kit/store/file-name.ts';
import { readState } from './work-seen.ts';
import { startUntilTaken } from './work-people.ts';
import { openWorkStage, type WorkStage } from './work-stage.ts';

export interface ManyOptions {
  readonly sessions: number;
  /** Tool calls of each, in tens. */
  readonly tens: number;
}

export interface ManyReport {
  /** What the service heard of the sessions, each of which was compared. */
  readonly events: number;
  /** What the one too many was told. */
  readonly refusal: string;
  readonly problems: readonly string[];
}

const activitySchema = z.looseObject({
  data: z.object({ lines: z.array(z.object({ text: z.string() })) }),
});

/** @throws when a session does not come to its end */
export async function playMany({ sessions, tens }: ManyOptions): Promise<ManyReport> {
  await using stage = await openWorkStage({
    projects: sessions + 1,
    effort: { steps: tens, seconds: 0.01, calls: 10, milestones: true },
    settings: { FRONTDESK_MAX_SESSIONS: String(sessions) },
  });
  const { chaos, jobs } = stage;
  await chaos.begin();
  const names = Array.from({ length: sessions }, (_, index) => `n${index + 1}`);
  for (const name of names) await stage.ask(name);
  const cards = await Promise.all(jobs.map(async (job) => await startUntilTaken(stage, job)));
  const refusal = await refuseOneMore(stage, sessions + 1);
  await stage.settled(240_000 + cards.length * 10_000);
  await chaos.life.stop();
  const heard = jobs.map((job) => readActivity(stage, job.workspace));
  const strangers = jobs.flatMap(({ name }, index) =>
    (heard[index] ?? []).filter((line) => jobsNamed(line).some((other) => other !== name)),
  );
  const milestones = jobs.flatMap(({ name, at }) => {
    const told = chaos.slack.transcript(at.channel).match(/Milestone: Job \w+\. has step/g)?.length ?? 0;
    return told === tens ? [] : [`${name}: ${told} milestones told, not ${tens}`];
  });
  const left = chaos.leftovers().map(({ command }) => `left running: ${command}`);
  return {
    events: heard.flat().length,
    refusal,
    problems: [...strangers.map((line) => `heard in another workspace: ${line}`), ...milestones, ...left],
  };
}

/** All places are taken: the wish is answered, and makes nothing. */
async function refuseOneMore({ chaos, ground, jobs }: WorkStage, number: number): Promise<string> {
  const { slack } = chaos;
  await slack.until(
    () => jobs.every((job) => (readState({ ground }, job)?.session ?? null) !== null),
    'all places to be taken',
    240_000,
  );
  const channel = 'C_23';
  const text = `<@${slack.botUserId}> start job toomany in p${number}`;
  const root = await slack.as('U_ANNA').post(channel, text);
  return await slack.until(
    () => /Maximum concurrent sessions reached.*/.exec(slack.transcript(channel, root))?.[0],
    'the refusal',
    240_000,
  );
}

function readActivity({ chaos }: WorkStage, workspace: string): string[] {
  const { shard, name } = buildFileName(workspace);
  const file = join(chaos.stateDir, 'state', 'activity', shard, name);
  const { data } = activitySchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  return data.lines.map(({ text }) => text);
}

function jobsNamed(line: string): string[] {
  return [...line.matchAll(/Job (\w+)\./g)].map(([, name = '']) => name);
}
