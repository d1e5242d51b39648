import { describe, expect, it } from 'vitest';
import { createRunningWorld } from '../../test/support/running-work.ts';
import { anna, thread } from '../../test/support/work-world.ts';
import type { HostEvent } from '../../mcp-servers/kit/work.ts';

const ref = thread('1.0');
let requests = 0;
const by = (at = ref) => ({ person: anna, ref: at, requestId: `r${(requests += 1)}` });

async function createRig(titles?: string[]) {
  const running = await createRunningWorld(titles);
  const { world, life, id } = running;
  const tool = (name: string, title: string, status: 'running' | 'completed') =>
    life.hear({ kind: 'tool', sessionId: id, tool: name, title, status });
  const hear = (event: Pick<HostEvent, 'kind'>) => life.hear({ ...event, sessionId: id } as HostEvent);
  /** As many looks of the watcher as there are in this time. */
  const looks = async (seconds: number, watcher = life.watcher) => {
    for (let passed = 0; passed < seconds; passed += 2) {
      world.pass(2000);
      await watcher.runOnce();
    }
  };
  const card = (at = ref) => world.cards(at)[0];
  return { ...running, tool, hear, looks, card };
}

describe('the card of a session at work', () => {
  it('OUT-4: shows what it does now, todos, time and the last milestone, in place', async () => {
    const { world, life, id, tool, looks, card } = await createRig();
    const before = world.shown(ref).length;
    tool('bash', 'npm test', 'running');
    await looks(6);
    expect(card()).toMatchObject({
      title: '🟢 running · Implement CSV export',
      body: '🧪 Running tests: npm test',
    });
    expect(card()?.facts?.[0]).toMatch(/^\d s$/);
    tool('bash', 'npm test', 'completed');
    life.hear({ kind: 'todo', sessionId: id, done: 3, total: 7 });
    await looks(60);
    expect(card()).toMatchObject({
      body: '🤔 Thinking. Last: 🧪 Running tests: npm test',
      facts: ['1 min', 'todos 3/7', expect.any(String), expect.any(String), 'builder', 'local/qwen'],
    });
    expect(world.shown(ref)).toHaveLength(before);
    life.hear({ kind: 'milestone', sessionId: id, id: 'call-1', text: 'Login works' });
    await looks(6);
    expect(card()?.body).toContain('- ✅ Milestone: Login works');
  });

  it('OUT-4: of 100 calls a second no more than one change in 5 s is sent, and none where the text stays', async () => {
    const { world, tool, looks } = await createRig();
    await looks(120);
    const before = world.refreshes();
    for (let second = 0; second < 60; second += 2) {
      for (let call = 0; call < 200; call += 1) tool('write', `src/${second}-${call}.ts`, 'completed');
      await looks(2);
    }
    expect(world.refreshes() - before).toBe(10);
    await looks(10);
    const then = world.refreshes();
    await looks(600);
    // The minutes.
    expect(world.refreshes() - then).toBe(10);
  });

  it('OUT-4: idle it is as before, whatever was under way, and is not sent any more', async () => {
    const { world, name, tool, hear, looks, card, status } = await createRig();
    tool('bash', 'sleep 9', 'running');
    await looks(6);
    const session = world.session(name);
    if (session) session.busy = false;
    hear({ kind: 'idle' });
    await world.until(() => status() === 'idle', 'the end');
    await looks(2);
    expect(card()).toEqual({
      title: '💤 idle · Implement CSV export',
      facts: [expect.any(String), expect.any(String), 'builder', 'local/qwen'],
      buttons: expect.anything(),
    });
    const before = world.refreshes();
    await looks(600);
    expect(world.refreshes()).toBe(before);
    if (session) session.busy = true;
    hear({ kind: 'active' });
    await world.until(() => status() === 'running', 'the next turn');
    await looks(6);
    // A new turn has its own time, and nothing of the last one is under way.
    expect([card()?.facts?.[0], card()?.body]).toEqual([
      expect.stringMatching(/^\d s$/),
      '🤔 Thinking. Last: 🔧 Running: sleep 9',
    ]);
  });

  it('OUT-4: after a restart the time goes on, and what was reached is still shown', async () => {
    const { world, life, id, looks, card } = await createRig();
    life.hear({ kind: 'milestone', sessionId: id, id: 'call-1', text: 'Login works' });
    await looks(600);
    life.crash();
    const next = world.live();
    await next.work.resumeAll();
    await looks(6, next.watcher);
    expect([card()?.facts?.[0], card()?.body]).toEqual(['10 min', '✅ Milestone: Login works']);
  });

  it('OUT-4: time goes on while its host is away', async () => {
    const { world, life, work, looks, card, status } = await createRig();
    await looks(120);
    life.connect('local', false);
    world.pass(20_000);
    work.tick();
    await world.until(() => status() === 'unreachable', 'lost');
    await looks(2);
    expect(card()?.body).toBeUndefined();
    life.connect('local', true);
    await world.until(() => status() === 'running', 'back');
    await looks(6);
    expect(card()?.facts?.[0]).toBe('2 min');
  });

  it('OUT-4: set back by an hour, the clock holds no card up', async () => {
    const { world, tool, looks, card } = await createRig();
    await looks(6);
    world.setClock(-3_600_000);
    tool('bash', 'npm test', 'running');
    await looks(6);
    expect(card()).toMatchObject({
      body: '🧪 Running tests: npm test',
      facts: expect.arrayContaining(['0 s']),
    });
  });

  it('WS-4: moved, the card of the other thread shows it', async () => {
    const { work, name, tool, looks, card, world } = await createRig();
    tool('bash', 'npm test', 'running');
    await looks(6);
    await work.plug(by(thread('2.0')), name);
    await looks(6);
    expect([world.cards(ref).length, card(thread('2.0'))?.body]).toEqual([0, '🧪 Running tests: npm test']);
    await work.unplug(by(thread('2.0')), name);
    const before = world.refreshes();
    await looks(120);
    expect([world.refreshes() - before, world.cards(thread('2.0')).length]).toEqual([0, 0]);
  });
});
