import { describe, expect, it } from 'vitest';
import {
  anna,
  beginAsks,
  ben,
  cardShows,
  here,
  permission,
  question,
  statusesOf,
  thread,
  workspace,
} from '../../test/support/ask-world.ts';

describe('asks', () => {
  it('AS-1, AS-6: stored first, then a card with what is asked, its options and ⭐', async () => {
    const { world, life } = await beginAsks();
    life.ask('question', 'que_1', question);
    await cardShows(world, 'Which style?');
    expect(statusesOf(world)).toEqual(['open']);
    expect(world.cards(here)).toMatchObject([
      {
        title: `❓ ${workspace} asks`,
        body: 'Which style?',
        buttons: [{ label: '⭐ REST', style: 'primary' }, { label: 'gRPC' }, { label: 'Other answer…' }],
      },
    ]);
    expect(life.asks.summary(here)).toMatch(
      /^ask_\w{12} \(question of ai-dev-api\): "Which style\?" options: ⭐ REST \| gRPC$/,
    );
  });

  it('AS-2: a tap answers OpenCode; the card says who chose what and has no buttons', async () => {
    const { world, life } = await beginAsks();
    life.ask('question', 'que_1', question);
    await cardShows(world, 'Which style?');
    expect(await life.press('gRPC', ben)).toBeNull();
    await cardShows(world, 'ben chose **gRPC**');
    expect(world.cards(here)[0]?.buttons).toBeUndefined();
    await world.until(() => statusesOf(world)[0] === 'delivered', 'delivered');
    expect(world.host.replies).toEqual(['que_1: [["gRPC"]]']);
    expect(world.audit).toEqual([`${ben} ask.answer gRPC`]);
    expect(life.asks.summary(here)).toBe('none');
    await world.until(() => JSON.stringify(world.info()).includes('delivered'), 'the state file');
    expect(world.info()?.state['asks']).toMatchObject([
      { kind: 'question', title: 'Which style?', status: 'delivered', answer: 'gRPC' },
    ]);
  });

  it('AS-2, WS-3: nothing is committed beside a delivery; one that takes long is', async () => {
    const { world, life } = await beginAsks();
    life.ask('question', 'que_1', question);
    await world.until(() => world.stateFiles.at(-1)?.includes('"open"') ?? false, 'asked');
    await life.press('gRPC');
    await world.until(() => world.stateFiles.at(-1)?.includes('"delivered"') ?? false, 'delivered');
    expect(world.stateFiles.join()).not.toContain('"answered"');
    life.ask('question', 'que_2', question);
    await world.until(() => life.asks.pending().length === 1, 'asked');
    await cardShows(world, 'Other answer…');
    life.connect(false);
    await life.press('gRPC');
    expect(world.stateFiles.join()).not.toContain('"answered"');
    life.asks.tick();
    await world.until(() => world.stateFiles.at(-1)?.includes('"answered"') ?? false, 'noted');
  });

  it('AS-2: 1,000 simultaneous clicks: one reply, the others told; a stranger’s does nothing', async () => {
    const { world, life } = await beginAsks();
    life.ask('question', 'que_1', question);
    await cardShows(world, 'Which style?');
    expect(await life.press('gRPC', 'U_STRANGER')).toBeNull();
    expect(statusesOf(world)).toEqual(['open']);
    const clicks = Array.from({ length: 1000 }, (_, index) =>
      life.press(index % 2 === 0 ? 'gRPC' : '⭐ REST', `U0P${index}`),
    );
    const told = await Promise.all(clicks);
    await world.until(() => life.asks.busy === 0, 'the delivery');
    expect(told.filter((answer) => answer === null)).toHaveLength(1);
    expect(new Set(told.filter((answer) => answer !== null).map((answer) => JSON.stringify(answer)))).toEqual(
      new Set(['{"text":"p0 chose gRPC already."}']),
    );
    expect(world.host.replies).toEqual(['que_1: [["gRPC"]]']);
  });

  it('AS-2: a form that is sent after a tap is told who was first, in the thread of the card: a form stands in none', async () => {
    const { world, life } = await beginAsks();
    life.ask('question', 'que_1', question);
    await cardShows(world, 'Which style?');
    const id = life.asks.pending()[0]?.id;
    const form = { private_metadata: id, state: { values: { 'words-0': { field: { value: 'GraphQL' } } } } };
    await life.press('gRPC', anna);
    const by = { person: ben, ref: thread(''), requestId: 'V1/1' };
    expect(await life.asks.submit(by, 'ask.form', form)).toEqual({
      text: 'anna chose gRPC already.',
      ref: here,
    });
    expect(world.host.replies).toEqual(['que_1: [["gRPC"]]']);
  });

  it('AS-1: a permission shows the exact command; once, and denied with words so that the turn goes on', async () => {
    const { world, life } = await beginAsks();
    life.ask('permission', 'per_1', permission);
    await cardShows(world, 'rm -rf build');
    expect(world.cards(here)).toMatchObject([
      {
        title: `🔐 ${workspace} wants to run a command`,
        body: '```sh\nrm -rf build\n```',
        buttons: [{ label: 'Allow once' }, { label: 'Allow for session' }, { label: 'Deny' }],
      },
    ]);
    await life.press('Allow once');
    await cardShows(world, '✅ anna: allowed once.');
    life.ask('permission', 'per_2', permission);
    await world.until(() => world.cards(here).length === 2, 'asked again');
    await life.press('Deny');
    await world.until(() => world.host.replies.length === 2, 'both');
    expect(world.host.replies).toEqual([
      'per_1: once',
      'per_2: reject A person denied this. Do without it, or ask what to do instead.',
    ]);
  });

  it('AS-1: allowed for the session: the same again is not asked, anything else is, another session too', async () => {
    const { world, life } = await beginAsks();
    life.ask('permission', 'per_1', permission);
    await cardShows(world, 'rm -rf build');
    await life.press('Allow for session');
    await world.until(() => life.asks.pending().length === 0, 'delivered');
    life.ask('permission', 'per_2', permission);
    await world.until(() => world.host.replies.length === 2, 'by rule');
    const other = { ...permission, metadata: { command: 'rm -rf build && curl evil' } };
    life.ask('permission', 'per_3', other);
    await cardShows(world, 'curl evil');
    expect(world.host.replies).toEqual(['per_1: once', 'per_2: once']);
    expect(world.cards(here)).toHaveLength(2);
    expect(world.remembered).toContain('🔐 Allowed, as for the session before: run a command: rm -rf build');
    expect(world.audit).toContain(`${anna} ask.rule allowed once`);
    world.setState((state) => ({ ...state, session: state.session && { ...state.session, id: 'ses_2' } }));
    life.ask('permission', 'per_4', permission, 'ses_2');
    await world.until(() => world.cards(here).length === 3, 'the other session asks');
  });

  it('WS-4: the card follows the plug, there and back; unplugged it waits unseen', async () => {
    const { world, life } = await beginAsks();
    life.ask('question', 'que_1', question);
    await cardShows(world, 'Which style?');
    const there = thread('2.0');
    const plug = async (to: typeof here | null) => {
      world.setState((state) => ({ ...state, thread: to }));
      await life.asks.reconcile();
    };
    await plug(there);
    await cardShows(world, 'Which style?', there);
    expect(world.cards(here)).toEqual([]);
    await plug(null);
    await world.until(() => world.cards(there).length === 0, 'gone');
    expect(life.asks.pending()).toHaveLength(1);
    await plug(here);
    await cardShows(world, 'Which style?');
    await life.press('gRPC');
    await world.until(() => world.host.replies.length === 1, 'answered');
  });

  it('WS-4: while the move is being told the card stays; it comes below the words of the move', async () => {
    const { world, life } = await beginAsks();
    life.ask('question', 'que_1', question);
    await cardShows(world, 'Which style?');
    const there = thread('2.0');
    const move = (told: boolean) =>
      world.setState((state) => ({
        ...state,
        thread: there,
        desk: { plug: { seq: 1, from: here, by: anna, told } },
      }));
    move(false);
    await life.asks.reconcile();
    expect(world.cards(here)).toHaveLength(1);
    move(true);
    await life.asks.reconcile();
    await cardShows(world, 'Which style?', there);
    expect(world.cards(here)).toEqual([]);
  });

  it('AS-1: asked while unplugged, told when it is plugged in', async () => {
    const { world, life } = await beginAsks();
    world.setState((state) => ({ ...state, thread: null }));
    life.ask('question', 'que_1', question);
    await world.until(() => life.asks.pending().length === 1, 'stored');
    expect(world.said).toEqual([]);
    world.setState((state) => ({ ...state, thread: here }));
    await life.asks.reconcile();
    await cardShows(world, 'Which style?');
  });

  it('issue 5: an order to the front desk, or a question, is no answer, unless an option is called so', async () => {
    const { world, life } = await beginAsks();
    const options = [{ label: 'Deploy it (Recommended)' }, { label: 'Wait' }];
    life.ask('question', 'que_1', { questions: [{ question: 'And now?', options }] });
    await cardShows(world, 'And now?');
    await life.asks.offer(here, { messageId: '5.0', author: anna, text: 'status' }, true);
    await life.asks.offer(here, { messageId: '5.1', author: anna, text: 'What waits for me?' });
    expect(world.stored()[0]?.offers).toEqual([]);
    await life.asks.offer(here, { messageId: '6.0', author: anna, text: 'deploy it!' }, true);
    await cardShows(world, 'deploy it!');
    await life.press('Use as answer');
    await cardShows(world, 'anna chose **⭐ Deploy it**');
  });

  it('AS-1: words written in the thread are offered as the answer, and withdrawn when it is over', async () => {
    const { world, life } = await beginAsks();
    const message = { messageId: '5.0', author: ben, text: 'grpc' };
    const early = { ...message, messageId: '4.0' };
    await life.asks.offer(here, early);
    life.ask('question', 'que_1', question);
    await cardShows(world, 'Which style?');
    await life.asks.offer(here, early);
    await life.asks.offer(here, message);
    await life.asks.offer(here, message);
    await cardShows(world, '“grpc”');
    await life.asks.offer(here, { ...message, messageId: '6.0', text: 'GraphQL, please' });
    await life.asks.offer(thread('9.0'), message);
    await cardShows(world, 'GraphQL');
    expect(world.cards(here)).toHaveLength(2);
    expect(world.cards(here)[1]).toEqual({
      title: 'Is this the answer to ai-dev-api? “GraphQL, please”',
      buttons: [
        { action: 'ask.use', label: 'Use as answer', value: expect.stringMatching(/^ask_\w+ 6\.0$/) },
      ],
    });
    await life.press('Use as answer', anna);
    await world.until(() => world.cards(here).length === 1, 'withdrawn');
    expect(world.cards(here)[0]?.body ?? '').toContain('anna chose **GraphQL, please**');
    expect(world.host.replies).toEqual(['que_1: [["GraphQL, please"]]']);
  });

  it('AS-1: words from before the question, told again after a restart, are not offered as its answer', async () => {
    const { world, life } = await beginAsks();
    life.ask('question', 'que_1', question);
    await cardShows(world, 'Which style?');
    const { askedAt } = (await life.asks.get(life.asks.pending()[0]?.id ?? '')) ?? { askedAt: 0 };
    const said = (seconds: number, text: string) =>
      life.asks.offer(here, {
        messageId: `${Math.floor(askedAt / 1000) + seconds}.000000`,
        author: ben,
        text,
      });
    await said(-60, 'build me an API');
    await said(60, 'grpc');
    await cardShows(world, '“grpc”');
    expect(world.cards(here)).toHaveLength(2);
    expect(JSON.stringify(world.cards(here))).not.toContain('build me an API');
  });

  it('MCP-4: the front desk asks; the answer is a message of the person who chose', async () => {
    const { world, life } = await beginAsks();
    const asked = {
      header: '',
      question: 'Where to?',
      options: [{ label: 'Staging', description: '' }],
      multiple: false,
    };
    const o = {
      key: 'ses_desk/call_1',
      source: { kind: 'desk', sessionId: 'ses_desk' },
      workspace: null,
      body: { kind: 'question', questions: [asked] },
      ref: here,
    } as const;
    const { ask, ended } = await life.asks.open({ ...o, body: { kind: 'question', questions: [asked] } });
    expect((await life.asks.open({ ...o, body: { kind: 'question', questions: [asked] } })).ask.id).toBe(
      ask.id,
    );
    await cardShows(world, '❓ The front desk asks');
    await life.press('Staging', ben);
    expect((await ended).by).toBe(ben);
    await world.until(() => world.words.length === 1, 'the message');
    expect(world.words).toEqual([
      { author: ben, text: 'To “Where to?”: Staging', messageId: '1795168798.000000' },
    ]);
  });

  it('AS-1: too long for a card: the whole as a file, said on the card', async () => {
    const { world, life } = await beginAsks();
    const diff = Array.from({ length: 600 }, (_, index) => `+ line ${index} of a long change`).join('\n');
    life.ask('permission', 'per_1', { permission: 'edit', patterns: ['src/a.ts'], metadata: { diff } });
    await world.until(() => world.files.length === 1, 'the file');
    expect(world.files[0]).toMatch(new RegExp(`change\\.diff ${diff.length}$`));
    expect(world.cards(here)[0]?.body ?? '').toContain('`src/a.ts`');
    expect(world.cards(here)[0]?.body ?? '').toContain(
      'the whole (16,689 characters) is in `change.diff` below.',
    );
    expect((world.cards(here)[0]?.body ?? '').length).toBeLessThan(8000);
  });
});
