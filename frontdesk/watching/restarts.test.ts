import { describe, expect, it } from 'vitest';
import { createRunningWorld } from '../../test/support/running-work.ts';
import { type Life, thread, type WorkWorld } from '../../test/support/work-world.ts';
import { restarted } from '../hosts/host-record.ts';

const ref = thread('1.0');
const interval = 2000;

type Running = Awaited<ReturnType<typeof createRunningWorld>>;

/** The agent ends its turn with these words; nobody hears of it. */
function end(world: WorkWorld, name: string, text: string) {
  const session = world.session(name);
  const id = `msg_${session?.messages.length}`;
  session?.messages.push({ id, role: 'assistant', text, at: 0, finished: true });
  if (session) session.busy = false;
}

const count = (world: WorkWorld, words: string, at = ref) =>
  world.shown(at).filter((text) => text.includes(words)).length;

describe('over restarts', () => {
  /** One day of a session: lost, back, milestone, cut off, ended. Each step is heard or seen by whoever lives. */
  const day: readonly ((r: Pick<Running, 'world' | 'name' | 'id'>, life: Running['life']) => void)[] = [
    ({ world, id }) => {
      const local = world.hosts.get('local');
      if (local) local.milestones = [{ id: 'call-1', sessionId: id, text: 'Login works', at: 0 }];
    },
    ({ world }, life) => {
      life.connect('local', false);
      world.pass(20_000);
    },
    (_, life) => life.connect('local', true),
    ({ world, name, id }, life) => {
      const session = world.session(name);
      session?.messages.push({ id: 'cut', role: 'assistant', text: 'I beg', at: 0, finished: false });
      if (session) session.busy = false;
      life.hear({ kind: 'error', sessionId: id, error: restarted });
    },
    ({ world, name }) => end(world, name, 'All done.'),
  ];

  /** Lives until it dies at a step of the given life, then another one lives on. @returns whether it died */
  async function liveThrough(fate: Life): Promise<boolean> {
    const running = await createRunningWorld();
    const { world, name } = running;
    await running.life.watcher.runOnce();
    running.life.crash();
    const mortal = world.live(fate);
    let life = mortal;
    /** Does it, or dies over it; then the next life has resumed. */
    const doOrDie = async (act: () => Promise<unknown>) => {
      let done = false;
      void act().then(() => (done = true));
      const { isDead } = life;
      await world.until(() => done || isDead(), 'an end');
      if (!isDead()) return;
      life = world.live();
      await life.work.resumeAll();
    };
    await doOrDie(async () => await life.work.resumeAll());
    for (const step of day) {
      step(running, life);
      // Longer than a host may be away without a word, also for a life that begins meanwhile.
      for (let look = 0; look < 9; look += 1) {
        world.pass(interval);
        life.work.tick();
        await doOrDie(async () => await life.watcher.runOnce());
      }
    }
    await life.watcher.runOnce();
    const words = ['Login works', 'is away', 'is back', 'it goes on', 'has finished'];
    const told = words.map((each) => `${each} ×${count(world, each)}`);
    expect({ fate, told }).toEqual({ fate, told: words.map((each) => `${each} ×1`) });
    expect(world.shown(ref).at(-1)).toBe(`💬 \`${name}\` has finished its turn and waits.\n\nAll done.`);
    expect(world.cards(ref).map(({ title }) => title)).toEqual(['💤 idle · Implement CSV export']);
    return mortal.isDead();
  }

  it.each([
    ['before', false],
    ['after', true],
  ])('WA-1: killed %s any step, none is repeated and none is missing', async (_, after) => {
    let crashAt = 1;
    while (await liveThrough({ crashAt, after })) crashAt += 1;
    expect(crashAt).toBeGreaterThan(15);
  });
});
