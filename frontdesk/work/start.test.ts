import { describe, expect, it } from 'vitest';
import { anna, clickButton, createWorkWorld, thread, type WorkWorld } from '../../test/support/work-world.ts';
import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';

const ref = thread('1.0');
const by = (requestId: string, at = ref) => ({ person: anna, ref: at, requestId });
const words = (title: string) => ({
  project: 'domain-apis',
  title,
  description: 'As in the ticket.',
  priority: 'normal' as const,
});
const csv = 'ai-dev-domain-apis-implement-csv-export';
const statusOf = (world: WorkWorld, name: string) => world.state(name)?.session?.status;

async function started(world: WorkWorld, life: ReturnType<WorkWorld['live']>, title: string, at = ref) {
  await life.work.propose(by(`${title} ${at.thread}`, at), words(title));
  await clickButton(world, life.work, { ref: at, label: 'Start' });
  await world.until(() => life.work.busy === 0, `start of ${title}`);
}

describe('starting a session', () => {
  it('SE-3: the suggestion is a card; nothing runs before the click, then the thread is told all', async () => {
    const world = createWorkWorld();
    const { work } = world.live();
    const answer = await work.propose(by('1'), words('Implement CSV export'));
    expect(answer.shown).toBe(true);
    const [card] = world.cards(ref);
    expect(card?.title).toContain('Agent: builder');
    expect(card?.title).toContain('Model: local/qwen – codes');
    expect(card?.buttons?.map(({ label }) => label)).toEqual([
      'Start',
      'Change agent',
      'Change model',
      'Cancel',
    ]);
    expect(world.infos.size).toBe(0);

    await clickButton(world, work, { ref, label: 'Start' });
    await world.until(() => work.busy === 0, 'the start');
    expect(world.state(csv)).toMatchObject({
      thread: ref,
      routing: { agent: 'builder', decidedBy: 'rules' },
      session: { agent: 'builder', model: 'local/qwen', status: 'running', host: 'local' },
    });
    const [board, first] = world.shown(ref);
    expect(board).toBe('🟢 running · Implement CSV export');
    for (const fact of [
      'ses_1',
      'Implement CSV export',
      'builder',
      'local/qwen',
      csv,
      `frontdesk/${csv}`,
      'https://oc.test/',
      'https://code.test/?folder=',
    ])
      expect(first).toContain(fact);
    const [prompt] = world.session(csv)?.messages ?? [];
    expect(prompt).toMatchObject({ agent: 'builder', model: 'local/qwen' });
    expect(prompt?.text).toContain('As in the ticket.');
    expect(world.audit).toContain(`${anna} work.start ${csv} starting`);
  });

  it('SE-3: agent and model can be changed; a chosen model stays with another agent', async () => {
    const world = createWorkWorld();
    const { work } = world.live();
    await work.propose(by('1'), words('Implement CSV export'));
    await clickButton(world, work, { ref, label: 'Change agent' });
    expect(world.cards(ref)[0]?.buttons).toHaveLength(5);
    await clickButton(world, work, { ref, label: 'pm' });
    expect(world.cards(ref)[0]?.title).toMatch(
      /Agent: pm .*chosen by anna instead of builder[\s\S]*anthropic\/claude/,
    );
    await clickButton(world, work, { ref, label: 'Change model' });
    await clickButton(world, work, { ref, label: 'local/qwen' });
    await clickButton(world, work, { ref, label: 'Change agent' });
    await clickButton(world, work, { ref, label: 'architect' });
    await clickButton(world, work, { ref, label: 'Start' });
    await world.until(() => work.busy === 0, 'the start');
    expect(world.state(csv)).toMatchObject({
      routing: { agent: 'architect', decidedBy: 'anna' },
      session: { agent: 'architect', model: 'local/qwen' },
    });
  });

  it('SE-3: cancelled is cancelled', async () => {
    const world = createWorkWorld();
    const { work } = world.live();
    await work.propose(by('1'), words('Implement CSV export'));
    const start = world.cards(ref)[0]?.buttons?.[0];
    await clickButton(world, work, { ref, label: 'Cancel' });
    expect(world.shown(ref)).toEqual(['🗑️ Cancelled by anna: Implement CSV export → ai-dev/domain-apis']);
    expect(await work.click(by('late'), start?.action ?? '', start?.value ?? '')).toBe(
      'This was cancelled already.',
    );
    expect(world.infos.size).toBe(0);
  });

  it('SE-3: of a hundred clicks at once one starts', async () => {
    const world = createWorkWorld();
    const { work } = world.live();
    await work.propose(by('1'), words('Implement CSV export'));
    const clicks = Array.from({ length: 100 }, (_, index) =>
      clickButton(world, work, { ref, label: 'Start', requestId: `c${index}` }),
    );
    const told = (await Promise.all(clicks)).filter((text) => text !== null);
    await world.until(() => work.busy === 0, 'the start');
    expect(told).toHaveLength(99);
    expect(world.hosts.get('local')?.sessions.size).toBe(1);
    expect(world.session(csv)?.messages).toHaveLength(1);
  });

  it('SE-5: two starts of the same workspace at once: one goes on, the other is told why not', async () => {
    const world = createWorkWorld();
    const { work } = world.live();
    const other = thread('2.0');
    await work.propose(by('1'), words('Implement CSV export'));
    await work.propose(by('2', other), words('Implement CSV export'));
    await Promise.all([
      clickButton(world, work, { ref, label: 'Start' }),
      clickButton(world, work, { ref: other, label: 'Start' }),
    ]);
    await world.until(() => work.busy === 0, 'the start');
    expect(world.hosts.get('local')?.sessions.size).toBe(1);
    expect(world.shown(other)[0]).toContain('is being started already');
  });

  it('SE-5: the eleventh of ten is refused with what could be finished, also of eleven at once', async () => {
    const world = createWorkWorld();
    const { work } = world.live();
    const titles = Array.from({ length: 11 }, (_, index) => `Implement part ${index}`);
    for (const [index, title] of titles.entries())
      await work.propose(by(title, thread(`${index}`)), words(title));
    await Promise.all(
      titles.map((_, index) => clickButton(world, work, { ref: thread(`${index}`), label: 'Start' })),
    );
    await world.until(() => work.busy === 0, 'the starts');
    expect(world.infos.size).toBe(10);
    const refused = titles.flatMap((_, index) =>
      world.shown(thread(`${index}`)).filter((text) => text.includes('Maximum concurrent')),
    );
    expect(refused).toHaveLength(1);
    const { text, shown } = await work.propose(by('12'), words('Implement one more'));
    expect(shown).toBe(false);
    expect(text).toMatch(
      /^Maximum concurrent sessions reached \(10\)\. Could be finished: `ai-dev-domain-apis-implement-part-/,
    );
    await work.stop(by('s'), 'part-3');
    expect((await work.propose(by('13'), words('Implement one more'))).shown).toBe(true);
  });

  it('SE-2: a model that does not answer is waited for, and others are offered', async () => {
    const world = createWorkWorld();
    const { work } = world.live();
    world.down.add('qwen.test');
    await work.propose(by('1'), words('Implement CSV export'));
    expect(world.cards(ref)[0]?.title).toContain('Not available now: its server cannot be reached');
    await clickButton(world, work, { ref, label: 'Start' });
    expect(world.cards(ref)[0]?.title).toContain('Waiting for local/qwen');
    expect(world.cards(ref)[0]?.buttons?.map(({ label }) => label)).toEqual([
      'Use anthropic/claude',
      'Cancel',
    ]);
    work.tick();
    expect(world.infos.size).toBe(0);
    // It comes back in the next life.
    world.down.clear();
    const next = world.live();
    await next.work.resumeAll();
    next.work.tick();
    await world.until(() => statusOf(world, csv) === 'running', 'the start');
    expect(world.state(csv)?.session?.model).toBe('local/qwen');
  });

  it('OP-4: a proposal nobody clicked for longer than the chat remembers is not posted anew at a start', async () => {
    const world = createWorkWorld();
    const first = world.live();
    await first.work.propose(by('1'), words('Implement CSV export'));
    first.crash();
    for (const [days, times] of [
      [29, 1],
      [2, 0],
    ] as const) {
      world.pass(days * 86_400_000);
      const next = world.live();
      const { chat } = next.ports;
      const say = chat.say.bind(chat);
      const said: string[] = [];
      chat.say = async (at, id, message) => {
        said.push(id);
        await say(at, id, message);
      };
      await next.work.resumeAll();
      expect(said).toHaveLength(times);
      expect(world.cards(ref)).toHaveLength(1);
      next.crash();
    }
  });

  it('SE-2: another model ends the wait at once', async () => {
    const world = createWorkWorld();
    const { work } = world.live();
    world.down.add('qwen.test');
    await work.propose(by('1'), words('Implement CSV export'));
    await clickButton(world, work, { ref, label: 'Start' });
    await clickButton(world, work, { ref, label: 'Use anthropic/claude' });
    await world.until(() => statusOf(world, csv) === 'running', 'the start');
    expect(world.state(csv)?.session?.model).toBe('anthropic/claude');
  });

  it('WS-2: what fails tells its error and leaves nothing half-made', async () => {
    const world = createWorkWorld();
    const { work } = world.live();
    world.broken.create = new FrontdeskError('workspace_failed', 'git: no space left on device.');
    await work.propose(by('1'), words('Implement CSV export'));
    await clickButton(world, work, { ref, label: 'Start' });
    await world.until(() => work.busy === 0, 'the failure');
    expect(world.proposals()[0]?.status).toBe('failed');
    expect(world.shown(ref).at(-1)).toContain('no space left on device');
    delete world.broken.create;
    await started(world, { work } as ReturnType<WorkWorld['live']>, 'Implement CSV export two');
    expect(world.infos.size).toBe(1);
  });

  it('WS-2: without a host the new workspace is taken back; one that was there keeps what it had', async () => {
    const world = createWorkWorld();
    const life = world.live();
    await started(world, life, 'Implement CSV export');
    await life.work.stop(by('s'), csv);
    life.connect('local', false);
    world.pass(60_000);
    await started(world, life, 'Implement CSV export', thread('2.0'));
    expect(world.state(csv)).toMatchObject({ thread: ref, session: { id: 'ses_1', status: 'stopped' } });
    await started(world, life, 'Implement login', thread('3.0'));
    expect(world.archived).toEqual(['ai-dev-domain-apis-implement-login']);
    expect(world.shown(thread('3.0')).at(-1)).toContain('None is connected.');
  });

  it('WS-1: an ended workspace is taken up again, and moves to the thread that starts it', async () => {
    const world = createWorkWorld();
    const life = world.live();
    await started(world, life, 'Implement CSV export');
    await life.work.stop(by('s'), csv);
    const other = thread('2.0');
    await started(world, life, 'Implement CSV export', other);
    expect(world.state(csv)).toMatchObject({ thread: other, session: { id: 'ses_3', status: 'running' } });
    expect(world.shown(ref).at(-1)).toBe(`🔌 \`${csv}\` was moved to a thread in #dev (by anna).`);
    expect(world.cards(ref)).toEqual([]);
    expect(world.cards(other)).toHaveLength(1);
  });

  it('IN-9: the form opens a thread and starts; where none can be opened, the person is told', async () => {
    const world = createWorkWorld();
    const { work } = world.live();
    const request = {
      project: { category: 'ai-dev', project: 'domain-apis' },
      repositories: ['api'],
      title: 'Implement CSV export',
      description: '',
      priority: 'high' as const,
    };
    expect(await work.submit(by('v1'), request)).toBeNull();
    await world.until(() => work.busy === 0, 'the start');
    expect(world.state(csv)).toMatchObject({
      thread: thread('domain-apis-start/v1'),
      repositories: ['api'],
      priority: 'high',
    });
    expect(await work.submit(by('v2'), request)).toContain('has a session already');
    world.broken.places = false;
    await work.submit(by('v3'), { ...request, title: 'Implement login' });
    await world.until(() => work.busy === 0, 'the refusal');
    expect(world.whispers).toEqual([expect.stringContaining('nothing was started')]);
    expect(world.infos.size).toBe(1);
  });

  it('IN-9: with an unsure routing the form’s thread shows the card first', async () => {
    const world = createWorkWorld();
    const { work } = world.live();
    const request = {
      project: { category: 'ops', project: 'infra' },
      repositories: ['charts'],
      title: 'Fix the thing',
      description: '',
      priority: 'low' as const,
    };
    await work.submit(by('v1'), request);
    await world.until(() => work.busy === 0, 'the card');
    expect(world.cards(thread('infra-start/v1'))[0]?.title).toContain('insufficient context');
    expect(world.infos.size).toBe(0);
  });
});
