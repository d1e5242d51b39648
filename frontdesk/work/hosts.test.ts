import { describe, expect, it } from 'vitest';
import { createRunningWorld } from '../../test/support/running-work.ts';
import { anna, clickButton, createWorkWorld, thread } from '../../test/support/work-world.ts';
import { restarted } from '../hosts/host-record.ts';

const ref = thread('1.0');
let requests = 0;
const by = (at = ref) => ({ person: anna, ref: at, requestId: `r${(requests += 1)}` });

describe('hosts that go and come', () => {
  it('BR-3: a short absence is nothing; a longer one is told once, and its end', async () => {
    const { world, work, life, name, status } = await createRunningWorld();
    life.connect('local', false);
    expect((await work.status(by())).row?.status).toBe('unreachable');
    life.work.tick();
    life.connect('local', true);
    await world.until(() => status() === 'running', 'running');
    life.connect('local', false);
    world.pass(20_000);
    life.work.tick();
    life.work.tick();
    await world.until(() => status() === 'unreachable', 'unreachable');
    await life.watcher.runOnce();
    await life.watcher.runOnce();
    expect(world.shown(ref).filter((text) => text.includes('is away'))).toHaveLength(1);
    const session = world.session(name);
    session?.messages.push({ id: 'msg_x', role: 'assistant', text: 'Ended meanwhile.', at: 0 });
    if (session) session.busy = false;
    life.connect('local', true);
    await world.until(() => status() === 'idle', 'idle');
    await life.watcher.runOnce();
    expect(world.shown(ref).slice(-2)).toEqual([
      expect.stringContaining('is back'),
      expect.stringContaining('Ended meanwhile.'),
    ]);
  });

  it('BR-3: what happened while the service was away is found by asking', async () => {
    const { world, life, name, status } = await createRunningWorld();
    life.crash();
    const session = world.session(name);
    session?.messages.push({ id: 'msg_x', role: 'assistant', text: 'Ended meanwhile.', at: 0 });
    if (session) session.busy = false;
    const next = world.live();
    await next.work.resumeAll();
    await world.until(() => status() === 'idle', 'idle');
    await next.watcher.runOnce();
    expect(world.shown(ref).at(-1)).toContain('Ended meanwhile.');
  });

  it('SE-6: a turn cut off by the end of its host goes on, some times; then it is told that it does not', async () => {
    const { world, life, name, status } = await createRunningWorld();
    life.connect('local', false);
    const session = world.session(name);
    for (let round = 1; round <= 4; round += 1) {
      session?.messages.push({
        id: `msg_${round}`,
        role: 'assistant',
        text: 'I beg',
        at: 0,
        finished: false,
      });
      if (session) session.busy = false;
      life.connect('local', true);
      const answered = () => session?.busy === true || status() === 'crashed';
      await world.until(answered, `round ${round}`);
      life.connect('local', false);
    }
    await world.until(() => status() === 'crashed', 'crashed');
    const goneOn = session?.messages.filter(({ text }) => text.startsWith('Go on where you left off'));
    expect(goneOn).toHaveLength(3);
    await life.watcher.runOnce();
    expect(world.shown(ref).filter((text) => text.includes('it goes on'))).toHaveLength(3);
    expect(world.shown(ref).at(-1)).toContain('was cut off 3 times');
  });

  it('SE-6: a host that says itself that it was restarted: the turn goes on, and no end is told', async () => {
    const { world, work, life, name, id, status } = await createRunningWorld();
    const session = world.session(name);
    session?.messages.push({ id: 'msg_cut', role: 'assistant', text: 'I beg', at: 0, finished: false });
    if (session) session.busy = false;
    life.hear({ kind: 'error', sessionId: id, error: restarted });
    life.hear({ kind: 'idle', sessionId: id });
    await world.until(() => session?.busy === true, 'going on');
    await work[Symbol.asyncDispose]();
    await life.watcher.runOnce();
    expect(status()).toBe('running');
    expect(world.shown(ref).at(-1)).toContain('it goes on');
    expect(world.shown(ref).join()).not.toContain('has finished');
  });

  it('SE-6: paused while its host is away, it is interrupted when the host is back', async () => {
    const { world, work, life, name, status } = await createRunningWorld();
    life.connect('local', false);
    expect((await work.pause(by())).text).toContain('as soon as it is back');
    expect(world.session(name)?.busy).toBe(true);
    life.connect('local', true);
    await world.until(() => world.session(name)?.busy === false, 'the interruption');
    expect(status()).toBe('paused');
  });

  it('WS-2: a start whose host went away after the session was made goes on when it is back, once', async () => {
    const world = createWorkWorld();
    const life = world.live();
    await life.work.propose(by(), {
      project: 'infra',
      title: 'Implement c',
      description: '',
      priority: 'low',
    });
    const lost = life.ports.hosts;
    const send = lost.send.bind(lost);
    lost.send = async (o) => {
      life.connect('local', false);
      return await send(o);
    };
    await clickButton(world, life.work, { ref, label: 'Start' });
    await world.until(() => life.work.busy === 0, 'the loss');
    expect(world.state('ops-infra-implement-c')?.session?.status).toBe('starting');
    lost.send = send;
    life.connect('local', true);
    world.pass(5000);
    life.work.tick();
    await world.until(() => world.state('ops-infra-implement-c')?.session?.status === 'running', 'the start');
    expect(world.session('ops-infra-implement-c')?.messages).toHaveLength(1);
    expect(world.hosts.get('local')?.sessions.size).toBe(1);
  });

  it('BR-3: a start whose host stays away for long has not ended a turn when the host is back', async () => {
    const world = createWorkWorld();
    const life = world.live();
    const task = { project: 'infra', title: 'Implement c', description: '', priority: 'low' as const };
    await life.work.propose(by(), task);
    const { hosts } = life.ports;
    const send = hosts.send.bind(hosts);
    hosts.send = async (o) => {
      life.connect('local', false);
      return await send(o);
    };
    await clickButton(world, life.work, { ref, label: 'Start' });
    await world.until(() => life.work.busy === 0, 'the loss');
    const status = () => world.state('ops-infra-implement-c')?.session?.status;
    world.pass(20_000);
    life.work.tick();
    await world.until(() => status() === 'unreachable', 'unreachable');
    // Back, and not asked yet by the start.
    life.connect('local', true);
    await world.until(() => status() === 'starting', 'starting');
    hosts.send = send;
    world.pass(5000);
    life.work.tick();
    await world.until(() => status() === 'running', 'the start');
    await life.watcher.runOnce();
    expect(world.shown(ref).slice(-2)).toEqual([
      expect.stringContaining('is away'),
      expect.stringContaining('is back'),
    ]);
  });

  it.each([
    ['in the same life', false],
    ['after a restart', true],
  ])(
    'WS-4: moved while its start waits for its host, it has one card, in its new thread: %s',
    async (_, dies) => {
      const world = createWorkWorld();
      const first = world.live();
      const there = thread('2.0');
      await first.work.propose(by(), {
        project: 'infra',
        title: 'Implement c',
        description: '',
        priority: 'low',
      });
      const { hosts } = first.ports;
      const send = hosts.send.bind(hosts);
      hosts.send = async (o) => {
        first.connect('local', false);
        return await send(o);
      };
      await clickButton(world, first.work, { ref, label: 'Start' });
      await world.until(() => first.work.busy === 0, 'the loss');
      hosts.send = send;
      await first.work.plug(by(there), 'infra');
      if (dies) first.crash();
      const life = dies ? world.live() : first;
      life.connect('local', true);
      if (dies) await life.work.resumeAll();
      world.pass(5000);
      life.work.tick();
      await world.until(() => world.proposals()[0]?.status === 'started', 'the start');
      expect(world.cards(ref)).toEqual([]);
      expect(world.cards(there).map(({ title }) => title)).toEqual(['🟢 running · Implement c']);
    },
  );

  it('SE-6: a task that its host lost is given again, not called finished; one on its way is waited for', async () => {
    const { world, life, name, status } = await createRunningWorld();
    life.crash();
    const session = world.session(name);
    session?.messages.splice(0);
    if (session) session.busy = false;
    const next = world.live();
    await next.work.resumeAll();
    await next.work[Symbol.asyncDispose]();
    expect(session?.messages).toEqual([]);
    const later = world.live();
    await later.work.resumeAll();
    await world.until(() => {
      world.pass(5_000);
      later.work.tick();
      return session?.busy === true;
    }, 'the task');
    await later.work[Symbol.asyncDispose]();
    await later.watcher.runOnce();
    expect(session?.messages.map(({ text }) => text)).toEqual([expect.stringContaining('Task: ')]);
    expect(status()).toBe('running');
    expect(world.shown(ref).join()).not.toContain('has finished');
  });

  it('OP-4: the clock is set back an hour while it works: an end nobody told of is found at the next look', async () => {
    const { world, life, name, status } = await createRunningWorld();
    world.setClock(-3_600_000);
    world.pass(5000);
    const session = world.session(name);
    session?.messages.push({ id: 'msg_end', role: 'assistant', text: 'Ended unheard.', at: 0 });
    if (session) session.busy = false;
    await life.watcher.runOnce();
    await world.until(() => status() !== 'running', 'the end');
    expect(status()).toBe('idle');
  });

  it('OP-4: killed between writing a state and showing it, the card shows it after the start', async () => {
    const { world, life, name } = await createRunningWorld();
    life.crash();
    const info = world.infos.get(name);
    const session = world.session(name);
    if (session) session.busy = false;
    if (info?.state.session)
      world.infos.set(name, {
        ...info,
        state: { ...info.state, session: { ...info.state.session, status: 'idle' } },
      });
    expect(world.cards(ref)[0]?.title).toContain('running');
    await world.live().work.resumeAll();
    expect(world.cards(ref)[0]?.title).toContain('idle');
  });
});
