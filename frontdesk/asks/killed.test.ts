import { describe, expect, it } from 'vitest';
import {
  type AskLife,
  anna,
  cardShows,
  createAskWorld,
  here,
  permission,
  question,
  thread,
} from '../../test/support/ask-world.ts';
import { createExpiry } from './expiry.ts';
import type { AskPorts } from './ports.ts';

type Story = (world: ReturnType<typeof createAskWorld>, life: AskLife) => Promise<void>;

/** Runs a story whose life is killed at its `crashAt`th step; then another life goes on. @returns whether it was killed */
async function killedAt(crashAt: number, story: Story, world = createAskWorld()) {
  const first = world.live(crashAt);
  const told = (async () => {
    await first.asks.resumeAll();
    await story(world, first);
  })();
  let ended = false;
  void told.then(
    () => (ended = true),
    () => (ended = true),
  );
  await world.until(() => ended || first.isDead(), `step ${crashAt}`);
  const killed = first.isDead();
  world.pass(5000);
  const second = world.live();
  await second.asks.resumeAll();
  await second.look();
  return { world, second, killed };
}

const settled = (life: AskLife, world: ReturnType<typeof createAskWorld>) =>
  world.until(() => life.asks.busy === 0, 'deliveries');

describe('asks of a service that is killed', () => {
  it('AS-6: at any step of asking: one card, and it can be answered', async () => {
    for (let at = 1, killed = true; killed; at += 1) {
      const run = await killedAt(at, async (world, life) => {
        life.ask('question', 'que_1', question);
        await cardShows(world, 'Which style?');
        await world.until(() => life.asks.pending().every(({ stale }) => !stale), 'shown');
      });
      killed = run.killed;
      const { world, second } = run;
      if (world.host.waiting.length === 0) second.ask('question', 'que_1', question);
      await cardShows(world, 'Which style?');
      await second.press('gRPC');
      await world.until(() => world.host.replies.length === 1, `the answer after ${at}`);
      await cardShows(world, 'anna chose **gRPC**');
      expect(world.cards(here), `killed at ${at}`).toHaveLength(1);
    }
  });

  it('AS-2, AS-6: at any step of answering: one reply, and the card says who chose what', async () => {
    for (let at = 1, killed = true; killed; at += 1) {
      const run = await killedAt(at, async (world, life) => {
        life.ask('permission', 'per_1', permission);
        await cardShows(world, 'rm -rf build');
        await life.press('Allow for session');
        await cardShows(world, 'allowed for the session');
        await settled(life, world);
        await world.until(() => life.asks.pending().length === 0, 'delivered');
      });
      killed = run.killed;
      const { world, second } = run;
      await world.until(() => world.cards(here).length === 1, `the card after ${at}`);
      if (world.stored()[0]?.status === 'open') await second.press('Allow for session');
      await world.until(() => second.asks.pending().length === 0, `the end after ${at}`);
      await cardShows(world, '✅ anna: allowed for the session.');
      expect(world.host.replies, `killed at ${at}`).toEqual(['per_1: once']);
      // WS-3: also where the life before was killed between its end and the file.
      const noted = () => JSON.stringify(world.info()?.state['asks'] ?? []);
      await world.until(() => noted().includes('"delivered"'), `the state file after ${at}: ${noted()}`);
      second.ask('permission', 'per_2', permission);
      await world.until(() => world.host.replies.length === 2, `the rule after ${at}`);
      expect(world.cards(here)).toHaveLength(1);
    }
  });

  it('AS-3, AS-6: at any step of a deadline: kept, answered with ⭐ and told, once', async () => {
    const deadline = { wallMinutes: 1 };
    const told = (world: ReturnType<typeof createAskWorld>) =>
      world.said.filter(({ message }) => message.kind === 'text' && message.markdown.startsWith('⏰'));
    for (let at = 1, killed = true; killed; at += 1) {
      const tags = new Set<string>();
      const checkpoint = async (_: string, tag: string) => (tags.add(tag), { tag, commits: [] });
      const story: Story = async (world, life) => {
        life.ask('question', 'que_1', question);
        await cardShows(world, 'Which style?');
        world.pass(60_000);
        life.asks.tick();
        await cardShows(world, 'Nobody answered in time');
        await world.until(() => told(world).length === 1 && life.asks.pending().length === 0, 'told');
      };
      const extensions = (ports: AskPorts) => [
        createExpiry({ ...ports, workspaces: { find: (name) => ports.workspaces.find(name), checkpoint } }),
      ];
      const run = await killedAt(at, story, createAskWorld({ policy: { deadline }, extensions }));
      killed = run.killed;
      const { world, second } = run;
      if (world.stored().length === 0 && world.host.waiting.length === 0)
        second.ask('question', 'que_1', question);
      await world.until(() => world.stored().length === 1, `asked after ${at}`);
      world.pass(60_000);
      second.asks.tick();
      await world.until(() => told(world).length === 1, `told after ${at}`);
      await world.until(() => second.asks.pending().length === 0, `delivered after ${at}`);
      await cardShows(world, 'Nobody answered in time: it goes on with **⭐ REST**');
      expect(world.host.replies, `killed at ${at}`).toEqual(['que_1: [["REST (Recommended)"]]']);
      expect([tags.size, told(world).length, world.cards(here).length]).toEqual([1, 1, 1]);
    }
  });

  it('WS-4: at any step of a move: one card, in the new thread', async () => {
    const there = thread('2.0');
    for (let at = 1, killed = true; killed; at += 1) {
      const run = await killedAt(at, async (world, life) => {
        life.ask('question', 'que_1', question);
        await cardShows(world, 'Which style?');
        await life.asks.offer(here, { messageId: '5.0', author: anna, text: 'grpc' });
        world.setState((state) => ({ ...state, thread: there }));
        await life.asks.reconcile();
        await cardShows(world, 'Which style?', there);
      });
      killed = run.killed;
      const { world, second } = run;
      world.setState((state) => ({ ...state, thread: there }));
      if (world.host.waiting.length === 0) second.ask('question', 'que_1', question);
      await world.until(() => second.asks.pending().length === 1, 'stored');
      await second.asks.reconcile();
      await cardShows(world, 'Which style?', there);
      await world.until(() => world.cards(here).length === 0, `nothing left behind after ${at}`);
      expect(world.cards(there), `killed at ${at}`).toHaveLength(1);
    }
  });

  it('AS-6: killed before the card said that it is over: the next life says it', async () => {
    for (let at = 1, killed = true; killed; at += 1) {
      const run = await killedAt(at, async (world, life) => {
        life.ask('question', 'que_1', question);
        await cardShows(world, 'Which style?');
        life.elsewhere('que_1', [['gRPC']]);
        await cardShows(world, 'Answered in OpenCode');
      });
      killed = run.killed;
      const { world } = run;
      world.host.waiting = [];
      world.pass(1000);
      await run.second.look();
      if (world.stored().length > 0) await cardShows(world, 'in OpenCode');
      expect(run.second.asks.pending(), `killed at ${at}`).toEqual([]);
    }
  });
});
