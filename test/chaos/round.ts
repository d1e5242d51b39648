/** One round of chaos: people talk in several threads while things die and lines are cut, all drawn from one seed. */
import { setTimeout as delay } from 'node:timers/promises';
import { probePoints } from '../../mcp-servers/kit/probe.ts';
import type { Fault } from '../slack/limits/faults.ts';
import { setClocks } from './clocks.ts';
import type { Said } from './ledger.ts';
import { createRng, type Rng } from './rng.ts';
import { type ChaosStage, openChaosStage } from './stage.ts';
import type { Kind } from './talk.ts';

export interface RoundOptions {
  readonly seed: number;
  /** What people do, and what goes wrong. */
  readonly acts: number;
  readonly blows: number;
  readonly threads: number;
}

export interface RoundReport {
  /** One line for each act and each blow, in order. */
  readonly story: readonly string[];
  readonly failure: string | undefined;
}

const kinds: readonly Kind[] = ['reply', 'reword', 'reword', 'long', 'file', 'two', 'text', 'hold'];
const dmKinds: readonly Kind[] = ['text', 'text', 'mixed', 'mixed', 'reply', 'reword'];

/** A thread people talk in; a DM's has no channel of its own. */
interface Talk {
  readonly place: { readonly channel: string } | 'dm';
  /** Root, once there is one. */
  thread?: string;
}

export async function playRound(options: RoundOptions): Promise<RoundReport> {
  const rng = createRng(options.seed);
  const story: string[] = [];
  // Slack's second delivery comes after a minute, or within a second.
  const scale = rng.pick([1, 60]);
  await using stage = await openChaosStage({
    clock: { now: () => Date.now(), scale },
    rateLimits: rng.oneIn(3),
  });
  story.push(`scale ${scale}`);
  try {
    await stage.begin();
    // Each draws its own numbers, or the order of events would change what is drawn.
    await Promise.all([
      talk(stage, createRng(options.seed + 1_000_000), options, story),
      strike(stage, createRng(options.seed + 2_000_000), options, story),
      setClocks(stage, createRng(options.seed + 3_000_000), story),
    ]);
    stage.slack.faults.clear();
    stage.slack.sockets.refuse(false);
    // From now on nobody dies; who is about to be told so may be too late.
    stage.life.arm(undefined);
    await Promise.race([stage.life.ended, delay(300)]);
    if (!stage.life.alive) await stage.begin();
    for (const { id } of stage.ledger.said) stage.model.gate(id).open();
    // Costs nothing when it is met; at a load of 50 a round of 14 messages took 90 s.
    await stage.quiet(400_000);
    const ms = await stage.life.stop();
    await stage.settled(0);
    const left = stage.leftovers();
    if (left.length > 0) throw new Error(`left running: ${left.map(({ command }) => command).join(', ')}`);
    story.push(`stopped in ${ms} ms`);
    return { story, failure: undefined };
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    const log = failure.includes('log:') ? '' : `\nlog:\n${await stage.logTail(80)}`;
    return { story, failure: `${failure}${log}` };
  }
}

async function talk(stage: ChaosStage, rng: Rng, { acts, threads }: RoundOptions, story: string[]) {
  const talks = Array.from({ length: threads }, (_, index): Talk => ({
    // The last one is a DM; two share a channel and thus its pace.
    place: index === threads - 1 ? 'dm' : { channel: `C_0${Math.floor(index / 2)}` },
  }));
  for (let act = 0; act < acts; act++) {
    await delay(rng.whole(400));
    const where = rng.pick(talks);
    const line = await actIn(stage, rng, where);
    story.push(`act: ${line}`);
  }
}

async function actIn(stage: ChaosStage, rng: Rng, talk: Talk): Promise<string> {
  const { ledger, slack, model } = stage;
  const held = ledger.said.filter(({ kind }) => kind === 'hold');
  const choice = rng.whole(10);
  if (choice === 0 && held.length > 0) {
    const { id } = rng.pick(held);
    model.gate(id).open();
    return `let ${id} go`;
  }
  const channel = talk.place === 'dm' ? dmChannel(ledger.said) : talk.place.channel;
  if (choice === 1 && talk.thread !== undefined && talk.thread !== '') {
    // Whatever runs at the moment ends; nobody can say in advance which it is.
    for (const one of ledger.said) if (one.channel === channel && one.thread === talk.thread) forgive(one);
    const who = slack.as('U_ANNA');
    if (talk.place === 'dm') await who.dm('stop', { threadTs: talk.thread });
    else await who.post(channel, 'stop', { threadTs: talk.thread });
    return `stop in ${channel} ${talk.thread}`;
  }
  if (choice === 2 && channel !== '') {
    const pressed = await pressNotice(stage, rng, channel);
    if (pressed !== undefined) return pressed;
  }
  const thread = talk.thread === undefined ? {} : { thread: talk.thread };
  const said =
    talk.place === 'dm'
      ? await ledger.dm(rng.pick(dmKinds), thread)
      : await ledger.say(rng.pick(kinds), { ...talk.place, ...thread, by: rng.pick(['U_ANNA', 'U_BEN']) });
  // A DM's first message is at its top level; the thread is below it.
  talk.thread = said.thread === '' ? said.ts : said.thread;
  return `${said.id} ${said.kind} in ${said.channel} ${said.thread}`;
}

function forgive(said: Said): void {
  if (said.fate === 'answered') said.fate = 'maybe';
}

function dmChannel(said: readonly Said[]): string {
  return said.find(({ channel }) => channel.startsWith('D'))?.channel ?? '';
}

/** [Remove] or [Send now] of a queue notice that is there, if there is one. */
async function pressNotice({ slack, ledger }: ChaosStage, rng: Rng, channel: string) {
  const notices = ledger.said.flatMap((said) => {
    if (said.channel !== channel || said.thread === '') return [];
    const notice = slack
      .thread(channel, said.thread)
      .find(({ bot, blocks }) => bot && JSON.stringify(blocks).includes(`"value":"${said.ts}"`));
    return notice === undefined ? [] : [{ said, ts: notice.ts }];
  });
  if (notices.length === 0) return undefined;
  const { said, ts } = rng.pick(notices);
  const button = rng.pick(['Remove', 'Send now']);
  for (const one of ledger.said) {
    if (one.channel !== channel || one.thread !== said.thread) continue;
    one.jumped = true;
    if (button === 'Send now' || one === said) forgive(one);
  }
  const { acked } = await slack
    .as('U_ANNA')
    .click(channel, ts, button)
    .catch(() => ({ acked: false }));
  return `${button} ${said.id}${acked ? '' : ' (not acknowledged)'}`;
}

async function strike(stage: ChaosStage, rng: Rng, { blows }: RoundOptions, story: string[]) {
  for (let blow = 0; blow < blows; blow++) {
    await delay(200 + rng.whole(2500));
    const line = await strikeOnce(stage, rng);
    story.push(`blow: ${line}`);
    if (stage.life.alive) continue;
    await delay(rng.whole(500));
    // Half of the lives are short: they end while they take up what the one before left.
    const kill = rng.oneIn(2) ? undefined : { point: rng.pick(probePoints), count: 1 + rng.whole(6) };
    if (kill) story.push(`blow: the next life ends at ${kill.point}:${kill.count}`);
    await stage.begin(kill);
  }
}

async function strikeOnce(stage: ChaosStage, rng: Rng): Promise<string> {
  const { life, slack } = stage;
  const [openCode] = stage.openCodes();
  switch (rng.whole(9)) {
    case 0:
    case 1:
      await life.killNow();
      return 'kill -9 of the service';
    case 2:
    case 3: {
      const kill = { point: rng.pick(probePoints), count: 1 + rng.whole(4) };
      life.arm(kill);
      await Promise.race([life.ended, delay(3000, undefined, { ref: false })]);
      return `${life.alive ? 'armed' : 'killed'} at ${kill.point}:${kill.count}`;
    }
    case 4:
      if (openCode !== undefined) process.kill(openCode, 'SIGKILL');
      return 'kill -9 of OpenCode';
    case 5:
      if (openCode !== undefined) process.kill(openCode, 'SIGKILL');
      await life.killNow();
      return 'kill -9 of both';
    case 6: {
      const ms = rng.whole(2500);
      slack.sockets.refuse(true, ms);
      slack.sockets.dropAll();
      return `no connection for ${ms} ms`;
    }
    case 7: {
      const ms = await life.stop();
      return `SIGTERM, ${ms} ms`;
    }
    default: {
      const fault = drawFault(rng);
      slack.faults.add(fault);
      return `Slack: ${JSON.stringify(fault)}`;
    }
  }
}

const methods = [
  'chat.postMessage',
  'chat.update',
  'chat.delete',
  'chat.startStream',
  'chat.appendStream',
  'chat.stopStream',
  'reactions.remove',
  'files.completeUploadExternal',
  'conversations.replies',
  'agents.sessions.setStatus',
  '*',
] as const;

function drawFault(rng: Rng): Fault {
  const method = rng.pick(methods);
  switch (rng.whole(4)) {
    case 0:
      return { method, kind: 'ratelimited', retryAfter: 1 + rng.whole(2), times: 1 + rng.whole(4) };
    case 1:
      return { method, kind: 'status', status: 503, forMs: 500 + rng.whole(3000) };
    case 2:
      return { method, kind: 'reset-after', times: 1 + rng.whole(3) };
    default:
      return { method, kind: rng.pick(['reset', 'html'] as const), times: 1 + rng.whole(3) };
  }
}
