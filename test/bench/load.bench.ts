import type { Place } from './conversation.ts';
import { isEchoOf } from './conversation.ts';
import type { Figure, Measure } from './figures.ts';
import { memoryOf } from './processes.ts';
import { openRig, type Rig } from './rig.ts';

interface Script {
  readonly threads: number;
  readonly messages: number;
  readonly channels: number;
  readonly deadlineMs: number;
}

/** Issue 2 §7: everybody writes at once, several messages each. Nothing may be lost, doubled or out of order. */
export const loadBench: Measure = {
  name: 'load',
  about: '50 threads at once, 5 messages each; and fewer under Slack’s real limits',
  async run({ quick, nodeOptions, say }) {
    const open: Script = { threads: 50, messages: quick ? 2 : 5, channels: 50, deadlineMs: 180_000 };
    const figures: Figure[] = [];
    {
      await using rig = await openRig({ channels: open.channels, nodeOptions });
      const idle = memoryOf(rig.servicePid);
      say(`${open.threads} threads, ${open.messages} messages each`);
      figures.push(...(await play('no limits', rig, open)));
      const after = memoryOf(rig.servicePid);
      figures.push(
        {
          what: 'memory of the service after the load',
          value: after.now,
          unit: 'MB',
          goal: { atMost: 150 },
          note: `without OpenCode; ${idle.now.toFixed(0)} MB before`,
        },
        { what: 'memory of the service, peak', value: after.peak, unit: 'MB' },
        { what: 'memory of OpenCode after the load', value: memoryOf(rig.openCodePid).now, unit: 'MB' },
      );
    }
    const tight: Script = {
      threads: quick ? 6 : 12,
      messages: quick ? 2 : 3,
      channels: 3,
      deadlineMs: 240_000,
    };
    // Bursts of one in Slack and of four here, so that 429s are met.
    const slack = { rateLimits: true, burst: 1 };
    await using rig = await openRig({
      channels: tight.channels,
      slack,
      env: { FRONTDESK_SLACK_PACE: '1' },
      nodeOptions,
    });
    say(`${tight.threads} threads in ${tight.channels} channels, with Slack's limits`);
    figures.push(...(await play('Slack’s limits', rig, tight)));
    const limited = rig.slack.journal.filter(
      ({ kind, outcome }) => kind === 'call' && outcome === 'ratelimited',
    );
    figures.push({ what: 'Slack’s limits: answers 429 on the way', value: limited.length, unit: '' });
    return figures;
  },
};

async function play(what: string, { slack, conversation }: Rig, script: Script): Promise<Figure[]> {
  const { threads, messages, channels, deadlineMs } = script;
  const startedAt = performance.now();
  const said = await Promise.all(
    Array.from({ length: threads }, async (_, at) => {
      const place: Place = { channel: `C_${at % channels}` };
      const words: string[] = [];
      for (let message = 0; message < messages; message += 1) words.push(await conversation.post(place));
      return { place, words };
    }),
  );
  const repliesTo = (place: Place, word: string) =>
    slack.thread(place.channel, place.thread ?? '').filter(isEchoOf(word));
  const unanswered = () =>
    said.flatMap(({ place, words }) => words.filter((word) => repliesTo(place, word).length === 0));
  const isMarked = () =>
    said.some(({ place }) =>
      slack
        .thread(place.channel, place.thread ?? '')
        .some(({ reactions }) => reactions.some(({ name }) => name === 'eyes')),
    );
  const quiet = () => unanswered().length === 0 && !isMarked();
  // What is not done by then is reported as lost.
  await poll(quiet, deadlineMs);
  const tookMs = performance.now() - startedAt;

  const doubled = said.flatMap(({ place, words }) =>
    words.filter((word) => repliesTo(place, word).length > 1),
  );
  const disordered = said.filter(({ place, words }) => {
    const order = words.map((word) => repliesTo(place, word)[0]?.ts ?? '');
    return order.join(' ') !== order.toSorted().join(' ');
  });
  return [
    { what: `${what}: messages without a reply`, value: unanswered().length, unit: '', goal: { exactly: 0 } },
    { what: `${what}: replies doubled`, value: doubled.length, unit: '', goal: { exactly: 0 } },
    { what: `${what}: threads out of order`, value: disordered.length, unit: '', goal: { exactly: 0 } },
    {
      what: `${what}: all answered and cleared after`,
      value: tookMs / 1000,
      unit: 's',
      note: `${threads * messages} messages in ${threads} threads, ${channels} channels`,
    },
  ];
}

/** Every message of every thread is looked at, so not after each change. */
async function poll(condition: () => boolean, deadlineMs: number): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (performance.now() < end && !condition()) {
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
}
