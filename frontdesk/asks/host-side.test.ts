import { describe, expect, it } from 'vitest';
import {
  anna,
  beginAsks,
  cardShows,
  here,
  permission,
  question,
  sessionId,
  statusesOf,
} from '../../test/support/ask-world.ts';

describe('asks and their hosts', () => {
  it('AS-6: answered in the web UI: the card says so, and a click is told', async () => {
    const { world, life } = await beginAsks();
    life.ask('question', 'que_1', question);
    await cardShows(world, 'Which style?');
    const button = world.cards(here)[0]?.buttons?.[0];
    life.elsewhere('que_1', [['gRPC']]);
    await cardShows(world, '☑️ Answered in OpenCode: **gRPC**');
    const by = { person: anna, ref: here, requestId: 'late' };
    expect(await life.asks.click(by, button?.action ?? '', button?.value ?? '')).toEqual({
      text: 'It was answered in OpenCode: gRPC already.',
    });
    expect(world.host.replies).toEqual([]);
  });

  it('AS-6: without events, a look at the host finds what was asked and what is gone; each once', async () => {
    const { world, life } = await beginAsks();
    world.host.waiting.push(
      { kind: 'question', sessionId, directory: '', requestId: 'que_1', request: question },
      { kind: 'permission', sessionId, directory: '', requestId: 'per_1', request: permission },
      { kind: 'question', sessionId: 'ses_unknown', directory: '', requestId: 'que_x', request: question },
    );
    for (let looks = 0; looks < 3; looks += 1) {
      await life.look();
      world.pass(2000);
    }
    await world.until(() => world.cards(here).length === 2, 'both cards');
    world.host.waiting = [];
    await life.look();
    await cardShows(world, '☑️ Ended in OpenCode.');
    expect(statusesOf(world)).toEqual(['elsewhere', 'elsewhere']);
  });

  it('WA-1: a snapshot older than an ask does not end it', async () => {
    const { world, life } = await beginAsks();
    const asked = Date.parse('2026-11-20T10:00:00Z');
    world.pass(10);
    life.ask('question', 'que_1', question);
    await cardShows(world, 'Which style?');
    await life.asks.observe('local', { waiting: [], busy: [] }, asked);
    expect(statusesOf(world)).toEqual(['open']);
  });

  it('AS-6: its session paused, stopped or cleaned up: not asked any more, nothing delivered', async () => {
    for (const status of ['paused', 'stopped'] as const) {
      const { world, life } = await beginAsks();
      life.ask('question', 'que_1', question);
      await cardShows(world, 'Which style?');
      world.setState((state) => ({ ...state, session: state.session && { ...state.session, status } }));
      life.elsewhere('que_1', 'reject');
      await cardShows(world, `⏹️ Not asked any more.\\nIts session was ${status}.`);
      expect(statusesOf(world)).toEqual(['aborted']);
    }
    const { world, life } = await beginAsks();
    life.ask('permission', 'per_1', permission);
    await cardShows(world, 'rm -rf build');
    world.removeWorkspace();
    await life.asks.reconcile();
    await cardShows(world, '⏹️');
    expect(world.host.replies).toEqual([]);
  });

  it('AS-6: aborted with its session', async () => {
    const { world, life } = await beginAsks();
    life.ask('question', 'que_1', question);
    await cardShows(world, 'Which style?');
    await life.asks.abort(sessionId);
    await cardShows(world, '⏹️ Not asked any more.');
    expect(await life.asks.respond(anna, world.stored()[0]?.id ?? '', [['x']])).toBe(
      'It was withdrawn already.',
    );
  });

  it('AS-6, BR-3: its host away: decided and said so; delivered when it is back', async () => {
    const { world, life } = await beginAsks();
    life.ask('question', 'que_1', question);
    await cardShows(world, 'Which style?');
    life.connect(false);
    await life.press('gRPC');
    await cardShows(
      world,
      'anna chose **gRPC**. Its host is away; it gets the answer as soon as it is back.',
    );
    expect(statusesOf(world)).toEqual(['answered']);
    world.pass(60_000);
    life.asks.tick();
    expect(world.host.replies).toEqual([]);
    life.connect(true);
    await world.until(() => world.host.replies.length === 1, 'the answer');
    await cardShows(world, '✅ anna chose **gRPC**."');
  });

  it('AS-6: OpenCode restarted and forgot it: the card stays, the answer goes as a message, once', async () => {
    const { world, life } = await beginAsks();
    life.ask('question', 'que_1', question);
    await cardShows(world, 'Which style?');
    world.restartHost();
    world.pass(1000);
    life.connect(true);
    await cardShows(world, 'OpenCode was restarted meanwhile: your answer goes to the agent as a message');
    await life.press('gRPC');
    await world.until(() => life.asks.pending().length === 0, 'delivered');
    expect(world.host.messages).toEqual([
      'OpenCode was restarted after you asked: Which style?\nThe answer (anna): gRPC\nGo on with it.',
    ]);
    expect(world.host.replies).toEqual([]);
  });

  it('AS-6: asked anew after a restart of OpenCode: the same card, and an answer there is is given', async () => {
    const { world, life } = await beginAsks();
    life.ask('question', 'que_1', question);
    await cardShows(world, 'Which style?');
    world.restartHost();
    life.ask('question', 'que_2', question);
    await world.until(() => JSON.stringify(world.stored()).includes('que_2'), 'adopted');
    expect(world.cards(here)).toHaveLength(1);
    await life.press('gRPC');
    await world.until(() => life.asks.pending().length === 0, 'delivered');
    expect(world.host.replies).toEqual(['que_2: [["gRPC"]]']);
  });

  it('AS-6: a permission allowed after OpenCode forgot it is not asked for once more', async () => {
    const { world, life } = await beginAsks();
    life.ask('permission', 'per_1', permission);
    await cardShows(world, 'rm -rf build');
    world.restartHost();
    world.pass(1000);
    await life.look();
    await life.press('Allow once');
    await world.until(() => life.asks.pending().length === 0, 'delivered');
    expect(world.host.messages).toEqual([
      expect.stringContaining('This is allowed (anna): do it again, and go on.'),
    ]);
    life.ask('permission', 'per_2', permission);
    await world.until(() => world.host.replies.length === 1, 'by rule');
    expect(world.host.replies).toEqual(['per_2: once']);
    life.ask('permission', 'per_3', permission);
    await world.until(() => world.cards(here).length === 2, 'once is once');
  });

  it('AS-2: an answer that arrived and was not confirmed counts; one that came second does not', async () => {
    const { world, life } = await beginAsks();
    life.ask('question', 'que_1', question);
    await cardShows(world, 'Which style?');
    world.host.deaf = true;
    await life.press('gRPC');
    await world.until(() => life.asks.busy === 0, 'no confirmation');
    world.pass(3000);
    await life.look();
    expect(statusesOf(world)).toEqual(['delivered']);
    life.ask('question', 'que_2', question);
    await world.until(() => world.cards(here).length === 2, 'the second');
    // The web UI was faster, and its event is still on the way.
    world.host.waiting = [];
    world.pass(10);
    await life.press('gRPC');
    await world.until(() => statusesOf(world)[1] === 'elsewhere', 'found out');
    await cardShows(world, '☑️ Ended in OpenCode.');
  });

  it.each(['by event', 'by looking'])(
    'IN-7: stopped in OpenCode, which leaves it waiting: rejected there, and closed (%s)',
    async (how) => {
      const { world, life } = await beginAsks();
      life.ask('permission', 'per_1', permission);
      await cardShows(world, 'rm -rf build');
      world.host.busy = [];
      if (how === 'by event') life.hear({ sessionId, kind: 'idle' });
      else {
        world.pass(1);
        await life.look();
      }
      await cardShows(world, '☑️ Ended in OpenCode.\\nIts turn was stopped there.');
      await world.until(() => world.host.replies.length === 1, 'rejected');
      expect(world.host.replies).toEqual(['per_1: reject']);
    },
  );

  it('WA-1: a look that read who works before the turn began stops nothing that the turn asks', async () => {
    const { world, life } = await beginAsks();
    world.host.waiting.push({
      kind: 'question',
      sessionId,
      directory: '',
      requestId: 'que_1',
      request: question,
    });
    const { busy } = world.host;
    world.host.busy = [];
    await life.look();
    await cardShows(world, 'Which style?');
    world.host.busy = busy;
    world.pass(2000);
    await life.look();
    expect([statusesOf(world), world.host.replies]).toEqual([['open'], []]);
  });

  it('AS-6: the end of a turn does not close what OpenCode forgot before', async () => {
    const { world, life } = await beginAsks();
    life.ask('question', 'que_1', question);
    await cardShows(world, 'Which style?');
    world.restartHost();
    life.hear({ sessionId, kind: 'idle' });
    world.pass(1000);
    await life.look();
    life.hear({ sessionId, kind: 'idle' });
    await life.look();
    expect(statusesOf(world)).toEqual(['open']);
  });

  it('AS-1: a diff too large for the bridge’s events is read whole and stored before it is shown, as a file', async () => {
    const { world, life } = await beginAsks();
    const diff = `--- a\n+++ b\n${'+ line\n'.repeat(43_000)}`.trimEnd();
    const told = { permission: 'edit', patterns: ['a'], metadata: { diff: `${diff.slice(0, 3999)}…` } };
    world.host.wholes.set('per_1', { ...told, metadata: { diff } });
    life.ask('permission', 'per_1', told, sessionId, { cut: true });
    await cardShows(world, '`change.diff` below');
    await world.until(() => world.files.length === 1, 'the file');
    expect(world.stored()[0]?.body).toMatchObject({ request: { detail: diff } });
    expect(JSON.stringify(world.cards(here))).toContain('the whole (301,011 characters)');
    expect(JSON.stringify(world.cards(here))).not.toContain('too large');
  });

  it('AS-1: of one that cannot be read whole the beginning is shown, and that it is cut', async () => {
    const { world, life } = await beginAsks();
    const told = { permission: 'edit', patterns: ['a'], metadata: { diff: `${'x'.repeat(3999)}…` } };
    life.ask('permission', 'per_1', told, sessionId, { cut: true });
    await cardShows(world, 'It was too large for the bridge and is cut; see all of it in OpenCode.');
    expect(world.stored()[0]?.body).toMatchObject({ request: { isCut: true } });
  });
});
