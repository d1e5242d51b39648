/** What people do to a job by clicks. One that was not taken, or by a life that ended since, is made again by whoever calls again. */
import { setTimeout as delay } from 'node:timers/promises';
import type { StoredMessage } from '../slack/store/model.ts';
import { cardsOf, type Job, type Seen, shownIn } from './work-seen.ts';

type Stage = Pick<Seen, 'chaos'>;

/** Presses it as `person`, while it is there. @returns whether the service took it */
async function press(
  { chaos: { slack, life } }: Stage,
  { taken }: Job,
  o: { person: string; card: StoredMessage; action: RegExp },
): Promise<boolean> {
  const { person, card, action } = o;
  const button = new RegExp(`"action_id":"(${action.source})"`).exec(JSON.stringify(card.blocks))?.[1];
  const key = `${life.pid} ${person} ${card.channel} ${card.ts} ${button}`;
  if (button === undefined || taken.has(key)) return false;
  const { acked } = await slack.as(person).click(card.channel, card.ts, button);
  if (acked) taken.add(key);
  return acked;
}

/** [Start] of what was asked for. */
export async function start(stage: Stage, job: Job): Promise<void> {
  for (const card of cardsOf(stage.chaos.slack, job, 'work.start'))
    await press(stage, job, { person: 'U_ANNA', card, action: /work\.start/ });
}

/**
 * For a service that lives: a click it could not acknowledge within Slack's 3 s is made again, as a person does. So is one
 * before it is connected, which fails at once: without a pause nothing else would ever run here.
 */
export async function startUntilTaken(stage: Stage, job: Job): Promise<void> {
  for (;;) {
    await start(stage, job);
    if (cardsOf(stage.chaos.slack, job, 'work.start').length === 0 || job.taken.size > 0) return;
    await delay(50);
  }
}

/** Answers what waits; `both`: two people at once, and not the same. */
export async function answer(stage: Stage, job: Job, both = false): Promise<void> {
  for (const card of cardsOf(stage.chaos.slack, job, 'ask.choose.0', 'ask.once')) {
    const people = [press(stage, job, { person: 'U_ANNA', card, action: /ask\.(?:choose\.0|once)/ })];
    if (both) people.push(press(stage, job, { person: 'U_BEN', card, action: /ask\.(?:choose\.1|deny)/ }));
    await Promise.all(people);
  }
}

/** Whatever the job needs a person for, once more. */
export async function tend(stage: Stage, job: Job): Promise<void> {
  await start(stage, job);
  await answer(stage, job);
  // Cut off too often, it waits for somebody.
  for (const card of cardsOf(stage.chaos.slack, job, 'work.resume'))
    await press(stage, job, { person: 'U_ANNA', card, action: /work\.resume/ });
}

/** By a mention in the thread it was started in. */
export async function deploy({ chaos: { slack } }: Stage, job: Job): Promise<void> {
  const { channel, root } = job.at;
  await slack.as('U_ANNA').post(channel, `<@${slack.botUserId}> deploy`, { threadTs: root });
  job.deployed = true;
}

/** [Run tests] of its lab. */
export async function test(stage: Stage, job: Job): Promise<void> {
  if (shownIn(stage.chaos.slack, job, /"(?:lab\.tests-again|lab\.tests-stop)"/).length > 0) return;
  for (const card of cardsOf(stage.chaos.slack, job, 'lab.tests'))
    if (await press(stage, job, { person: 'U_BEN', card, action: /lab\.tests/ })) job.tested += 1;
}

/** [Clean up] of its lab, and [Confirm]. */
export async function cleanUp(stage: Stage, job: Job): Promise<void> {
  const asked = cardsOf(stage.chaos.slack, job, 'work.confirm');
  for (const card of asked) await press(stage, job, { person: 'U_ANNA', card, action: /work\.confirm/ });
  if (asked.length > 0) return;
  for (const card of cardsOf(stage.chaos.slack, job, 'lab.cleanup'))
    await press(stage, job, { person: 'U_ANNA', card, action: /lab\.cleanup/ });
}
