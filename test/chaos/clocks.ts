/** Somebody sets the machine's clock: the summer time, a virtual machine that wakes up, NTP at last. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Rng } from './rng.ts';
import type { ChaosStage } from './stage.ts';

const hourMs = 3_600_000;

/** In every other round, twice: an hour off, always to the same side, and right again. Less than any deadline of people. */
export async function setClocks(stage: ChaosStage, rng: Rng, story: string[]): Promise<void> {
  if (rng.oneIn(2)) return;
  const offMs = rng.pick([-hourMs, hourMs]);
  for (const ms of [offMs, 0]) {
    await delay(rng.whole(6000));
    stage.setClock(ms);
    story.push(`clock: ${ms === 0 ? 'right' : `${ms / hourMs} h`}`);
  }
}
