import { afterEach, describe, expect, it } from 'vitest';
import type { ChangesListener } from './api.ts';
import { noConversations } from './conversations.ts';
import { createStore, type Store } from './store.ts';
import { startSync, type Sync } from './sync.ts';
import type { JournalEntry, Message, World } from './wire.ts';

const world: World = {
  team: { id: 'T', name: 'Local' },
  bot: { userId: 'U_BOT', name: 'frontdesk' },
  slashCommands: [],
  shortcuts: [],
  people: [{ id: 'U_ANNA', name: 'anna', real_name: 'Anna', is_bot: false }],
  channels: [{ id: 'C', name: 'dev', is_im: false, is_private: false }],
  dms: { U_ANNA: 'D_ANNA' },
  statuses: {},
  titles: {},
  prompts: {},
  modals: {},
  homes: {},
  sockets: { count: 0, opened: 0 },
  faults: [],
  pendingEvents: 0,
  controls: [],
};

/** A server in memory that counts what it is asked for. */
function fakeServer() {
  const messages = new Map<string, Message>();
  const journal: JournalEntry[] = [];
  const asked: string[] = [];
  const state = { down: false };
  const answer = <T>(what: string, value: () => T): Promise<T> => {
    asked.push(what);
    return state.down ? Promise.reject(new Error('down')) : Promise.resolve(value());
  };
  return {
    messages,
    journal,
    asked,
    state,
    add: (ts: string) => messages.set(ts, { ts, user: 'U_BEN', text: ts, is_reply: false }),
    api: {
      state: () => answer('state', () => world),
      messages: (channel: string) => answer(`list ${channel}`, () => [...messages.values()]),
      messagesByTs: (_channel: string, ts: readonly string[]) =>
        answer(`some ${ts.length}`, () => ts.flatMap((one) => messages.get(one) ?? [])),
      journal: (after: number) => answer('journal', () => journal.filter(({ seq }) => seq > after)),
    },
  };
}

function emptyStore(): Store {
  return createStore({
    connection: 'connecting',
    world: undefined,
    conversations: noConversations,
    route: { person: '', channel: '', home: false, thread: '' },
    readMarks: {},
    ui: { drawer: false, tour: false, sidebar: false, theme: 'system' },
    drafts: {},
    toasts: [],
    journal: [],
  });
}

describe('keeping the page equal to the server', () => {
  let sync: Sync | undefined;
  afterEach(() => sync?.stop());

  async function start() {
    const server = fakeServer();
    const store = emptyStore();
    let listener: ChangesListener | undefined;
    sync = startSync(server.api, store, (given) => {
      listener = given;
      return () => {};
    });
    if (!listener) throw new Error('it does not watch');
    listener.open();
    const shown = () => store.get().conversations.roots['C']?.length;
    await expect.poll(shown).toBe(0);
    return { server, store, listener, shown };
  }
  const change = (seq: number, ts: string) => ({
    seq,
    kind: 'message' as const,
    channel: 'C',
    thread: ts,
    ts,
  });

  it('shows a burst of 200 messages whole, with a few requests', async () => {
    const { server, listener, shown } = await start();
    server.asked.length = 0;
    for (let at = 1; at <= 200; at++) {
      server.add(String(1000 + at));
      listener.change(change(at, String(1000 + at)));
    }
    await expect.poll(shown).toBe(200);
    expect(server.asked.length).toBeLessThan(5);
  });

  it('reads everything anew after a hole in the numbers of changes', async () => {
    const { server, listener, shown } = await start();
    for (const ts of ['1001', '1002', '1003']) server.add(ts);
    listener.change(change(1, '1001'));
    listener.change(change(3, '1003'));
    await expect.poll(shown).toBe(3);
  });

  it('comes back by itself when the server was away', async () => {
    const { server, store, listener, shown } = await start();
    server.state.down = true;
    server.add('1001');
    listener.change(change(1, '1001'));
    await expect.poll(() => store.get().connection).toBe('lost');
    server.state.down = false;
    await expect.poll(shown).toBe(1);
    expect(store.get().connection).toBe('live');
  });

  it('fetches the journal it missed, each entry once', async () => {
    const { server, store, listener } = await start();
    const entry = (seq: number): JournalEntry => ({ seq, at: seq, kind: 'call', name: 'x' });
    listener.journal(entry(1));
    await expect.poll(() => store.get().journal.length).toBe(1);
    server.journal.push(entry(1), entry(2), entry(3));
    listener.open();
    listener.journal(entry(3));
    await expect.poll(() => store.get().journal.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });
});
