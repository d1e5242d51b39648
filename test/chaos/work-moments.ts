/** The named moments of a start, a move and the work at which things die: what can be seen from outside, and the outbox's points. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { questionOf } from './work-agents.ts';
import { cardsOf, type Job, readState, shownIn } from './work-seen.ts';
import type { WorkStage } from './work-stage.ts';

const seen = {
  /** The click has just been made. */
  clicked: () => true,
  /** Or just after it: on a busy machine nobody may have looked while it was made. */
  making: ({ ground }, { workspace }) =>
    existsSync(join(ground.builders, workspace)) ||
    (existsSync(ground.builders) &&
      readdirSync(ground.builders).some((name) => /^\.(making|tmp)-/.test(name))),
  worktree: ({ ground }, { workspace, project }) =>
    existsSync(join(ground.builders, workspace, 'repos', project)),
  stateWritten: (stage, job) => readState(stage, job) !== undefined,
  sessionWritten: (stage, job) => (readState(stage, job)?.session ?? null) !== null,
  prompted: ({ chaos }, job) =>
    chaos.model.calls.some(({ messages }) =>
      JSON.stringify(messages).includes(`Task: Implement job ${job.name}`),
    ),
  /** Or just after it. */
  running: (stage, job) => /^(running|idle)$/.test(readState(stage, job)?.session?.status ?? ''),
  toolRunning: ({ ground }, job) =>
    existsSync(join(ground.builders, job.workspace, `step-1-of-${job.name}.begun`)),
  committed: ({ ground }, { workspace, project, name }) =>
    existsSync(join(ground.builders, workspace, 'repos', project, `${name}.txt`)),
  saying: ({ chaos }, { name }) =>
    chaos.model.calls.some(({ messages }) => JSON.stringify(messages.slice(-1)).includes(`did-${name}.`)),
  /** Its question or request is on a card. */
  asked: ({ chaos }, job) => cardsOf(chaos.slack, job, 'ask.choose.0', 'ask.once').length > 0,
  /** The card says what was chosen. */
  chosen: ({ chaos }, job) => shownIn(chaos.slack, job, /✅ \w+(?: chose|:)|🚫 \w+:/u).length > 0,
  /** The agent goes on with the answer. */
  heard: ({ chaos }, { name }) =>
    chaos.model.calls.some(({ messages }) =>
      JSON.stringify(messages.slice(-2)).includes(questionOf(name).slice(0, -1)),
    ),
  ended: (stage, job) => readState(stage, job)?.session?.status === 'idle',
  moved: (stage, job) => job.threads.length > 1 && readState(stage, job)?.thread?.thread === job.at.root,
  deploying: ({ chaos }, job) => cardsOf(chaos.slack, job, 'lab.cancel').length > 0,
  ready: ({ chaos }, job) => shownIn(chaos.slack, job, /✅ Deployment ready/u).length > 0,
  testing: ({ chaos }, job) => cardsOf(chaos.slack, job, 'lab.tests-stop').length > 0,
  tested: ({ chaos }, job) => cardsOf(chaos.slack, job, 'lab.tests-again').length > 0,
} satisfies Record<string, (stage: WorkStage, job: Job) => boolean>;

export type Moment = keyof typeof seen;

const ofAsks: readonly Moment[] = ['asked', 'chosen', 'heard'];
const ofLabs: readonly Moment[] = ['deploying', 'ready', 'testing', 'tested'];

/** Those that can come. */
export function momentsOf({ duty, number }: Job, lab: boolean): Moment[] {
  const deployed = lab && number === 1;
  return (Object.keys(seen) as Moment[]).filter(
    (moment) => (duty !== 'none' || !ofAsks.includes(moment)) && (deployed || !ofLabs.includes(moment)),
  );
}

/** Waits for the moment, at most `timeoutMs`. @returns whether it came */
export async function reach(stage: WorkStage, job: Job, moment: Moment, timeoutMs = 8_000): Promise<boolean> {
  return await comes(stage, job, seen[moment], timeoutMs);
}

/** Waits until the thread says that it has started. @returns whether it did */
export async function isTold(stage: WorkStage, job: Job, timeoutMs: number): Promise<boolean> {
  return await comes(stage, job, ({ chaos }) => shownIn(chaos.slack, job, /🚀/u).length > 0, timeoutMs);
}

async function comes(
  stage: WorkStage,
  job: Job,
  isSeen: (stage: WorkStage, job: Job) => boolean,
  timeoutMs: number,
): Promise<boolean> {
  const end = Date.now() + timeoutMs;
  while (!isSeen(stage, job)) {
    if (Date.now() > end) return false;
    await delay(10);
  }
  return true;
}
