import { describe, expect, it } from 'vitest';
import { directory, dm, setUp, shown, start, workspace } from './exploring.harness.ts';

describe("sessions begun in OpenCode's own UI, when something goes wrong", () => {
  it('SE-5: no place: told where it was answered, and asked again at the next write', async () => {
    const { world, live, held, press, pass, cards, status } = setUp({ maxSessions: 0 });
    const life = live();
    life.tell(held(start));
    await world.until(() => life.released().length === 1, 'the form');
    life.hear(shown);
    const answer = [['ai-dev/domain-apis'], ['Fix login'], []];
    life.hear({ sessionId: 's1', kind: 'askEnded', requestId: 'q1', answer });
    await world.until(() => status() === 'exploring', 'the refusal');
    // Whoever answered in OpenCode reads it there.
    expect(life.released()[1]).toEqual({
      sessionId: 's1',
      holdId: 'c1',
      refusal: { message: expect.stringContaining('Maximum concurrent sessions reached (0)') },
    });
    life.tell(held(start, 'c2'));
    await world.until(() => life.released().length === 3, 'the form again');
    expect(life.released()[2]?.refusal?.form?.[0]?.question).toContain(
      'Maximum concurrent sessions reached (0)',
    );
    pass(11 * 60_000);
    await world.until(() => {
      life.tick();
      return cards().length === 1;
    }, 'the card');
    expect(await press(life, 'Use')).toEqual({
      text: expect.stringContaining('Maximum concurrent sessions'),
    });
  });

  it('WS-6: a workspace that cannot be made leaves the session where it was, and says so', async () => {
    const { world, live, held, press, pass, cards } = setUp();
    world.broken.create = new Error('disk full');
    pass(11 * 60_000);
    const life = live();
    life.tell(held(start));
    await world.until(() => cards().length === 1, 'the card');
    await press(life, 'Use');
    await world.until(() => {
      life.tick();
      return cards().some((title) => title.includes('⚠️'));
    }, 'the failure');
    expect(world.hosts.get('local')?.sessions.get('s1')).toMatchObject({ directory });
    world.broken.create = undefined as never;
    await press(life, 'Use');
    await world.until(() => {
      life.tick();
      return cards().some((title) => title.startsWith('✅'));
    }, 'the second try');
  });

  it.each(['in OpenCode', 'in the chat'])(
    'WS-6: answered %s and stopped before the move: nothing is left, and the next write asks anew',
    async (where) => {
      const { world, live, held, press, pass, cards, status } = setUp();
      const making = Promise.withResolvers<void>();
      world.broken.making = making.promise;
      const life = live();
      life.tell(held(start));
      await world.until(() => life.released().length === 1, 'the form');
      life.hear(shown);
      if (where === 'in the chat') {
        pass(11 * 60_000);
        await world.until(() => (life.tick(), cards().length === 1), 'the card');
        await press(life, 'Use');
      } else life.hear({ sessionId: 's1', kind: 'askEnded', requestId: 'q1', answer: [[], [], []] });
      await world.until(() => world.proposals()[0]?.status === 'starting', 'the start');
      life.tell({ kind: 'dropped', holdId: 'c1' });
      await world.until(
        () => world.proposals()[0]?.error === 'The turn was stopped in OpenCode.',
        'the stop',
      );
      making.resolve();
      await world.until(() => (life.tick(), status() === 'exploring'), 'the end');
      expect(world.hosts.get('local')?.sessions.get('s1')).toMatchObject({ directory, messages: [] });
      expect([...world.infos.keys()]).toEqual([]);
      const card = '⏹️ The turn was stopped in OpenCode; nothing was written: Fix login';
      expect(cards()).toEqual(where === 'in the chat' ? [card] : []);
      expect(world.shown(world.proposals()[0]?.ref ?? dm).at(-1)).toBe(
        `❌ \`${workspace}\` could not be started: The turn was stopped in OpenCode.\n\nNothing half-made was left.`,
      );
      life.tell(held(start, 'c2'));
      await world.until(() => life.released().length === 2, 'the form again');
      expect(life.released()[1]?.refusal?.form?.[0]?.question).not.toContain('⚠️');
    },
  );

  it('WS-6: stopped while the start waits for its model: the start is cancelled', async () => {
    const { world, live, held, status } = setUp();
    world.down.add('qwen.test');
    const life = live();
    life.tell(held(start));
    await world.until(() => life.released().length === 1, 'the form');
    life.hear(shown);
    life.hear({ sessionId: 's1', kind: 'askEnded', requestId: 'q1', answer: [[], [], []] });
    await world.until(() => world.proposals()[0]?.status === 'waiting', 'the wait');
    life.tell({ kind: 'dropped', holdId: 'c1' });
    await world.until(() => status() === 'exploring', 'the end');
    expect(world.proposals()[0]?.status).toBe('cancelled');
    world.down.clear();
    life.tick();
    await world.until(() => life.work.busy === 0, 'rest');
    expect([...world.infos.keys()]).toEqual([]);
  });

  it('OP-4: what became of the form was not heard: it is found, and one that is gone is asked for in the chat', async () => {
    const { world, live, held, press, settled, pass, cards, inOpenCode, stored } = setUp();
    const first = live();
    first.tell(held(start));
    await world.until(() => first.released().length === 1, 'the form');
    first.crash();
    const life = live();
    await life.room.resumeAll();
    inOpenCode.push({ ...shown, directory });
    let seconds = 0;
    const looked = async (what: () => boolean) =>
      await world.until(() => {
        pass(1000);
        seconds += 1;
        life.tick();
        return what();
      }, 'a look');
    await looked(() => stored.get('s1')?.form?.requestId === 'q1');
    expect(cards()).toEqual([]);
    inOpenCode.length = 0;
    await looked(() => cards().length === 1);
    // Not because the person is away.
    expect(seconds).toBeLessThan(300);
    await press(life, 'Use');
    await settled(life, 'done');
    expect(life.answered).toEqual([]);
  });

  it('WS-6: an answer that means nothing is said in OpenCode, and asked anew at the next write', async () => {
    const { world, live, held, status } = setUp();
    const life = live();
    life.tell(held(start));
    await world.until(() => life.released().length === 1, 'the form');
    life.hear(shown);
    life.hear({ sessionId: 's1', kind: 'askEnded', requestId: 'q1', answer: [['nowhere'], []] });
    await world.until(() => status() === 'exploring', 'the refusal');
    expect(life.released()[1]).toMatchObject({
      holdId: 'c1',
      refusal: { message: expect.stringContaining('nowhere') },
    });
  });

  it('BR-3: its host is away when it is answered: it moves when the host is back', async () => {
    const { world, live, held, press, pass, cards, settled } = setUp();
    pass(11 * 60_000);
    const life = live();
    life.tell(held(start));
    await world.until(() => cards().length === 1, 'the card');
    pass(60_000);
    life.connect('local', false);
    await press(life, 'Use');
    await world.until(() => life.work.busy === 0, 'the first try');
    expect(cards()).toEqual(['⏳ Configured by anna, moving into its workspace: Fix login']);
    life.connect('local', true);
    pass(10_000);
    await settled(life, 'done');
    expect(world.session(workspace)?.messages).toHaveLength(1);
  });

  it('BR-1: on hosts that have no workspaces nothing is held', async () => {
    const { world, live, held, stored } = setUp();
    const { sessions } = world.hosts.get('local') ?? { sessions: new Map() };
    world.hosts.set('local', { connected: true, root: '/home/anna', sessions });
    const life = live();
    life.tell(held(start));
    await world.until(() => life.released().length === 1, 'it goes');
    expect(life.released()).toEqual([{ sessionId: 's1', holdId: 'c1', refusal: null }]);
    expect(stored.size).toBe(0);
  });
});
