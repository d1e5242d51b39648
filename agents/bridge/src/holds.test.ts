import { describe, expect, it } from 'vitest';
import type { BridgeEvent, Command } from '../protocol.ts';
import { createHolds } from './holds.ts';
import { partIdOf } from './part-ids.ts';

const call = (tool: string, sessionID = 's1', callID = 'c1') => ({ tool, sessionID, callID });
const write = () => ({ args: { filePath: 'a.ts', content: 'x' } });
const release = (more: Partial<Extract<Command, { type: 'write.release' }>> = {}) =>
  ({
    type: 'write.release',
    request_id: 'r',
    session_id: 's1',
    directory: '/work/repos/web',
    hold_id: 'c1',
    decision: 'go',
    ...more,
  }) as const;

function setUp() {
  const told: BridgeEvent[] = [];
  const world = { connected: true, now: 1_000 };
  const holds = createHolds({
    roots: ['/work'],
    rootOf: (id) => (id === 'child' ? 's1' : id),
    isConnected: () => world.connected,
    push: (event) => told.push(event),
    now: () => world.now,
  });
  const directory = '/work/repos/web';
  const kinds = () => told.map(({ kind }) => kind);
  return { holds, told, kinds, world, directory };
}

/** Not settled after everything that only waits for promises has happened. */
async function isWaiting(promise: Promise<unknown>): Promise<boolean> {
  const settled = promise.then(
    () => 'settled',
    () => 'settled',
  );
  const later = new Promise((resolve) => void setImmediate(() => resolve('waiting')));
  return (await Promise.race([settled, later])) === 'waiting';
}

describe("writes of sessions begun in OpenCode's own UI", () => {
  it('WS-6: the first write is told with what is known of the session, and waits', async () => {
    const { holds, told, directory } = setUp();
    holds.event(
      directory,
      { type: 'session.updated', properties: { info: { id: 's1', title: 'Fix login' } } },
      undefined,
    );
    holds.prompted(directory, { sessionId: 's1', text: 'please fix login', model: 'a/b', partIds: [] });
    await holds.before(directory, call('read'), { args: { filePath: 'x' } });
    const held = holds.before(directory, call('write', 'child'), write());
    expect(await isWaiting(held)).toBe(true);
    expect(told).toEqual([
      { kind: 'session.typed', session_id: 's1', directory, title: 'Fix login', at: 1_000 },
      {
        kind: 'write.held',
        session_id: 's1',
        directory,
        hold_id: 'c1',
        tool: 'write',
        what: 'a.ts',
        title: 'Fix login',
        said: 'please fix login',
        model: 'a/b',
        typed_at: 1_000,
      },
    ]);
    expect(holds.waiting()).toHaveLength(1);
    expect(holds.release(release())).toBe(true);
    await held;
    expect(holds.waiting()).toEqual([]);
    await holds.before(directory, call('write', 's1', 'c2'), write());
    expect(told).toHaveLength(2);
  });

  it('WS-6: who answers its agent sits there, like who types', async () => {
    const { holds, told, world, directory } = setUp();
    holds.prompted(directory, { sessionId: 's1', text: 'look', model: 'a/b', partIds: [] });
    for (const type of ['permission.replied', 'question.replied']) {
      world.now += 60_000;
      holds.event(directory, { type, properties: { sessionID: 'child', requestID: 'r1' } }, undefined);
      holds.event(directory, { type, properties: { sessionID: 's9', requestID: 'r1' } }, undefined);
    }
    world.now += 60_000;
    holds.event(directory, { type: 'session.idle', properties: { sessionID: 's1' } }, undefined);
    const held = holds.before(directory, call('write'), write());
    expect(told.at(-1)).toMatchObject({ kind: 'write.held', typed_at: 121_000 });
    holds.release(release());
    await held;
  });

  it('WS-6: a refusal is words for the model, and its next question is the form', async () => {
    const { holds, directory } = setUp();
    const held = holds.before(directory, call('bash'), { args: { command: 'npm install' } });
    const form = [{ question: 'Which project?', header: 'Project', options: [], multiple: false }];
    holds.release(release({ decision: 'refuse', message: 'Ask first.', form }));
    await expect(held).rejects.toThrow('Ask first.');
    const output = { args: { questions: ['of the model'] } };
    await holds.before(directory, call('question', 's1', 'c2'), output);
    expect(output.args.questions).toEqual(form);
    const next = { args: { questions: ['of the model'] } };
    await holds.before(directory, call('question', 's1', 'c4'), next);
    expect(next.args.questions).toEqual(['of the model']);
    const again = holds.before(directory, call('write', 's1', 'c3'), write());
    expect(await isWaiting(again)).toBe(true);
    holds.release(release({ hold_id: 'c3', decision: 'refuse', message: 'No.' }));
    await expect(again).rejects.toThrow('No.');
  });

  it('WS-6: sessions of the service, in workspaces, and outside of its folders are left alone', async () => {
    const { holds, told } = setUp();
    holds.known('s1');
    await holds.before('/work/repos/web', call('write'), write());
    await holds.before('/work/.builders/ai-dev-web/repos/web', call('write', 's2'), write());
    await holds.before('/workshop', call('write', 's2'), write());
    holds.prompted('/home/anna', { sessionId: 's3', text: 'hi', model: 'a/b', partIds: [] });
    expect(told).toEqual([]);
  });

  it("SE-4: what a person says in a session's workspace is told; the service's own prompts and subagents' are not", () => {
    const { holds, told } = setUp();
    const directory = '/work/.builders/ai-dev-web';
    const prompt = { sessionId: 's1', text: 'use RS256', model: 'a/b', partIds: ['prt_1'] };
    holds.prompted(directory, prompt);
    holds.prompted(directory, { ...prompt, partIds: [partIdOf('task')] });
    holds.prompted(directory, { ...prompt, sessionId: 'child' });
    holds.prompted('/elsewhere/.builders/x', prompt);
    expect(told).toEqual([
      { kind: 'session.typed', session_id: 's1', directory, title: '', at: 1_000, text: 'use RS256' },
    ]);
  });

  it('BR-1: nothing is held while the service is away, nor for long when it goes away meanwhile', async () => {
    const { holds, world, directory } = setUp();
    world.connected = false;
    await holds.before(directory, call('write', 's9', 'c9'), write());
    world.connected = true;
    const held = holds.before(directory, call('write'), write());
    world.connected = false;
    holds.sweep();
    world.now += 119_000;
    holds.sweep();
    expect(await isWaiting(held)).toBe(true);
    world.now += 2_000;
    holds.sweep();
    await held;
  });

  describe('the form, once it is answered', () => {
    async function answer() {
      const world = setUp();
      const { holds, directory } = world;
      const held = holds.before(directory, call('write'), write());
      const form = [{ question: 'Which project?', header: 'Project', options: [], multiple: false }];
      holds.release(release({ decision: 'refuse', message: 'Ask first.', form }));
      await expect(held).rejects.toThrow('Ask first.');
      await holds.before(directory, call('question', 's1', 'q1'), { args: { questions: [] } });
      const output = { output: 'Answered.' };
      const after = holds.after(call('question', 's1', 'q1'), output);
      expect(await isWaiting(after)).toBe(true);
      const part = {
        id: 'p1',
        messageID: 'm1',
        sessionID: 's1',
        type: 'tool',
        tool: 'question',
        callID: 'q1',
      };
      const store = () =>
        holds.event(
          directory,
          { type: 'message.part.updated', properties: { part: { ...part, state: { status: 'completed' } } } },
          undefined,
        );
      return { ...world, output, after, store };
    }

    it('WS-6: waits until the session moves, and the move until OpenCode shows the answers', async () => {
      const { holds, output, after, store } = await answer();
      const moving = holds.moving('s1');
      await after;
      expect(output.output).toBe('Answered.\nThe session moves into its workspace now.');
      expect(await isWaiting(moving)).toBe(true);
      store();
      await moving;
      // A session without a form moves at once.
      await holds.moving('s1');
      await holds.moving('s2');
    });

    it('WS-6: what came to nothing is told to the model, which tells the person', async () => {
      const { holds, output, after } = await answer();
      expect(holds.release(release({ decision: 'refuse', message: 'No place is free.' }))).toBe(false);
      await after;
      expect(output.output).toBe('Answered.\nNo place is free.');
    });

    it('IN-7, BR-1: a stopped turn ends it, and so does a service that stays away', async () => {
      const stopped = await answer();
      stopped.holds.event(stopped.directory, { type: 'session.error', properties: {} }, 's1');
      await stopped.after;
      expect(stopped.output.output).toContain('was stopped');
      const away = await answer();
      away.world.connected = false;
      away.holds.sweep();
      away.world.now += 121_000;
      away.holds.sweep();
      await away.after;
      expect(away.output.output).toContain('cannot be reached');
    });

    it('IN-7, WS-6: stopped before the move it is told, once; the end of the turn that the move brings is none', async () => {
      const stopped = await answer();
      stopped.holds.event(stopped.directory, { type: 'session.error', properties: {} }, 's1');
      stopped.holds.event(stopped.directory, { type: 'session.error', properties: {} }, 's1');
      expect(stopped.kinds()).toEqual(['write.held', 'write.dropped']);
      const moved = await answer();
      const meanwhile = moved.holds
        .before(moved.directory, call('write', 's1', 'c2'), write())
        .catch((error: unknown) => String(error));
      const moving = moved.holds.moving('s1');
      moved.store();
      await moving;
      moved.holds.event(moved.directory, { type: 'session.error', properties: {} }, 's1');
      expect(await meanwhile).toContain('moves into its workspace');
      expect(moved.kinds()).toEqual(['write.held', 'write.held']);
      expect(moved.holds.waiting()).toEqual([]);
    });

    it("WS-6: the agent's own questions are not touched", async () => {
      const { holds } = setUp();
      const output = { output: 'Answered.' };
      await holds.before('/work/repos/web', call('question'), { args: { questions: [] } });
      await holds.after(call('question'), output);
      await holds.after(call('read'), output);
      expect(output.output).toBe('Answered.');
    });
  });

  it('IN-7: a stopped turn ends the wait, the write does not run, and it is told', async () => {
    const { holds, kinds, directory } = setUp();
    const held = holds.before(directory, call('write', 'child'), write());
    const stopped = { type: 'session.error', properties: {} };
    holds.event(directory, stopped, 'other');
    expect(await isWaiting(held)).toBe(true);
    holds.event(directory, stopped, 'child');
    await expect(held).rejects.toThrow('stopped');
    expect(kinds()).toEqual(['write.held', 'write.dropped']);
    expect(holds.release(release())).toBe(false);
  });

  it('IN-7: stopped after it was refused, the form is not wanted any more', async () => {
    const { holds, kinds, directory } = setUp();
    const held = holds.before(directory, call('write'), write());
    const form = [{ question: 'Which project?', header: 'Project', options: [], multiple: false }];
    holds.release(release({ decision: 'refuse', message: 'Ask first.', form }));
    await expect(held).rejects.toThrow('Ask first.');
    holds.event(directory, { type: 'session.error', properties: {} }, 's1');
    expect(kinds()).toEqual(['write.held', 'write.dropped']);
    const output = { args: { questions: ['of the model'] } };
    await holds.before(directory, call('question', 's1', 'c2'), output);
    expect(output.args.questions).toEqual(['of the model']);
    holds.event(directory, { type: 'session.error', properties: {} }, 's1');
    expect(kinds()).toHaveLength(2);
  });
});
