import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { basicAuth } from '../../frontdesk/opencode/client.ts';
import { openEventStream } from '../../frontdesk/opencode/event-stream.ts';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import { openUi } from '../e2e/open-ui.ts';
import { standIn } from '../model/stand-in/brain.ts';
import { makeSampleRoot } from '../try/sample-root.ts';
import { type Figure, type Measure, p50, p95 } from './figures.ts';
import { openRig, type Rig } from './rig.ts';

const patienceMs = 180_000;
const logFile = join(import.meta.dirname, '..', '..', '.bench', 'service.log');
const frameSchema = z.object({
  payload: z.object({
    type: z.enum(['question.asked', 'question.replied']),
    properties: z.looseObject({
      id: z.string().optional(),
      requestID: z.string().optional(),
      questions: z.array(z.object({ question: z.string() })).optional(),
    }),
  }),
});

interface Session {
  readonly title: string;
  readonly channel: string;
  readonly ts: string;
}

/** Issue 5: a question until its card, and a click until OpenCode has the answer; from OpenCode's own events. */
export const asksBench: Measure = {
  name: 'asks',
  about: 'question.asked → card in Slack, and click → question.replied, for one session and for many at once',
  async run({ quick, nodeOptions, say }) {
    const many = quick ? 6 : 50;
    const folder = await mkdtemp(join(tmpdir(), 'frontdesk-bench-asks-'));
    await using stack = new AsyncDisposableStack();
    stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
    const root = await makeSampleRoot(join(folder, 'root'));
    const rig = stack.use(
      await openRig({
        nodeOptions,
        channels: many + 1,
        env: { FRONTDESK_WORKSPACE_ROOT: root, FRONTDESK_MAX_SESSIONS: '200' },
        brain: (turn) =>
          turn.tools.includes('bash')
            ? asking(/Task: (asks \d+)/.exec(JSON.stringify(turn.history))?.[1] ?? '', turn.step)
            : standIn(turn),
      }),
    );
    const seenAt = new Map<string, number>();
    const unwatch = rig.slack.watchChanges(({ kind, ts }) => {
      if (kind === 'message' && ts !== undefined && !seenAt.has(ts)) seenAt.set(ts, performance.now());
    });
    stack.defer(() => {
      unwatch();
    });
    const opencode = stack.use(await follow());
    const measure = async (sessions: readonly Session[], o: Rounds): Promise<Times> => {
      const times: Times = { card: [], reply: [], bare: [] };
      const one = async (session: Session, index: number) => {
        await delay(index * o.pauseMs);
        for (let round = o.from; round < o.from + o.rounds; round += 1) {
          const words = questionOf(session.title, round);
          const card = await cardOf(rig, session, words);
          const asked = await opencode.asked(words);
          times.card.push((seenAt.get(card) ?? Number.NaN) - asked.at);
          const isBare = round % 2 === 1;
          const own = ui(join(root, '.builders', nameOf(session.title)));
          const answeredAt = performance.now();
          if (isBare)
            await own.call('POST', `/question/${asked.id}/reply`, { answers: [['Yes (Recommended)']] });
          else await rig.slack.as('U_ANNA').click(session.channel, card, '⭐ Yes');
          times[isBare ? 'bare' : 'reply'].push((await opencode.replied(asked.id)) - answeredAt);
          await delay(sessions.length * o.pauseMs);
        }
      };
      await Promise.all(sessions.map(one));
      return times;
    };
    say('one session');
    const first = [await start(rig, 'asks 0', 0)];
    await measure(first, { from: 0, rounds: 3, pauseMs: 100 });
    const alone = await measure(first, { from: 3, rounds: quick ? 20 : 60, pauseMs: 100 });
    say(`${many} sessions`);
    const sessions: Session[] = [];
    for (let index = 1; index <= many; index += 1) sessions.push(await start(rig, `asks ${index}`, index));
    const all = await measure(sessions, { from: 0, rounds: quick ? 5 : 6, pauseMs: 250 });
    return [...figures('one session', alone), ...figures(`${many} sessions, 4 clicks a second`, all)];
  },
};

interface Rounds {
  readonly from: number;
  readonly rounds: number;
  readonly pauseMs: number;
}

/** ms. */
interface Times {
  readonly card: number[];
  readonly reply: number[];
  /** By OpenCode's own HTTP API. */
  readonly bare: number[];
}

function figures(of: string, { card, reply, bare }: Times): Figure[] {
  const note = `${card.length} questions, every second one answered by OpenCode's own API`;
  return [
    { what: `${of}: asked → card, p50`, value: p50(card), unit: 'ms', note },
    { what: `${of}: asked → card, p95`, value: p95(card), unit: 'ms', goal: { atMost: 150 } },
    { what: `${of}: click → OpenCode has the answer, p50`, value: p50(reply), unit: 'ms' },
    {
      what: `${of}: click → OpenCode has the answer, p95`,
      value: p95(reply),
      unit: 'ms',
      goal: { atMost: 50 },
    },
    {
      what: `${of}: the same / OpenCode's own API, p50`,
      value: p50(reply) / p50(bare),
      unit: '×',
      note: `p50 / p95: ${p50(bare).toFixed(0)} / ${p95(bare).toFixed(0)} ms`,
    },
  ];
}

function ui(directory: string) {
  return openUi({ logText: () => readFileSync(logFile, 'utf8') }, directory);
}

function nameOf(title: string): string {
  return `ai-dev-domain-apis-${title.replaceAll(' ', '-')}`;
}

function questionOf(title: string, round: number): string {
  return `Is it good (${title}, round ${round})?`;
}

function asking(title: string, step: number) {
  const options = [
    { label: 'Yes (Recommended)', description: '' },
    { label: 'No', description: '' },
  ];
  const question = { header: 'Good', question: questionOf(title, step), options };
  return { tools: [{ name: 'question', args: { questions: [question] } }] };
}

async function start({ slack }: Rig, title: string, index: number): Promise<Session> {
  const channel = `C_${index}`;
  const ts = await slack.as('U_ANNA').post(channel, `<@${slack.botUserId}> start ${title} in domain-apis`);
  const card = await cardOf({ slack }, { channel, ts }, '"Start"');
  await slack.as('U_ANNA').click(channel, card, 'Start');
  await cardOf({ slack }, { channel, ts }, questionOf(title, 0));
  return { title, channel, ts };
}

/** Waits for it; Slack's stand-in looks at every change. */
async function cardOf(
  { slack }: Pick<Rig, 'slack'>,
  { channel, ts }: Pick<Session, 'channel' | 'ts'>,
  words: string,
): Promise<string> {
  const find = () =>
    slack
      .thread(channel, ts)
      .find(({ bot, text, blocks }) => bot && `${text}${JSON.stringify(blocks)}`.includes(words));
  return (await slack.until(find, words, patienceMs)).ts;
}

/** OpenCode's own stream: when it asked what, and when it had which answer. */
async function follow(): Promise<
  AsyncDisposable & {
    asked(words: string): Promise<{ id: string; at: number }>;
    replied(id: string): Promise<number>;
  }
> {
  const { url, password } = ui('/');
  const asked = new Map<string, PromiseWithResolvers<{ id: string; at: number }>>();
  const replied = new Map<string, PromiseWithResolvers<number>>();
  const stream = openEventStream({
    url,
    authorization: basicAuth(password),
    onFrame(frame) {
      const at = performance.now();
      const parsed = frameSchema.safeParse(frame);
      if (!parsed.success) return;
      const { id = '', requestID = '', questions } = parsed.data.payload.properties;
      if (questions === undefined) return waiterIn(replied, requestID).resolve(at);
      for (const { question } of questions) waiterIn(asked, question).resolve({ id, at });
    },
    onConnected() {},
    onStuck() {},
    silenceMs: 60_000,
    log: createSilentLog(),
  });
  await stream.connected;
  return {
    asked: (words) => waiterIn(asked, words).promise,
    replied: (id) => waiterIn(replied, id).promise,
    [Symbol.asyncDispose]: () => stream[Symbol.asyncDispose](),
  };
}

function waiterIn<T>(waiters: Map<string, PromiseWithResolvers<T>>, key: string): PromiseWithResolvers<T> {
  const waiter = waiters.get(key) ?? Promise.withResolvers<T>();
  waiters.set(key, waiter);
  return waiter;
}
