import { setTimeout as delay } from 'node:timers/promises';
import type { Place, TurnTimes } from './conversation.ts';
import { type Figure, type Measure, p50, p95 } from './figures.ts';
import { openRig, type Rig } from './rig.ts';

/** Issue 2 §7: how soon Slack gets its acknowledgement and the person their 👀 while 50 threads are busy. */
export const acksBench: Measure = {
  name: 'acks',
  about: 'envelope → ack, and message → 👀, with 50 busy threads',
  async run({ quick, nodeOptions, say }) {
    await using rig = await openRig({ channels: 50, nodeOptions });
    const places = Array.from({ length: 50 }, (_, at): Place => ({ channel: `C_${at}` }));
    const turn = (at: number) => rig.conversation.turn(places[at % 50] as Place, 120_000);
    say('warm-up');
    await Promise.all(places.map((_, at) => turn(at)));

    say('paced, 5 a second');
    const since = lastSeq(rig);
    const running: Promise<TurnTimes>[] = [];
    for (let at = 0; at < (quick ? 50 : 200); at += 1) {
      running.push(turn(at));
      await delay(200);
    }
    const paced = figuresOf('5 a second', acksSince(rig, since), await Promise.all(running));

    say('50 turns running at any time');
    const rounds = quick ? 2 : 5;
    const sinceBusy = lastSeq(rig);
    const busy = await Promise.all(
      places.map(async (_, at) => {
        const own: TurnTimes[] = [];
        for (let round = 0; round < rounds; round += 1) own.push(await turn(at));
        return own;
      }),
    );
    const acks = acksSince(rig, sinceBusy);

    say('50 messages in one instant');
    const sinceBurst = lastSeq(rig);
    const burst: TurnTimes[] = [];
    for (let round = 0; round < rounds; round += 1)
      burst.push(...(await Promise.all(places.map((_, at) => turn(at)))));
    return [
      ...paced,
      ...figuresOf('50 threads busy', acks, busy.flat()),
      ...figuresOf('50 in one instant', acksSince(rig, sinceBurst), burst, false),
    ];
  },
};

function acksSince({ slack }: Rig, since: number): number[] {
  return slack.journal
    .filter(({ seq }) => seq > since)
    .flatMap(({ kind, ms }) => (kind === 'ack' && ms !== undefined ? [ms] : []));
}

function lastSeq({ slack }: Rig): number {
  return slack.journal.at(-1)?.seq ?? 0;
}

/** @param judged false: harder than the goal was meant */
function figuresOf(
  what: string,
  acks: readonly number[],
  turns: readonly TurnTimes[],
  judged = true,
): Figure[] {
  const eyes = turns.flatMap(({ eyesMs }) => (eyesMs === undefined ? [] : [eyesMs]));
  return [
    {
      what: `${what}: envelope → ack, p95`,
      value: p95(acks),
      unit: 'ms',
      ...(judged ? { goal: { atMost: 50 } } : {}),
      note: `p50 ${p50(acks)} ms, ${acks.length} envelopes, our own posts among them`,
    },
    {
      what: `${what}: message → 👀, p95`,
      value: p95(eyes),
      unit: 'ms',
      ...(judged ? { goal: { atMost: 300 } } : {}),
      note: `p50 ${p50(eyes).toFixed(0)} ms, ${eyes.length} of ${turns.length} messages`,
    },
  ];
}
