/** The named moments of a start, a move and the work at which things die: what can be seen from outside, and the outbox's points. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Job, readState } from './work-checks.ts';
import type { WorkStage } from './work-stage.ts';

const seen = {
  /** The click has just been made. */
  clicked: () => true,
  making: ({ ground }) =>
    existsSync(ground.builders) && readdirSync(ground.builders).some((name) => /^\.(making|tmp)-/.test(name)),
  worktree: ({ ground }, { workspace, project }) =>
    existsSync(join(ground.builders, workspace, 'repos', project)),
  stateWritten: (stage, job) => readState(stage, job) !== undefined,
  sessionWritten: (stage, job) => (readState(stage, job)?.session ?? null) !== null,
  prompted: ({ chaos }, job) =>
    chaos.model.calls.some(({ messages }) =>
      JSON.stringify(messages).includes(`Task: Implement job ${job.name}`),
    ),
  running: (stage, job) => readState(stage, job)?.session?.status === 'running',
  toolRunning: ({ ground }, job) =>
    existsSync(join(ground.builders, job.workspace, `step-1-of-${job.name}.begun`)),
  committed: ({ ground }, { workspace, project, name }) =>
    existsSync(join(ground.builders, workspace, 'repos', project, `${name}.txt`)),
  saying: ({ chaos }, { name }) =>
    chaos.model.calls.some(({ messages }) => JSON.stringify(messages.slice(-1)).includes(`did-${name}.`)),
  ended: (stage, job) => readState(stage, job)?.session?.status === 'idle',
  moved: (stage, job) => job.threads.length > 1 && readState(stage, job)?.thread?.thread === job.at.root,
} satisfies Record<string, (stage: WorkStage, job: Job) => boolean>;

export type Moment = keyof typeof seen;
export const moments = Object.keys(seen) as Moment[];

/** Waits for the moment, at most `timeoutMs`. @returns whether it came */
export async function reach(stage: WorkStage, job: Job, moment: Moment, timeoutMs = 8_000): Promise<boolean> {
  const end = Date.now() + timeoutMs;
  const isSeen: (stage: WorkStage, job: Job) => boolean = seen[moment];
  while (!isSeen(stage, job)) {
    if (Date.now() > end) return false;
    await delay(3);
  }
  return true;
}
