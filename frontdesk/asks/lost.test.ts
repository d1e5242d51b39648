import { describe, expect, it } from 'vitest';
import type { HostEvent } from '../../mcp-servers/kit/work.ts';
import {
  type AskLife,
  type AskWorld,
  beginAsks,
  ben,
  cardShows,
  createAskWorld,
  here,
  permission,
  question,
  sessionId,
} from '../../test/support/ask-world.ts';
import { findLost, lostForMs } from './decide.ts';

const replies = (world: AskWorld, count: number) =>
  world.until(() => world.host.replies.length === count, `${count} replies`);

/** Asked, answered, taken by OpenCode, which is then killed; between the two it tells `heard`. */
async function answeredAndKilled(o: { kind?: 'question' | 'permission'; heard?: readonly HostEvent[] } = {}) {
  const { kind = 'question', heard = [] } = o;
  const begun = await beginAsks();
  const { world, life } = begun;
  life.ask(kind, 'ask_1', kind === 'question' ? question : permission);
  await cardShows(world, kind === 'question' ? 'Which style?' : 'rm -rf build');
  await life.press(kind === 'question' ? 'gRPC' : 'Allow once', ben);
  await world.until(() => life.asks.pending().length === 0, 'delivered');
  for (const event of heard) life.hear(event);
  await life.asks.change(world.stored()[0]?.id ?? '', (ask) => ask);
  world.restartHost();
  return begun;
}

describe('an answer that OpenCode took and lost', () => {
  it('AS-2, AS-6: is given again to the same question, and its card says so; nobody is asked twice', async () => {
    const { world, life } = await answeredAndKilled();
    life.ask('question', 'ask_2', question);
    await replies(world, 2);
    expect(world.host.replies).toEqual(['ask_1: [["gRPC"]]', 'ask_2: [["gRPC"]]']);
    await cardShows(world, 'ben chose **gRPC**.\\n↩️ Answered before: OpenCode was cut off');
    await world.until(() => life.asks.pending().length === 0, 'delivered again');
    expect(world.cards(here)).toHaveLength(1);
    expect(world.audit).toEqual([`${ben} ask.answer gRPC`, `${ben} ask.again gRPC`]);
    // Lost once more, it is given once more.
    world.restartHost();
    life.ask('question', 'ask_3', question);
    await replies(world, 3);
    expect(world.cards(here)).toHaveLength(1);
  });

  it('AS-6: also by the next life of the service, and where that is killed at any step', async () => {
    for (let at = 1, killed = true; killed; at += 1) {
      const { world } = await answeredAndKilled();
      const second = world.live(at);
      const begun = second.asks.resumeAll().then(async () => {
        second.ask('question', 'ask_2', question);
        await replies(world, 2);
        await world.until(() => second.asks.pending().length === 0, 'delivered again');
      });
      let ended = false;
      void begun.then(
        () => (ended = true),
        () => {},
      );
      await world.until(() => ended || second.isDead(), `step ${at}`);
      killed = second.isDead();
      world.pass(5000);
      const third = world.live();
      await third.asks.resumeAll();
      if (world.host.waiting.length === 0 && world.host.replies.length === 1)
        third.ask('question', 'ask_2', question);
      await third.look();
      await replies(world, 2);
      await world.until(() => third.asks.busy === 0, 'the deliveries');
      world.pass(3000);
      third.asks.tick();
      await world.until(() => third.asks.pending().length === 0, `the end after ${at}`);
      await cardShows(world, 'Answered before');
      expect(world.cards(here), `killed at ${at}`).toHaveLength(1);
    }
  });

  const went: HostEvent[] = [
    { kind: 'tool', sessionId, tool: 'question', title: '', status: 'completed' },
    { kind: 'message', sessionId, text: 'gRPC, then.' },
    { kind: 'idle', sessionId },
  ];
  it.each(went.map((event) => [event.kind, event] as const))(
    'AS-2: is not given again when its turn was seen to go on (%s): asked again, it is a question of its own',
    async (_, event) => {
      const { world, life } = await answeredAndKilled({ heard: [event] });
      life.ask('question', 'ask_2', question);
      await world.until(() => world.cards(here).length === 2, 'asked');
      expect(world.host.replies).toHaveLength(1);
    },
  );

  it('AS-2: other words, another session, the same run of OpenCode, too late: people are asked', async () => {
    const other = { questions: [{ ...question.questions[0], question: 'Which style now?' }] };
    const cases: [string, (world: AskWorld, life: AskLife) => void][] = [
      ['other words', (_, life) => life.ask('question', 'ask_2', other)],
      [
        'the same run',
        (world, life) => {
          world.host.instance = 'run-1';
          life.ask('question', 'ask_2', question);
        },
      ],
      [
        'too late',
        (world, life) => {
          world.pass(lostForMs);
          life.ask('question', 'ask_2', question);
        },
      ],
      [
        'another session',
        (world, life) => {
          const other = 'ses_2';
          world.setState((state) => ({
            ...state,
            session: state.session && { ...state.session, id: other },
          }));
          life.ask('question', 'ask_2', question, other);
        },
      ],
    ];
    for (const [name, happens] of cases) {
      const { world, life } = await answeredAndKilled();
      happens(world, life);
      await world.until(() => life.asks.pending().some(({ status }) => status === 'open'), name);
      expect([name, ...world.host.replies]).toHaveLength(2);
    }
  });

  it('AS-3: a permission is asked for again: what it allowed once may have run', async () => {
    const { world, life } = await answeredAndKilled({ kind: 'permission' });
    life.ask('permission', 'ask_2', permission);
    await world.until(() => world.cards(here).length === 2, 'asked');
    expect(world.host.replies).toEqual(['ask_1: once']);
  });

  it('IN-2, AS-4: not of a person who is not served any more, nor of the deadline, nor one that was changed since', async () => {
    const { world } = await answeredAndKilled();
    const [ask] = world.stored();
    if (ask?.source.kind !== 'host') throw new Error('no ask');
    const o = {
      body: ask.body,
      source: { ...ask.source, instance: 'run-2' },
      now: ask.endedAt ?? 0,
      isAllowed: (person: string) => person === ben,
    };
    expect(findLost([ask], o)).toBe(ask);
    expect(findLost([{ ...ask, by: 'U0GONE' }], o)).toBeUndefined();
    expect(findLost([{ ...ask, by: 'deadline' }], o)).toBeUndefined();
    const late = { answer: [['REST']], by: ben, at: 0, choice: 'open' as const };
    expect(findLost([{ ...ask, late }], o)).toBeUndefined();
    expect(findLost([{ ...ask, status: 'elsewhere' }], o)).toBeUndefined();
    expect(findLost([], o)).toBeUndefined();
  });

  it('AS-6: two that ask the same at once: one gets it, the other is asked', async () => {
    const { world, life } = await answeredAndKilled();
    life.ask('question', 'ask_2', question);
    life.ask('question', 'ask_3', question);
    await world.until(() => world.cards(here).length === 2, 'asked');
    expect(world.host.replies).toHaveLength(2);
  });
});

it('AS-6: what is asked anew before its answer was taken keeps its card, as ever', async () => {
  const world = createAskWorld();
  const { life } = await beginAsks(world);
  life.ask('question', 'que_1', question);
  await cardShows(world, 'Which style?');
  world.restartHost();
  life.ask('question', 'que_2', question);
  await life.press('gRPC');
  await replies(world, 1);
  expect(JSON.stringify(world.cards(here))).not.toContain('Answered before');
});
