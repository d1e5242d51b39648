import { describe, expect, it } from 'vitest';
import { createRunningWorld } from '../../test/support/running-work.ts';
import { anna, clickButton, thread, type WorkWorld } from '../../test/support/work-world.ts';

const ref = thread('1.0');
let requests = 0;
const by = (at = ref) => ({ person: anna, ref: at, requestId: `r${(requests += 1)}` });

/** The agent ends its turn with these words. */
function finish(world: WorkWorld, life: ReturnType<WorkWorld['live']>, name: string, text: string) {
  const session = world.session(name);
  session?.messages.push({ id: `msg_done_${session.messages.length}`, role: 'assistant', text, at: 0 });
  if (session) session.busy = false;
  life.hear({ kind: 'idle', sessionId: session?.id ?? '' });
}

describe('steering a session', () => {
  it('SE-6: pause, resume after a restart, stop; each interrupts or goes on, and the card follows', async () => {
    const { world, work, life, name, id, status } = await createRunningWorld();
    expect((await work.pause(by())).text).toContain('is paused');
    expect([status(), world.session(name)?.busy]).toEqual(['paused', false]);
    // What the interruption itself sets off is nothing to tell.
    life.hear({ kind: 'error', sessionId: id, error: 'MessageAbortedError' });
    life.hear({ kind: 'idle', sessionId: id });
    expect(world.cards(ref)[0]?.title).toBe('⏸️ paused · Implement CSV export');
    expect((await work.pause(by())).text).toContain('already');
    await life.work[Symbol.asyncDispose]();
    expect(status()).toBe('paused');

    world.pass(5 * 86_400_000);
    const next = world.live();
    await next.work.resumeAll();
    await clickButton(world, next.work, { ref, label: 'Resume' });
    expect(status()).toBe('running');
    expect(world.session(name)?.messages.at(-1)?.text).toContain('Go on where you left off');
    expect((await next.work.stop(by())).text).toContain('its place is free');
    expect([status(), world.session(name)?.busy]).toEqual(['stopped', false]);
    expect(world.shown(ref).filter((text) => text.includes('crashed') || text.includes('waits'))).toEqual([]);
  });

  it('OP-4: a resume that is told again after a kill, wherever that was, is one prompt', async () => {
    let died = true;
    for (let crashAt = 1; died; crashAt += 1) {
      const { world, life, name, status } = await createRunningWorld();
      await life.work.pause(by());
      life.crash();
      const asked = by();
      const second = world.live({ crashAt, after: true });
      let done = false;
      void second.work.resume(asked).then(() => (done = true));
      await world.until(() => done || second.isDead(), 'end or death');
      died = second.isDead();
      await world.live().work.resume(asked);
      const prompts = world.session(name)?.messages.filter(({ text }) => text.startsWith('Go on where'));
      expect([crashAt, prompts?.length, status()]).toEqual([crashAt, 1, 'running']);
      expect(died || crashAt > 3).toBe(true);
    }
  });

  it('SE-4: words are passed on, to a busy one as queued; a stopped one goes on with them', async () => {
    const { world, work, name, status } = await createRunningWorld();
    expect((await work.send(by(), 'Use semicolons')).text).toContain('it is busy');
    await work.stop(by());
    expect((await work.send(by(), 'One more thing')).text).toContain('It was stopped and goes on');
    expect(status()).toBe('running');
    expect(
      world
        .session(name)
        ?.messages.map(({ text }) => text)
        .slice(1),
    ).toEqual(['Use semicolons', 'One more thing']);
    expect(await work.read(by(), 1)).toMatchObject([{ text: 'One more thing' }]);
  });

  it('SE-5: what gave its place back needs a free one again', async () => {
    const { work, names } = await createRunningWorld(['Implement a', 'Implement b'], { maxSessions: 2 });
    await work.stop(by(), names[0]);
    await work.propose(by(thread('3.0')), {
      project: 'infra',
      title: 'Implement c',
      description: '',
      priority: 'low',
    });
    expect((await work.list(by())).text).toContain('1 of 2 places taken');
    const {
      world,
      work: full,
      names: [first],
    } = await createRunningWorld(['Implement a'], { maxSessions: 1 });
    await full.stop(by(), first);
    await full.propose(by(thread('9.0')), {
      project: 'infra',
      title: 'Implement c',
      description: '',
      priority: 'low',
    });
    await clickButton(world, full, { ref: thread('9.0'), label: 'Start' });
    await world.until(() => full.busy === 0, 'the start');
    await expect(full.resume(by(), first)).rejects.toThrow(
      /\(1\)\. Could be finished: `ops-infra-implement-c`/,
    );
  });

  it('SE-2: the model is switched by a part of its name, and only to one that answers', async () => {
    const { world, work, name } = await createRunningWorld();
    expect((await work.switchModel(by(), 'claude')).text).toContain('anthropic/claude');
    await work.send(by(), 'Go on');
    expect(world.session(name)?.messages.at(-1)).toMatchObject({ model: 'anthropic/claude' });
    world.down.add('qwen.test');
    expect((await work.switchModel(by(), 'local/qwen')).text).toContain('not available');
    await expect(work.switchModel(by(), 'gpt')).rejects.toThrow(
      /there are `anthropic\/claude`, `local\/qwen`/,
    );
  });

  it('MCP-4: a fork goes on with a copy of the history', async () => {
    const { world, work, life, name, id, status } = await createRunningWorld();
    await work.fork(by(), 'Another way');
    expect(status()).toBe('idle');
    expect(world.session(name)).toMatchObject({ title: `Another way · ${name}`, busy: false });
    expect(world.session(name)?.id).not.toBe(id);
    life.hear({ kind: 'error', sessionId: id, error: 'late word of the original' });
    await work[Symbol.asyncDispose]();
    expect(status()).toBe('idle');
  });

  it.each([false, true])(
    'OP-4: a fork that is asked for again after a kill, wherever that was, is one copy (after the step: %s)',
    async (after) => {
      let died = true;
      for (let crashAt = 1; died; crashAt += 1) {
        const { world, life, name, id, status } = await createRunningWorld();
        life.crash();
        const asked = by();
        const second = world.live({ crashAt, after });
        let done = false;
        void second.work.fork(asked, undefined).then(() => (done = true));
        await world.until(() => done || second.isDead(), 'end or death');
        died = second.isDead();
        const { text } = await world.live().work.fork(asked, undefined);
        const copies = [...(world.hosts.get('local')?.sessions.keys() ?? [])].filter((each) => each !== id);
        expect([crashAt, copies, status()]).toEqual([crashAt, [world.session(name)?.id], 'idle']);
        expect(text).toContain(`the original \`${id}\` stays`);
        // Asked for anew, it is another one.
        await world.live().work.fork(by(), undefined);
        expect(world.hosts.get('local')?.sessions.size).toBe(3);
        expect(died || crashAt > 3).toBe(true);
      }
    },
  );

  it('names: a part will do when it is clear; what is unclear is asked back', async () => {
    const { work } = await createRunningWorld(['Implement csv import', 'Implement csv export']);
    expect((await work.status(by(), 'import')).row?.title).toBe('Implement csv import');
    await expect(work.pause(by(thread('9.0')), 'csv')).rejects.toThrow(/Several could be meant/);
    await expect(work.pause(by(), 'nope')).rejects.toThrow(/None is called “nope”/);
    await expect(work.pause(by(thread('9.0')))).rejects.toThrow(/None is plugged into this thread/);
  });
});

describe('what hosts tell', () => {
  it('WA-2: the end of a turn is told in its own thread with the last words, once, and in no other', async () => {
    const { world, work, life, name, id, status } = await createRunningWorld(['Implement a', 'Implement b']);
    finish(world, life, name, 'Done: **3 files**.');
    life.hear({ kind: 'idle', sessionId: id });
    await world.until(() => status() === 'idle', 'idle');
    await work[Symbol.asyncDispose]();
    await life.watcher.runOnce();
    await life.watcher.runOnce();
    expect(world.shown(ref).filter((text) => text.includes('3 files'))).toHaveLength(1);
    expect(world.shown(thread('2.0')).join()).not.toContain('3 files');
    expect(world.shown(thread('2.0')).join()).not.toContain(name);
  });

  it('SE-5: of 1,000 events in ten sessions none crosses', async () => {
    const titles = Array.from({ length: 10 }, (_, index) => `Implement part ${index}`);
    const { world, work, life, names } = await createRunningWorld(titles);
    for (let round = 0; round < 100; round += 1)
      for (const [index, name] of names.entries())
        life.hear({
          kind: 'milestone',
          sessionId: world.state(name)?.session?.id ?? '',
          id: `call-${index}-${round}`,
          text: `marker-${index}-${round}.`,
        });
    await work[Symbol.asyncDispose]();
    await life.watcher.runOnce();
    for (const index of titles.keys()) {
      const markers =
        world
          .shown(thread(`${index + 1}.0`))
          .join('\n')
          .match(/marker-\d+/g) ?? [];
      expect(markers).toHaveLength(20);
      expect(world.shown(thread(`${index + 1}.0`)).at(-1)).toContain('… and 80 more');
      expect(new Set(markers)).toEqual(new Set([`marker-${index}`]));
    }
  });

  it('WA-2: all todos done and idle is complete; a crash is told with its cause; strangers are nobody', async () => {
    const { world, work, life, name, id, status } = await createRunningWorld();
    life.hear({ kind: 'todo', sessionId: id, done: 3, total: 3 });
    // Another host speaks for its own sessions only.
    life.hear({ kind: 'todo', sessionId: id, done: 0, total: 9 }, 'laptop');
    finish(world, life, name, 'All done.');
    await world.until(() => status() === 'complete', 'complete');
    await life.watcher.runOnce();
    expect(world.shown(ref).at(-1)).toMatch(/🎉 `.*` is complete \(3\/3 todos\)\.\s+All done\./);
    life.hear({ kind: 'active', sessionId: id });
    life.hear({ kind: 'error', sessionId: id, error: 'ProviderAuthError: no key' });
    life.hear({ kind: 'error', sessionId: 'ses_other', error: 'not ours' });
    await world.until(() => status() === 'crashed', 'crashed');
    await work[Symbol.asyncDispose]();
    await life.watcher.runOnce();
    expect(world.shown(ref).at(-1)).toContain('no key');
    expect(world.cards(ref)[0]?.buttons?.[0]?.label).toBe('Resume');
  });

  it('SE-4: a paused one that is written to in OpenCode works again, and that is told', async () => {
    const { world, work, life, id, status } = await createRunningWorld();
    await work.pause(by());
    life.hear({ kind: 'active', sessionId: id });
    await world.until(() => status() === 'running', 'running');
    await life.watcher.runOnce();
    expect(world.shown(ref).at(-1)).toContain('somebody wrote to it in OpenCode');
  });

  it('WS-4: tools are remembered for read_events, bounded', async () => {
    const { work, life, id } = await createRunningWorld();
    for (let index = 0; index < 250; index += 1)
      life.hear({
        kind: 'tool',
        sessionId: id,
        tool: 'write',
        title: `src/${index}.ts`,
        status: 'completed',
      });
    life.hear({
      kind: 'tool',
      sessionId: id,
      tool: 'bash',
      title: 'npm test',
      status: 'error',
      error: 'exit 1',
    });
    await work[Symbol.asyncDispose]();
    const lines = await work.readEvents(by(), 1000);
    expect(lines).toHaveLength(200);
    expect(lines.slice(-2).map(({ text }) => text)).toEqual([
      '🔧 Wrote file: src/249.ts',
      '❌ Tool failed: bash - exit 1',
    ]);
  });
});
