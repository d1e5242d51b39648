import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '../mcp-servers/kit/chat.ts';
import { createSilentLog } from '../mcp-servers/kit/log.ts';
import { openStore } from '../mcp-servers/kit/store/store.ts';
import { observedSession, observedThread, observedWorkspace } from '../test/support/observed.ts';
import type { ObservedWorkspace } from './contract.ts';
import { toldSchema } from './told.ts';
import { createWatcher, type WatcherPorts } from './watcher.ts';

/** A watcher over a real store; what is seen is the test's to set. */
async function openRig(more: Partial<WatcherPorts> = {}) {
  await using stack = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), 'frontdesk-watcher-'));
  stack.defer(() => rm(dir, { recursive: true, force: true }));
  const log = createSilentLog();
  const store = stack.use(await openStore({ dir, log }));
  const seen = new Map<string, ObservedWorkspace>();
  const said: { id: string; text: string }[] = [];
  const counted: string[] = [];
  const text = (message: ChatMessage) => (message.kind === 'text' ? message.markdown : '');
  const told = store.collection({ name: 'told', schema: toldSchema, version: 1 });
  const live = (other: Partial<WatcherPorts> = {}) =>
    createWatcher({
      probe: async () => {},
      lookAt: async () => {},
      show: () => {},
      observe: () => [...seen.values()],
      observeOne: (name) => seen.get(name),
      told,
      chat: {
        async say(_, id, message) {
          if (!said.some((each) => each.id === id)) said.push({ id, text: text(message) });
        },
        async change(_, id, message) {
          const found = said.find((each) => each.id === id);
          if (found) found.text = text(message);
        },
      },
      words: async () => 'Last words.',
      changes: async () => '1 file ⋅ +1 −0',
      takeLines: () => '🔧 Wrote file: a',
      remember: () => {},
      metrics: { count: (name, { kind }) => counted.push(`${name} ${kind}`), observe: () => {} },
      log,
      now: () => 60_000,
      ...more,
      ...other,
    });
  const owned = stack.move();
  return {
    live,
    told,
    counted,
    texts: () => said.map((each) => each.text),
    see: (o: ObservedWorkspace) => void seen.set(o.name, o),
    forget: (name: string) => void seen.delete(name),
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}

const turn = observedWorkspace({ news: [{ n: 1, kind: 'turn', note: '' }] });
const ended = '💬 `csv` has finished its turn and waits.\n\nLast words.';

describe('the watcher', () => {
  it('WA-1: the next life goes on where this one was, from the store', async () => {
    await using rig = await openRig();
    rig.see(turn);
    await rig.live().runOnce();
    await rig.live().runOnce();
    expect(rig.texts()).toEqual([ended]);
    expect(rig.counted).toEqual(['watcher_notices_total turn']);
    expect(await rig.told.get('csv')).toMatchObject({ news: 1, saying: [] });
  });

  it('WA-1: what could not be said is stored, and said by the next look or the next life', async () => {
    await using rig = await openRig();
    rig.see(turn);
    const mute = { say: async () => await Promise.reject(new Error('disk full')), change: async () => {} };
    await rig.live({ chat: mute }).runOnce();
    expect(await rig.told.get('csv')).toMatchObject({ news: 1, saying: [{ markdown: ended }] });
    await rig.live().runOnce();
    expect(rig.texts()).toEqual([ended]);
  });

  it('WA-1: what could not be stored was not told, and is told when it can be', async () => {
    await using rig = await openRig();
    let full = true;
    const update: typeof rig.told.update = async (...o) => {
      if (full) throw new Error('disk full');
      return await rig.told.update(...o);
    };
    const watcher = rig.live({ told: { ...rig.told, update } });
    rig.see(turn);
    await watcher.runOnce();
    expect(rig.texts()).toEqual([]);
    full = false;
    await watcher.runOnce();
    expect(rig.texts()).toEqual([ended]);
  });

  it('WA-1: a probe that fails, and what cannot be observed, do not end it', async () => {
    await using rig = await openRig({ probe: async () => await Promise.reject(new Error('no')) });
    rig.see(turn);
    const watcher = rig.live();
    await watcher.runOnce();
    const blind = () => {
      throw new Error('no state');
    };
    await rig.live({ probe: async () => {}, observe: blind }).runOnce();
    expect(rig.texts()).toEqual([]);
    await rig.live({ probe: async () => {} }).runOnce();
    expect(rig.texts()).toEqual([ended]);
  });

  it('WA-1: one that waits for a slow host keeps no other from being told', async () => {
    const slow = Promise.withResolvers<string>();
    await using rig = await openRig({ words: async (name) => (name === 'csv' ? await slow.promise : '') });
    const watcher = rig.live();
    rig.see(turn);
    const first = watcher.runOnce();
    rig.see({ ...turn, name: 'other' });
    const second = watcher.runOnce();
    await expect.poll(rig.texts).toHaveLength(1);
    slow.resolve('Late.');
    await Promise.all([first, second]);
    expect(rig.texts()).toEqual([
      '💬 `other` has finished its turn and waits.',
      '💬 `csv` has finished its turn and waits.\n\nLate.',
    ]);
  });

  it('WA-1: the last words of a turn are told also when its host was gone just then', async () => {
    let asked = 0;
    const words = async () => {
      asked += 1;
      if (asked < 3) throw new Error('away');
      return 'Said before it died.';
    };
    await using rig = await openRig({ words });
    rig.see(turn);
    await rig.live().runOnce();
    expect(rig.texts()).toEqual(['💬 `csv` has finished its turn and waits.\n\nSaid before it died.']);
  });

  it('WA-3: the message that milestones share grows where it is', async () => {
    const lines: string[] = [];
    await using rig = await openRig({ remember: (_, text) => lines.push(text) });
    const watcher = rig.live();
    const reached = (...ids: string[]) =>
      observedWorkspace({
        session: observedSession({ startedAt: 0 }),
        milestones: ids.map((id) => ({ id, text: `M${id}` })),
      });
    rig.see(reached('1'));
    await watcher.runOnce();
    rig.see(reached('1', '2'));
    await watcher.runOnce();
    expect(rig.texts()).toEqual(['- ✅ Milestone: M1\n- ✅ Milestone: M2 (`csv`)']);
    expect(lines).toEqual(['✅ Milestone: M1', '✅ Milestone: M2']);
  });

  it('WS-5: of a workspace that is gone nothing is kept', async () => {
    await using rig = await openRig();
    const watcher = rig.live();
    rig.see(turn);
    await watcher.runOnce();
    rig.forget('csv');
    await watcher.runOnce();
    expect(await rig.told.get('csv')).toBeUndefined();
    rig.see({ ...turn, life: 'l2' });
    await watcher.runOnce();
    expect(rig.texts()).toEqual([ended, ended]);
  });

  it('WS-4: plugged in nowhere it is not said, and not told later', async () => {
    const lines: string[] = [];
    await using rig = await openRig({ remember: (_, text) => lines.push(text) });
    const watcher = rig.live();
    rig.see({ ...turn, thread: null });
    await watcher.runOnce();
    rig.see(turn);
    await watcher.runOnce();
    expect([rig.texts(), lines]).toEqual([[], [ended]]);
  });

  it('WA-2: what a new card shows is recorded, told once, and not said', async () => {
    const lines: string[] = [];
    await using rig = await openRig({ remember: (_, text) => lines.push(text) });
    const at = '2026-11-20T10:00:02.000Z';
    const shown = { ref: observedThread, since: '2026-11-20T10:00:00.000Z' };
    rig.see(
      observedWorkspace({ lab: { id: 'd1', status: 'ready', url: 'http://x/', cause: '', at, shown } }),
    );
    await rig.live().runOnce();
    await rig.live().runOnce();
    expect([rig.texts(), lines]).toEqual([[], ['✅ Deployment ready: http://x/ (`csv`)']]);
  });

  it('WA-5: what is held back in quiet hours is stored, and recorded when it happens', async () => {
    const lines: string[] = [];
    const night = Date.parse('2026-11-20T23:00:00Z');
    await using rig = await openRig({ remember: (_, text) => lines.push(text) });
    const policy = { ...turn.policy, quiet: { from: '22:00', to: '07:00' } };
    rig.see({ ...turn, session: observedSession({ status: 'idle' }), policy });
    await rig.live({ now: () => night }).runOnce();
    expect([rig.texts(), lines]).toEqual([[], ['💬 `csv` has finished its turn and waits.']]);
    await rig.live({ now: () => night + 8 * 3_600_000 }).runOnce();
    expect(rig.texts()).toEqual(['💬 `csv` has finished its turn and waits.']);
    expect(lines).toHaveLength(1);
  });

  it('WA-1: nudged it tells soon, without looking; disposed it tells no more', async () => {
    let looks = 0;
    await using rig = await openRig({ probe: async () => void (looks += 1) });
    const said = Promise.withResolvers<void>();
    const watcher = rig.live({
      chat: { say: async () => said.resolve(), change: async () => {} },
    });
    watcher.nudge();
    watcher.start();
    rig.see(turn);
    watcher.nudge();
    await said.promise;
    expect(looks).toBe(0);
    await watcher[Symbol.asyncDispose]();
    rig.see(observedWorkspace({ news: [{ n: 2, kind: 'turn', note: '' }] }));
    watcher.nudge();
    await watcher.runOnce();
    expect(await rig.told.get('csv')).toMatchObject({ news: 1 });
  });
});
