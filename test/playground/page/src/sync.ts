import type { Api } from './api.ts';
import { applySome, replaceAll, threadKey, type Conversations } from './conversations.ts';
import type { Store } from './store.ts';
import type { Change, JournalEntry, World } from './wire.ts';

/** Changes within this time are fetched together. Milliseconds. */
const gatherMs = 25;
/** After a failed fetch. Milliseconds. */
const againMs = 1_000;
const journalLimit = 4_000;

export interface Sync {
  /** Loads a thread and keeps it current from then on. */
  openThread(channel: string, root: string): void;
  /** Adds entries to the journal; known ones stay. */
  addJournal(entries: readonly JournalEntry[]): void;
  stop(): void;
}

/**
 * Keeps the store equal to the server. Changes only say what is stale; what is stale is fetched, one round at a
 * time, until nothing is. So a burst costs a few requests, and nothing depends on an event not being missed:
 * after a hole in their numbers, or a new connection, everything loaded is stale.
 * @param watch listens for changes; see shared-changes.ts
 */
export function startSync(
  api: Pick<Api, 'state' | 'messages' | 'messagesByTs' | 'journal'>,
  store: Store,
  watch: Api['watch'],
): Sync {
  const stale = { state: false, lists: new Set<string>(), some: new Map<string, Set<string>>() };
  let nextSeq: number | undefined;
  let running = false;
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const pendingJournal: JournalEntry[] = [];
  /** The journal after this entry may have been missed. */
  let missedAfter: number | undefined;

  const schedule = (afterMs = gatherMs) => {
    if (stopped || running || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      void run();
    }, afterMs);
  };
  const isStale = () =>
    stale.state || stale.lists.size > 0 || stale.some.size > 0 || pendingJournal.length > 0;

  async function run(): Promise<void> {
    running = true;
    addJournal(pendingJournal.splice(0));
    let failed = false;
    await round().catch(() => {
      // The server is away: all of it again, once it is back.
      failed = true;
      store.update(() => ({ connection: 'lost' }));
      everything();
    });
    running = false;
    if (isStale()) schedule(failed ? againMs : gatherMs);
  }

  /** Fetches what is stale now, at once, and shows it together. */
  async function round(): Promise<void> {
    const { state } = stale;
    const lists = [...stale.lists];
    const some = [...stale.some].filter(([channel]) => store.get().conversations.roots[channel]);
    stale.state = false;
    stale.lists.clear();
    stale.some.clear();
    const after = missedAfter;
    const [world, loaded, parts, entries] = await Promise.all([
      state ? api.state() : undefined,
      Promise.all(lists.map(async (key) => [key, await loadList(key)] as const)),
      Promise.all(
        some.map(async ([channel, asked]) => ({
          channel,
          asked,
          found: await api.messagesByTs(channel, [...asked]),
        })),
      ),
      after === undefined ? [] : api.journal(after),
    ]);
    if (after === missedAfter) missedAfter = undefined;
    addJournal(entries);
    store.update((now) => {
      let conversations = now.conversations;
      for (const { channel, asked, found } of parts)
        conversations = applySome(conversations, channel, asked, found);
      for (const [key, messages] of loaded) conversations = withList(conversations, key, messages);
      return { conversations, connection: 'live', ...(world ? { world: share(now.world, world) } : {}) };
    });
    for (const channel of world?.channels ?? []) {
      if (!store.get().conversations.roots[channel.id]) stale.lists.add(channel.id);
    }
  }

  const loadList = (key: string) => {
    const [channel = '', thread] = key.split(':');
    return api.messages(channel, thread);
  };

  function everything(): void {
    const { roots, threads } = store.get().conversations;
    stale.state = true;
    for (const key of [...Object.keys(roots), ...Object.keys(threads)]) stale.lists.add(key);
  }

  function change({ seq, kind, channel, thread, ts }: Change): void {
    const hole = nextSeq !== undefined && seq !== nextSeq;
    nextSeq = seq + 1;
    if (hole) everything();
    else if (kind !== 'message') stale.state = true;
    else if (channel !== undefined && ts !== undefined) {
      const asked = stale.some.get(channel) ?? new Set();
      stale.some.set(channel, asked.add(ts));
      // A reply changes the counts below its root.
      if (thread !== undefined) asked.add(thread);
    } else if (channel !== undefined) stale.lists.add(channel);
    schedule();
  }

  function addJournal(entries: readonly JournalEntry[]): void {
    if (entries.length === 0) return;
    store.update(({ journal }) => {
      const known = new Set(journal.map(({ seq }) => seq));
      const all = [...journal, ...entries.filter(({ seq }) => !known.has(seq))];
      return { journal: all.sort((one, other) => one.seq - other.seq).slice(-journalLimit) };
    });
  }

  const unwatch = watch({
    open() {
      nextSeq = undefined;
      everything();
      missedAfter ??= store.get().journal.at(-1)?.seq;
      schedule();
    },
    lost: () => store.update(() => ({ connection: 'lost' })),
    change,
    journal(entry) {
      pendingJournal.push(entry);
      schedule();
    },
  });

  return {
    openThread(channel, root) {
      stale.lists.add(threadKey(channel, root));
      schedule();
    },
    addJournal,
    stop() {
      stopped = true;
      clearTimeout(timer);
      unwatch();
    },
  };
}

/** @returns the fresh world with the old parts wherever they are equal, so that what shows them is not redrawn */
function share(old: World | undefined, fresh: World): World {
  if (!old) return fresh;
  const keys = Object.keys(fresh) as (keyof World)[];
  const equal = keys.filter((key) => JSON.stringify(fresh[key]) === JSON.stringify(old[key]));
  if (equal.length === keys.length) return old;
  return { ...fresh, ...Object.fromEntries(equal.map((key) => [key, old[key]])) };
}

function withList(
  { roots, threads }: Conversations,
  key: string,
  messages: Awaited<ReturnType<Api['messages']>>,
): Conversations {
  return key.includes(':')
    ? { roots, threads: { ...threads, [key]: replaceAll(threads[key], messages) } }
    : { threads, roots: { ...roots, [key]: replaceAll(roots[key], messages) } };
}
