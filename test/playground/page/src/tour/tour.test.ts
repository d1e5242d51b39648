import { describe, expect, it } from 'vitest';
import type { JournalEntry, Message } from '../wire.ts';
import type { Facts } from './facts.ts';
import { beginning, goTo, isDone, observe } from './progress.ts';
import { steps } from './steps.ts';

const nowMs = 1_760_000_000_000;
const ts = (ms: number) => (ms / 1_000).toFixed(6);
const quiet: Facts = {
  now: nowMs,
  person: 'U_ANNA',
  allowed: ['U_ANNA'],
  bot: 'U_BOT',
  journal: [],
  messages: [],
  statuses: {},
  service: { state: 'ready', pid: 1, openCodePid: 2, starts: 1, allowed: ['U_ANNA'], lines: [] },
};
const working = { statuses: { 'C_DEV:1.1': { kind: 'session', status: 'processing' } } } as const;
const said = (text: string, atMs = nowMs + 1, thread?: string): Message => ({
  ts: ts(atMs),
  user: 'U_BOT',
  bot_id: 'B1',
  text,
  is_reply: thread !== undefined,
  ...(thread === undefined ? {} : { thread_ts: thread }),
});
const heard = (seq: number, by: string, name = 'message', atMs = nowMs + 1): JournalEntry[] => [
  { seq, at: 1, kind: 'event', name, id: `E${seq}`, channel: 'C_DEV', ts: ts(atMs), by },
  { seq: seq + 1, at: 2, kind: 'ack', name, id: `E${seq}`, ms: 1 },
];
const call = (seq: number, name: string, thread = ts(nowMs + 1)): JournalEntry => ({
  seq,
  at: 9,
  kind: 'call',
  name,
  channel: 'C_DEV',
  thread,
  outcome: 'ok',
});

/** Shows a step one thing after the other. @returns which of its checks were seen after each */
function watch(id: string, ...shown: Partial<Facts>[]): (readonly number[])[] {
  let progress = goTo(
    beginning,
    steps.findIndex((step) => step.id === id),
  );
  progress = observe(progress, quiet);
  return shown.map((change) => {
    progress = observe(progress, { ...quiet, ...change });
    return progress.seen[id] ?? [];
  });
}

describe('the tour ticks what it sees', () => {
  it('talk: a mention, and a turn that is over', () => {
    const asked = heard(5, 'U_ANNA', 'app_mention');
    const spoke = [...asked, call(7, 'chat.postMessage')];
    const over = [...spoke, call(8, 'reactions.remove')];
    expect(watch('talk', { journal: asked }, { journal: spoke }, { journal: over })).toEqual([
      [0],
      [0],
      [0, 1],
    ]);
  });

  it('work: card, start, question, answer; each seen as it passes, and kept', () => {
    const card = { ...said(''), blocks: [{ type: 'actions', text: 'Change agent' }] };
    const started = said('🚀 **JWT auth** has started.');
    const asks = said('❓ ai-dev-domain-apis-jwt-auth asks');
    const chose = said('✅ Anna chose **SQLite**.');
    const finished = said('💬 `w` has finished its turn and waits.');
    expect(
      watch(
        'work',
        { messages: [card] },
        { messages: [started] },
        { messages: [started, asks] },
        { messages: [started, chose] },
        { messages: [started, chose, finished] },
      ),
    ).toEqual([[0], [0, 1], [0, 1, 2], [0, 1, 2], [0, 1, 2, 3]]);
  });

  it('deploy: of this step only, and its tests', () => {
    const old = said('✅ Deployment ready', nowMs - 5_000);
    const ready = said('✅ Deployment ready');
    const green = said('🎉 All tests passing (3/3)');
    expect(watch('lab', { messages: [old] }, { messages: [ready] }, { messages: [green] })).toEqual([
      [],
      [0],
      [0, 1],
    ]);
  });

  it('queue: work, a notice, and its end; what was there before does not count', () => {
    const old = said('Queued at position 1', nowMs - 5_000);
    const notice = said('🕐 Queued at position 1');
    const gone = said('🗑️ Removed from the queue by Anna.');
    expect(
      watch('queue', { messages: [old] }, working, { messages: [notice] }, { messages: [gone] }),
    ).toEqual([[], [0], [0, 1], [0, 1, 2]]);
  });

  it('stop: one more “Stopped by” than there was, wherever the card came from', () => {
    const card = said('⏹️ Stopped by Anna.', nowMs - 9_000);
    expect(watch('stop', working, { messages: [card] })).toEqual([[0], [0, 1]]);
  });

  it('stranger: silence is believed after 3 s, and not when something was called', () => {
    const journal = heard(5, 'U_STRANGER');
    const stranger = { person: 'U_STRANGER', journal };
    const later = { ...stranger, now: nowMs + 3_500 };
    const answered = { ...later, journal: [...journal, call(9, 'chat.postMessage')] };
    expect(watch('stranger', stranger, later)).toEqual([
      [0, 1],
      [0, 1, 2],
    ]);
    expect(watch('stranger', answered)).toEqual([[0, 1]]);
  });

  it('restart: killed, back, and answered once; not when it was said twice', () => {
    const back = { ...quiet.service, starts: 2 } as NonNullable<Facts['service']>;
    const journal = heard(5, 'U_ANNA');
    const root = ts(nowMs + 1);
    const answer = said('That took 15 seconds.', nowMs + 9_000, root);
    const twice = { ...answer, ts: ts(nowMs + 10_000) };
    const after = { service: back, journal, messages: [answer] };
    expect(watch('restart', { journal, ...working }, after)).toEqual([
      [0, 1],
      [0, 1, 2, 3],
    ]);
    expect(watch('restart', { ...after, messages: [answer, twice] })).toEqual([[0, 2]]);
    expect(watch('restart', { ...after, ...working })).toEqual([[0, 1, 2]]);
  });

  it('OpenCode: another process, and the answer', () => {
    const other = { ...quiet.service, openCodePid: 3 } as NonNullable<Facts['service']>;
    const gone = { ...quiet.service, openCodePid: undefined } as NonNullable<Facts['service']>;
    const messages = [said('Done.', nowMs + 9_000, ts(nowMs + 1))];
    const journal = heard(5, 'U_ANNA');
    expect(
      watch('opencode', { service: gone }, { service: other }, { service: other, journal, messages }),
    ).toEqual([[], [1], [1, 2]]);
  });

  it('what was seen stays seen, and a step is done with its last check', () => {
    const stop = steps.findIndex(({ id }) => id === 'stop');
    let progress = observe(goTo(beginning, stop), quiet);
    progress = observe(progress, { ...quiet, ...working });
    progress = observe(progress, quiet);
    expect([progress.seen['stop'], isDone(progress, stop)]).toEqual([[0], false]);
    expect(observe(progress, quiet)).toBe(progress);
    progress = observe(progress, { ...quiet, messages: [said('Stopped by Ben.')] });
    expect(isDone(progress, stop)).toBe(true);
  });
});
