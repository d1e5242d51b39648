import { setTimeout as delay } from 'node:timers/promises';
import { type BareTimes, startBareOpenCode } from './bare-opencode.ts';
import type { Place, TurnTimes } from './conversation.ts';
import { type Figure, type Measure, p50, p95 } from './figures.ts';
import { openRig } from './rig.ts';

const warmUpTurns = 20;
/** Turns start this often at most: 5 a second. */
const shortestGapMs = 200;

interface Samples {
  readonly bare: BareTimes[];
  readonly desk: TurnTimes[];
}

/** Issue 2 §7: what the front desk adds to OpenCode, one thread after the other and 50 at a steady pace. */
export const replyBench: Measure = {
  name: 'reply',
  about: 'mention → reply visible, against a bare OpenCode prompt with the same two model steps',
  async run({ quick, nodeOptions, say }) {
    await using rig = await openRig({ channels: 50, nodeOptions });
    await using bare = await startBareOpenCode(rig.model);
    const place: Place = { channel: 'C_0' };
    const session = await bare.newSession();
    say('warm-up');
    for (let turn = 0; turn < warmUpTurns; turn += 1) {
      await rig.conversation.turn(place);
      await bare.turn(session, `w${turn}w`);
    }

    say('one thread');
    const one: Samples = { bare: [], desk: [] };
    for (let turn = 0; turn < (quick ? 20 : 120); turn += 1) {
      one.desk.push(await rig.conversation.turn(place));
      await settle();
      one.bare.push(await bare.turn(session, `a${turn}a`));
      await settle();
    }

    const places = Array.from({ length: 50 }, (_, at): Place => ({ channel: `C_${at}` }));
    const sessions = await Promise.all(places.map(() => bare.newSession()));
    const desk = (at: number) => rig.conversation.turn(places[at % 50] as Place);
    const alone = (at: number) => bare.turn(sessions[at % 50] as string, `b${at}b`);
    const gapMs = decideGap(one);
    say(`50 threads, a turn every ${gapMs.toFixed(0)} ms: first turns`);
    await paced(50, gapMs, desk, alone);
    say('50 threads');
    const many = await paced(quick ? 50 : 200, gapMs, desk, alone);
    const pace: Figure = { what: '50 threads: a turn was started every', value: gapMs, unit: 'ms' };
    return [...figuresOf('one thread', one, 1.1), ...figuresOf('50 threads', many, 1.15), pace];
  },
};

/** What a turn leaves to be done after its end must not be counted to the next one's account. */
async function settle(): Promise<void> {
  await delay(60);
}

/** On a busy machine 5 a second is more than it can do, and a queue would be measured: it is kept half idle. */
function decideGap({ bare, desk }: Samples): number {
  const pair = p50(bare.map(({ idleMs }) => idleMs)) + p50(desk.map(({ endedMs }) => endedMs));
  return Math.max(shortestGapMs, pair);
}

/** Starts one every `gapMs`, of the desk and of the other in turn, whatever those before it do. */
async function paced(
  count: number,
  gapMs: number,
  desk: (at: number) => Promise<TurnTimes>,
  bare: (at: number) => Promise<BareTimes>,
): Promise<Samples> {
  const [desks, bares]: [Promise<TurnTimes>[], Promise<BareTimes>[]] = [[], []];
  for (let at = 0; at < count; at += 1) {
    desks.push(desk(at));
    await delay(gapMs);
    bares.push(bare(at));
    await delay(gapMs);
  }
  return { desk: await Promise.all(desks), bare: await Promise.all(bares) };
}

function figuresOf(what: string, samples: Samples, atMost: number): Figure[] {
  const { desk } = samples;
  const bare = samples.bare.map(({ idleMs }) => idleMs);
  const called = samples.bare.map(({ toolCalledMs }) => toolCalledMs);
  const visible = desk.map(({ visibleMs }) => visibleMs);
  const ended = desk.map(({ endedMs }) => endedMs);
  return [
    {
      what: `${what}: reply visible / bare turn, p50`,
      value: p50(visible) / p50(bare),
      unit: '×',
      goal: { atMost },
      note: `${desk.length} turns each, interleaved`,
    },
    { what: `${what}: reply visible / bare turn, p95`, value: p95(visible) / p95(bare), unit: '×' },
    {
      what: `${what}: turn ended and marks cleared / bare turn, p50`,
      value: p50(ended) / p50(bare),
      unit: '×',
    },
    {
      what: `${what}: reply visible / bare prompt → tool called, p50`,
      value: p50(visible) / p50(called),
      unit: '×',
      note: 'the stricter view: the reply is out before step 2',
    },
    { what: `${what}: bare turn, p50`, value: p50(bare), unit: 'ms', note: `p95 ${p95(bare).toFixed(0)} ms` },
    {
      what: `${what}: reply visible, p50`,
      value: p50(visible),
      unit: 'ms',
      note: `p95 ${p95(visible).toFixed(0)} ms`,
    },
    {
      what: `${what}: turn ended, p50`,
      value: p50(ended),
      unit: 'ms',
      note: `p95 ${p95(ended).toFixed(0)} ms`,
    },
  ];
}
