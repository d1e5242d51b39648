import { describe, expect, it } from 'vitest';
import { createRunningWorld } from '../../test/support/running-work.ts';
import { anna, thread, type WorkWorld } from '../../test/support/work-world.ts';
import { policySchema } from '../../mcp-servers/kit/policy.ts';
import { restarted } from '../hosts/host-record.ts';

const ref = thread('1.0');
let requests = 0;
const by = (at = ref) => ({ person: anna, ref: at, requestId: `r${(requests += 1)}` });
const interval = 2000;

type Running = Awaited<ReturnType<typeof createRunningWorld>>;

/** The agent ends its turn with these words; nobody hears of it. */
function end(world: WorkWorld, name: string, text: string, more: { error?: string } = {}) {
  const session = world.session(name);
  const id = `msg_${session?.messages.length}`;
  session?.messages.push({ id, role: 'assistant', text, at: 0, finished: true, ...more });
  if (session) session.busy = false;
}

const count = (world: WorkWorld, words: string, at = ref) =>
  world.shown(at).filter((text) => text.includes(words)).length;

describe('with the stream of events cut', () => {
  /** An interval passes, and the watcher looks. */
  async function looks({ world, life }: Pick<Running, 'world' | 'life'>, times = 1) {
    for (let look = 0; look < times; look += 1) {
      world.pass(interval);
      await life.watcher.runOnce();
    }
  }

  it('WA-1: the end of a turn, within one interval, with its words; once', async () => {
    const running = await createRunningWorld();
    const { world, name, status } = running;
    await looks(running, 2);
    expect(status()).toBe('running');
    end(world, name, 'Done: 3 files.');
    await looks(running);
    expect(status()).toBe('idle');
    expect(world.shown(ref).at(-1)).toBe(`💬 \`${name}\` has finished its turn and waits.\n\nDone: 3 files.`);
    await looks(running, 3);
    expect(count(world, 'has finished')).toBe(1);
  });

  it('WA-1: the cause of a crash, by the message it left', async () => {
    const running = await createRunningWorld();
    await looks(running, 2);
    end(running.world, running.name, '', { error: 'no key' });
    await looks(running);
    expect([running.status(), running.world.shown(ref).at(-1)]).toEqual([
      'crashed',
      `💥 \`${running.name}\` crashed: no key\n\nResume lets it try again.`,
    ]);
  });

  it('WA-3: milestones and a list that is done; with it the end of the turn is the end of the work', async () => {
    const running = await createRunningWorld();
    const { world, id, name } = running;
    await looks(running, 2);
    const local = world.hosts.get('local');
    if (!local) throw new Error('no host');
    local.milestones = [{ id: 'call-1', sessionId: id, text: 'Login works', at: 0 }];
    await looks(running);
    expect(world.shown(ref).at(-1)).toBe(`✅ Milestone: Login works (\`${name}\`)`);
    local.todos = [{ sessionId: id, done: 3, total: 3 }];
    await looks(running);
    expect(world.shown(ref).at(-1)).toContain('🎉 Milestone: Implementation complete (3/3 todos)');
    end(world, name, 'All done.');
    await looks(running);
    expect(world.shown(ref).at(-1)).toBe(`🎉 \`${name}\` is complete (3/3 todos).\n\nAll done.`);
    await looks(running, 3);
    expect(count(world, 'Login works')).toBe(1);
  });

  it('SE-4: one that was paused and works again is told, but not for a pause that is still on its way', async () => {
    const running = await createRunningWorld();
    const { world, work, name, status } = running;
    await work.pause(by());
    const session = world.session(name);
    if (session) session.busy = true;
    await looks(running);
    if (session) session.busy = false;
    await looks(running, 2);
    expect(status()).toBe('paused');
    if (session) session.busy = true;
    await looks(running, 2);
    expect([status(), world.shown(ref).at(-1)]).toEqual(['running', expect.stringContaining('works again')]);
  });

  it('SE-6: a restart of the host is seen by its run, and what it cut off goes on, once', async () => {
    const running = await createRunningWorld();
    const { world, name } = running;
    await looks(running, 2);
    const [session, local] = [world.session(name), world.hosts.get('local')];
    session?.messages.push({ id: 'cut', role: 'assistant', text: 'I beg', at: 0, finished: false });
    if (session) session.busy = false;
    if (local) local.run = 'run-2';
    await looks(running, 3);
    expect([session?.busy, count(world, 'it goes on')]).toEqual([true, 1]);
    expect(session?.messages.at(-1)?.text).toContain('Go on where you left off');
  });

  it('SE-6: told to go on, and asked again before that prompt is stored, it is told once', async () => {
    const running = await createRunningWorld();
    const { world, life, work, name, id } = running;
    await looks(running, 2);
    const session = world.session(name);
    const { hosts } = life.ports;
    const sent: string[] = [];
    hosts.send = async ({ text }) => (sent.push(text), { queued: false });
    session?.messages.push({ id: 'cut', role: 'assistant', text: 'I beg', at: 0, finished: false });
    if (session) session.busy = false;
    // As a host does that was restarted: it says so, then it is there again, then it is looked at.
    life.hear({ kind: 'error', sessionId: id, error: restarted });
    life.connect('local', true);
    const local = world.hosts.get('local');
    if (local) local.run = 'run-1';
    await looks(running, 2);
    await work[Symbol.asyncDispose]();
    expect(sent).toEqual([expect.stringContaining('Go on where you left off')]);
  });

  it('SE-6: a prompt that is not worked on yet is no end', async () => {
    const running = await createRunningWorld();
    const { world, work, name, status } = running;
    end(world, name, 'Done.');
    await looks(running, 3);
    await work.send(by(), 'One more thing');
    const session = world.session(name);
    if (session) session.busy = false;
    await looks(running, 3);
    expect(status()).toBe('running');
    if (session) session.busy = true;
    await looks(running);
    expect(count(world, 'has finished')).toBe(1);
  });

  it('WA-2: silent for 15 min: its latest message is looked at, once for each silence, before it is told', async () => {
    const running = await createRunningWorld();
    const { world, life, name } = running;
    let asked = 0;
    const { hosts } = life.ports;
    const real = hosts.messages.bind(hosts);
    hosts.messages = async (o) => ((asked += 1), await real(o));
    await looks(running);
    // The first look reads the milestones of before.
    asked = 0;
    world.setClock(3_600_000);
    await looks(running, 2);
    expect([asked, count(world, 'is still running')], 'a clock set ahead is no silence').toEqual([0, 0]);
    world.setClock(0);
    world.pass(15 * 60_000);
    const at = life.ports.now() - 60_000;
    world.session(name)?.messages.push({ id: 'm', role: 'assistant', text: '', at, finished: false });
    await looks(running, 2);
    expect([asked, count(world, 'is still running')]).toEqual([1, 0]);
    world.pass(15 * 60_000);
    await looks(running, 5);
    expect([asked, count(world, 'is still running, silent for 16 min')]).toEqual([2, 1]);
  });

  it('BR-3: a host that answers no more is told after a minute, once', async () => {
    const running = await createRunningWorld();
    running.life.ports.hosts.snapshot = async () => await Promise.reject(new Error('no answer'));
    await looks(running, 29);
    expect(count(running.world, 'does not answer')).toBe(0);
    await looks(running, 5);
    expect(count(running.world, 'does not answer')).toBe(1);
  });
});

describe('what is told where', () => {
  it('WA-2: what a person does in another place is told in its own thread, and not where it is done', async () => {
    const { world, work, life, name } = await createRunningWorld();
    const there = thread('9.0');
    for (const act of ['pause', 'resume', 'stop'] as const) await work[act](by(there), name);
    await life.watcher.runOnce();
    expect(world.shown(ref).slice(-3)).toEqual([
      `⏸️ \`${name}\` is paused. Resume lets it go on. (anna)`,
      `▶️ \`${name}\` goes on. (anna)`,
      `⏹️ \`${name}\` is stopped; its place is free. Resume takes it up again. (anna)`,
    ]);
    await work.resume(by());
    await life.watcher.runOnce();
    expect(world.shown(there)).toEqual([]);
    expect(count(world, 'goes on')).toBe(1);
  });

  it('WA-4: of 5,000 tool calls in 10 s one message a batch is said, memory is bounded, others are not disturbed', async () => {
    const policy = policySchema.parse({ updates: { eventSeconds: 5 } });
    const running = await createRunningWorld(['Implement a', 'Implement b'], { policy });
    const { world, work, life, names, id } = running;
    await work.toggleEvents(by(), true, names[0]);
    const before = world.shown(ref).length;
    const other = world.state(names[1] ?? '')?.session?.id ?? '';
    const cpuBefore = process.threadCpuUsage();
    for (let second = 0; second < 10; second += 1) {
      for (let index = 0; index < 500; index += 1)
        life.hear({
          kind: 'tool',
          sessionId: id,
          tool: 'write',
          title: `src/${second}-${index}.ts`,
          status: 'completed',
        });
      life.hear({ kind: 'milestone', sessionId: other, id: `call-${second}`, text: `B${second}` });
      world.pass(1000);
      await life.watcher.runOnce();
    }
    const said = world.shown(ref).slice(before);
    expect(said.map((text) => text.split('\n').at(-1))).toEqual(['- … and 2,480 more', '- … and 2,480 more']);
    expect(world.shown(thread('2.0')).at(-1)).toContain('B9');
    expect((await work.readEvents(by(), 1000, names[0])).length).toBe(200);
    // A tenth of the time there is, in microseconds of the processor: others are busy with other tests.
    expect(process.threadCpuUsage(cpuBefore).user).toBeLessThan(1_000_000);
  });

  it('WA-4: off by default, and what was done before is not told when it is switched on', async () => {
    const { world, work, life, name, id } = await createRunningWorld();
    const write = (title: string) =>
      life.hear({ kind: 'tool', sessionId: id, tool: 'write', title, status: 'completed' });
    write('a.ts');
    world.pass(60_000);
    await life.watcher.runOnce();
    expect(count(world, 'Wrote file')).toBe(0);
    await work.toggleEvents(by(), true, name);
    write('b.ts');
    world.pass(60_000);
    await life.watcher.runOnce();
    expect(world.shown(ref).at(-1)).toBe('🔧 Wrote file: b.ts');
  });

  it('WA-1: nothing is read of sessions where nothing has changed', async () => {
    const running = await createRunningWorld(Array.from({ length: 10 }, (_, index) => `Implement ${index}`));
    const { world, life } = running;
    world.pass(20_000);
    await life.watcher.runOnce();
    let calls = 0;
    const { hosts } = life.ports;
    for (const verb of ['messages', 'sessions'] as const) {
      const real = hosts[verb].bind(hosts) as (o: never) => Promise<never>;
      Object.assign(hosts, { [verb]: async (o: never) => ((calls += 1), await real(o)) });
    }
    const steps = life.steps;
    for (let look = 0; look < 10; look += 1) await life.watcher.runOnce();
    expect([calls, life.steps - steps]).toEqual([0, 0]);
    end(world, running.name, 'Done.');
    world.pass(interval);
    await life.watcher.runOnce();
    // Its state, and its last words.
    expect(calls).toBe(3);
  });
});
