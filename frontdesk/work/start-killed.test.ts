import { describe, expect, it } from 'vitest';
import { anna, clickButton, createWorkWorld, type Life, thread } from '../../test/support/work-world.ts';

const ref = thread('1.0');
const by = (requestId: string) => ({ person: anna, ref, requestId });
const csv = 'ai-dev-domain-apis-implement-csv-export';
const wish = { title: 'Implement CSV export', description: '', priority: 'normal' as const };

describe('a start in a service that is killed', () => {
  /** Runs until done or dead, then lives on; @returns whether this life died */
  async function killedAt(life: Life, viaForm: boolean): Promise<boolean> {
    const world = createWorkWorld();
    const first = world.live(life);
    const ended = () => first.isDead() || world.proposals()[0]?.status === 'started';
    const at = viaForm ? thread('domain-apis-start/1') : ref;
    const go = async () => {
      if (viaForm) {
        const project = { category: 'ai-dev', project: 'domain-apis' };
        await first.work.submit(by('1'), { project, repositories: ['api'], ...wish });
        return;
      }
      await first.work.propose(by('1'), { project: 'domain-apis', ...wish });
      await clickButton(world, first.work, { ref, label: 'Start' });
    };
    void go();
    await world.until(() => ended(), 'end or death');
    await world.until(() => first.isDead() || first.work.busy === 0, 'end or death');
    const died = first.isDead();

    const next = world.live();
    await next.work.resumeAll();
    const [proposal] = world.proposals();
    // Killed before the wish was stored: the tool's call or the form's answer never came, the person asks again.
    if (proposal === undefined) return died;
    if (proposal.status === 'proposed')
      await clickButton(world, next.work, { ref: at, label: 'Start', requestId: 'again' });
    await world.until(
      () => world.proposals()[0]?.status === 'started' && next.work.busy === 0,
      `the end after ${JSON.stringify(life)}`,
    );
    const shown = world.shown(at);
    expect(shown.filter((text) => text.startsWith('🚀'))).toHaveLength(1);
    expect(world.cards(at).map(({ title }) => title)).toEqual(['🟢 running · Implement CSV export']);
    expect(world.hosts.get('local')?.sessions.size).toBe(1);
    expect(world.session(csv)?.messages).toHaveLength(1);
    expect(world.state(csv)?.thread).toEqual(at);
    return died;
  }

  it('OP-4: a start that fails is taken back whole, wherever it was killed', async () => {
    let [crashAt, died] = [0, true];
    while (died) {
      crashAt += 1;
      const world = createWorkWorld();
      const first = world.live({ crashAt, after: crashAt % 2 === 0 });
      first.connect('local', false);
      world.pass(60_000);
      const go = async () => {
        await first.work.propose(by('1'), { project: 'domain-apis', ...wish });
        await clickButton(world, first.work, { ref, label: 'Start' });
      };
      void go();
      await world.until(() => first.isDead() || world.proposals()[0]?.status === 'failed', 'end or death');
      await world.until(() => first.isDead() || first.work.busy === 0, 'end or death');
      died = first.isDead();
      const next = world.live();
      world.pass(60_000);
      await next.work.resumeAll();
      const [proposal] = world.proposals();
      if (proposal === undefined) continue;
      if (proposal.status === 'proposed') await clickButton(world, next.work, { ref, label: 'Start' });
      await world.until(
        () => world.proposals()[0]?.status === 'failed' && next.work.busy === 0,
        `the failure after ${crashAt}`,
      );
      expect(world.infos.size).toBe(0);
      expect(world.shown(ref).filter((text) => text.includes('could not be started'))).toHaveLength(2);
    }
    expect(crashAt).toBeGreaterThan(8);
  });

  it('SE-6: a turn that ended while the service was dead is found ended', async () => {
    const world = createWorkWorld();
    const first = world.live();
    await first.work.propose(by('1'), { project: 'domain-apis', ...wish });
    const { hosts } = first.ports;
    const send = hosts.send.bind(hosts);
    hosts.send = async (o) => {
      const sent = await send(o);
      first.crash();
      return sent;
    };
    await clickButton(world, first.work, { ref, label: 'Start' });
    await world.until(() => first.isDead(), 'death');
    const session = world.session(csv);
    session?.messages.push({ id: 'msg_end', role: 'assistant', text: 'Ended unheard.', at: 0 });
    if (session) session.busy = false;
    const next = world.live();
    await next.work.resumeAll();
    await world.until(() => world.state(csv)?.session?.status === 'idle', 'idle');
    expect(session?.messages).toHaveLength(2);
    await next.watcher.runOnce();
    expect(world.shown(ref).at(-1)).toContain('Ended unheard.');
  });

  it('BR-3: taken up before its host has dialled in, it waits for it', async () => {
    const world = createWorkWorld();
    const first = world.live();
    await first.work.propose(by('1'), { project: 'domain-apis', ...wish });
    first.connect('local', false);
    await clickButton(world, first.work, { ref, label: 'Start' });
    await world.until(() => first.work.busy === 0, 'the first try');
    expect(world.proposals()[0]?.status).toBe('starting');
    first.connect('local', true);
    world.pass(5000);
    first.work.tick();
    await world.until(() => world.proposals()[0]?.status === 'started', 'the start');
  });

  it('BR-3: its host dies over it, long after our own start: it waits until the host is back, and a minute at most', async () => {
    for (const isBack of [true, false]) {
      const world = createWorkWorld();
      const first = world.live();
      world.pass(600_000);
      await first.work.propose(by('1'), { project: 'domain-apis', ...wish });
      first.connect('local', false);
      await clickButton(world, first.work, { ref, label: 'Start' });
      for (let seconds = 0; seconds < 55; seconds += 5) {
        await world.until(() => first.work.busy === 0, 'a try');
        expect(world.proposals()[0]?.status).toBe('starting');
        world.pass(5000);
        first.work.tick();
      }
      if (isBack) first.connect('local', true);
      await world.until(() => first.work.busy === 0, 'a try');
      world.pass(10_000);
      first.work.tick();
      const end = isBack ? 'started' : 'failed';
      await world.until(() => world.proposals()[0]?.status === end, end);
    }
  });

  it('BR-3: however the clock is set while it waits for its host: a minute, no more and no less', async () => {
    const world = createWorkWorld();
    const first = world.live();
    await first.work.propose(by('1'), { project: 'domain-apis', ...wish });
    first.connect('local', false);
    await clickButton(world, first.work, { ref, label: 'Start' });
    await world.until(() => first.work.busy === 0, 'a try');
    for (const ms of [-3_600_000, 3_600_000, 7_200_000]) {
      world.setClock(ms);
      world.pass(5000);
      first.work.tick();
      await world.until(() => first.work.busy === 0, 'a try');
      expect(world.proposals()[0]?.status).toBe('starting');
    }
    world.pass(60_000);
    world.setClock(7_210_000);
    first.work.tick();
    await world.until(() => world.proposals()[0]?.status === 'failed', 'the end');
  });

  it.each([
    ['by card, before a step', false, false],
    ['by card, after a step', true, false],
    ['by form, before a step', false, true],
    ['by form, after a step', true, true],
  ])('OP-4: is ended once, wherever it was killed: %s', async (_, after, viaForm) => {
    let crashAt = 1;
    while (await killedAt({ crashAt, after }, viaForm)) crashAt += 1;
    expect(crashAt).toBeGreaterThan(8);
  });
});
