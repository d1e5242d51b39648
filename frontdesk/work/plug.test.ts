import { describe, expect, it } from 'vitest';
import { anna, clickButton, createWorkWorld, thread } from '../../test/support/work-world.ts';
import { deskOf } from './record.ts';

const ref = thread('1.0');
const name = 'ops-infra-implement-c';
let requests = 0;
const by = (at = ref, person = anna) => ({ person, ref: at, requestId: `r${(requests += 1)}` });

async function running() {
  const world = createWorkWorld();
  const life = world.live();
  await life.work.propose(by(), { project: 'infra', title: 'Implement c', description: '', priority: 'low' });
  await clickButton(world, life.work, { ref, label: 'Start' });
  await world.until(() => life.work.busy === 0, 'the start');
  return { world, life, work: life.work };
}

describe('plugging', () => {
  it('WS-4: moves to this thread; both are told, the card goes along, with where it stands', async () => {
    const { world, work } = await running();
    const there = thread('2.0');
    expect(work.pluggedSummary(ref)).toBe(`${name} (🟢 running, builder, local/qwen): "Implement c"`);
    const answer = await work.plug(by(there), 'infra');
    expect(answer).toMatchObject({ shown: true, movedFrom: 'a thread in #dev' });
    expect(world.state(name)?.thread).toEqual(there);
    expect(world.shown(ref).at(-1)).toBe(`🔌 \`${name}\` was moved to a thread in #dev (by anna).`);
    expect(world.shown(there)[0]).toMatch(
      /Plugged in by anna, from a thread in #dev[\s\S]*🟢 running · builder · local\/qwen/,
    );
    expect([world.cards(ref).length, world.cards(there).length]).toEqual([0, 1]);
    expect([work.pluggedSummary(ref), work.pluggedSummary(there)]).toEqual([
      'none',
      expect.stringContaining(name),
    ]);
    expect((await work.plug(by(there), 'infra')).text).toContain('already');
  });

  it('WS-4, IN-8: from a channel, outside of any thread, a thread is opened for it', async () => {
    const { world, work } = await running();
    const channel = thread('');
    expect((await work.plug(by(channel), name)).text).toContain('is plugged in here already');
    const elsewhere = { ...channel, channel: 'C9' };
    const asked = by(elsewhere);
    const { text } = await work.plug(asked, name);
    expect(text).toBe(`\`${name}\` is plugged into a new thread here now; it was in a thread in #dev.`);
    const opened = { ...elsewhere, thread: `work/plug/${asked.requestId}` };
    expect(world.state(name)?.thread).toEqual(opened);
    expect([world.cards(opened).length, world.shown(elsewhere)]).toEqual([1, []]);
    world.broken.places = false;
    expect((await work.plug(by(channel), name)).text).toContain('nothing was moved');
    expect(world.state(name)?.thread).toEqual(opened);
  });

  it('WS-4: unplugged it is told nowhere and works on', async () => {
    const { world, work, life } = await running();
    await work.unplug(by());
    expect(world.state(name)?.thread).toBeNull();
    const before = world.shown(ref).length;
    const sessionId = world.state(name)?.session?.id ?? '';
    life.hear({ kind: 'milestone', sessionId, id: 'call-1', text: 'x' });
    await life.watcher.runOnce();
    await work[Symbol.asyncDispose]();
    expect(world.shown(ref)).toHaveLength(before);
    expect((await work.readEvents(by(), 1, name))[0]?.text).toContain('Milestone: x');
  });

  it('WS-4: of many plugs at once it ends in one thread, and every thread knows', async () => {
    const { world, work } = await running();
    const places = Array.from({ length: 20 }, (_, index) => thread(`p${index}`));
    await Promise.all(places.map((place) => work.plug(by(place), name)));
    const where = world.state(name)?.thread;
    const last = places.filter((place) => place.thread === where?.thread);
    expect(last).toHaveLength(1);
    for (const place of places) {
      const moved = world.shown(place).filter((text) => text.includes('was moved')).length;
      expect([world.cards(place).length, moved]).toEqual(place === last[0] ? [1, 0] : [0, 1]);
    }
  });

  it.each([false, true])(
    'OP-4: killed in a move (after a step: %s), it is in one thread and both are told once',
    async (after) => {
      let [died, steps] = [true, 0];
      for (let crashAt = 1; died; crashAt += 1) {
        const { world, life } = await running();
        life.crash();
        const there = thread('2.0');
        const second = world.live({ crashAt, after });
        let done = false;
        void second.work.plug(by(there), name).then(() => (done = true));
        await world.until(() => done || second.isDead(), 'end or death');
        died = second.isDead();
        const next = world.live();
        await next.work.resumeAll();
        if (world.state(name)?.thread?.thread === ref.thread) await next.work.plug(by(there), name);
        expect(world.state(name)?.thread).toEqual(there);
        expect(deskOf(world.infos.get(name)!.state).plug?.told).toBe(true);
        expect(
          world.shown(ref).filter((text) => text.includes('was moved')),
          `at ${crashAt}`,
        ).toHaveLength(1);
        expect(
          world.shown(there).filter((text) => text.includes('Plugged in')),
          `at ${crashAt}`,
        ).toHaveLength(1);
        expect([world.cards(ref).length, world.cards(there).length]).toEqual([0, 1]);
        steps = crashAt;
      }
      expect(steps).toBeGreaterThan(5);
    },
  );

  it('WA-4: progress lines are toggled and remembered', async () => {
    const { world, work } = await running();
    await clickButton(world, work, { ref, label: 'Show progress' });
    expect(world.state(name)?.eventUpdates).toBe(true);
    expect(world.cards(ref)[0]?.buttons?.map(({ label }) => label)).toContain('Hide progress');
    await work.toggleEvents(by(), false);
    expect(world.state(name)?.eventUpdates).toBe(false);
  });

  it('WA-4: each thread has its own choice, off at first, and gets it back', async () => {
    const { world, work } = await running();
    const there = thread('2.0');
    const isOn = () => world.state(name)?.eventUpdates;
    await work.toggleEvents(by(), true);
    await work.plug(by(there), name);
    expect([isOn(), world.cards(there)[0]?.buttons?.map(({ label }) => label)]).toEqual([
      false,
      expect.arrayContaining(['Show progress']),
    ]);
    await work.plug(by(), name);
    expect(isOn()).toBe(true);
    await work.toggleEvents(by(), false);
    await work.unplug(by());
    await work.plug(by(), name);
    expect(isOn()).toBe(false);
    await work.unplug(by());
    await work.toggleEvents(by(), true, name);
    await work.plug(by(there), name);
    expect(isOn()).toBe(true);
  });
});

describe('what needs a click', () => {
  it('MCP-5: clean-up and promote only ask; a click by an allowed person runs them, once', async () => {
    const { world, work } = await running();
    expect((await work.cleanup(by())).shown).toBe(true);
    await work.promote(by());
    expect([world.archived, world.promoted]).toEqual([[], []]);
    await clickButton(world, work, { ref, label: 'Confirm', person: 'X9STRANGER' });
    expect(world.promoted).toEqual([]);
    const told = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        clickButton(world, work, { ref, label: 'Confirm', requestId: `c${index}`, person: `U0P${index}` }),
      ),
    );
    await world.until(() => work.busy === 0, 'the promotion');
    expect(world.promoted).toEqual([name]);
    expect(told.filter((text) => text?.startsWith('This was decided already by p'))).toHaveLength(49);
    expect(world.shown(ref)).toContain(`🚢 Promoted \`${name}\``);
    await clickButton(world, work, { ref, label: 'Confirm' });
    await world.until(() => work.busy === 0, 'the clean-up');
    expect(world.archived).toEqual([name]);
    expect(world.hosts.get('local')?.sessions.get('ses_1')?.busy).toBe(false);
    expect(world.audit).toContain(`${anna} work.cleanup ${name} done`);
  });

  it('MCP-5: a reset waits for a click, and is refused while the agent works', async () => {
    const { world, work } = await running();
    const reset = {
      title: 'Reset?',
      detail: '- api: 2 files',
      action: { kind: 'reset' as const, workspace: name },
    };
    await work.confirm(by(), reset);
    expect(world.cards(ref).at(-1)).toMatchObject({ title: '❓ Reset?', body: '- api: 2 files' });
    await clickButton(world, work, { ref, label: 'Confirm' });
    await world.until(() => work.busy === 0, 'the refusal');
    expect(world.shown(ref).at(-1)).toContain('is at work; pause it first');
    await work.pause(by());
    await work.confirm(by(), reset);
    await clickButton(world, work, { ref, label: 'Confirm' });
    await world.until(() => work.busy === 0, 'the reset');
    expect(world.shown(ref).at(-1)).toContain('what was not committed is in `refs/frontdesk/saved/1`');
    expect(world.confirmations().map(({ status }) => status)).toEqual(['failed', 'done']);
  });

  it('MCP-5: cancelled or expired, nothing is done', async () => {
    const { world, work } = await running();
    await work.cleanup(by());
    await clickButton(world, work, { ref, label: 'Cancel' });
    await work.cleanup(by());
    const buttons = world.cards(ref).flatMap((card) => card.buttons ?? []);
    const confirm = buttons.find(({ label }) => label === 'Confirm');
    world.pass(24 * 3_600_000);
    work.tick();
    await world.until(() => world.confirmations().every(({ status }) => status !== 'pending'), 'the expiry');
    expect(await work.click(by(), confirm?.action ?? '', confirm?.value ?? '')).toContain('has expired');
    expect(world.confirmations().map(({ status }) => status)).toEqual(['cancelled', 'expired']);
    expect(world.archived).toEqual([]);
  });

  it.each([false, true])(
    'OP-4: killed between asking and the end (after a step: %s), it is done once, and told once in both threads',
    async (after) => {
      let [died, steps] = [true, 0];
      for (let crashAt = 1; died; crashAt += 1) {
        const { world, life } = await running();
        life.crash();
        const second = world.live({ crashAt, after });
        const elsewhere = thread('2.0');
        const asked = by(elsewhere);
        const go = async () => {
          await second.work.cleanup(asked, name);
          await clickButton(world, second.work, { ref: elsewhere, label: 'Confirm' });
        };
        void go();
        const ended = () => second.isDead() || world.confirmations()[0]?.status === 'done';
        await world.until(ended, 'end or death');
        await world.until(() => second.isDead() || second.work.busy === 0, 'end or death');
        died = second.isDead();
        const next = world.live();
        await next.work.resumeAll();
        steps = crashAt;
        if (world.confirmations().length === 0) continue;
        if (world.confirmations()[0]?.status === 'pending')
          await clickButton(world, next.work, { ref: elsewhere, label: 'Confirm' });
        await world.until(
          () => world.confirmations()[0]?.status === 'done' && next.work.busy === 0,
          `the end at ${crashAt}`,
        );
        expect(world.archived).toEqual([name]);
        for (const place of [ref, elsewhere])
          expect(
            world.shown(place).filter((text) => text.includes('is cleaned up')),
            `at ${crashAt}`,
          ).toHaveLength(1);
        steps = crashAt;
      }
      expect(steps).toBeGreaterThan(5);
    },
  );
});
