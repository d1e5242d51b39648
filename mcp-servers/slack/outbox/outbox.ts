import { type ThreadRef, threadKey } from '../../kit/chat.ts';
import { describeError } from '../../kit/errors.ts';
import type { Log } from '../../kit/log.ts';
import type { Probe } from '../../kit/probe.ts';
import type { Store } from '../../kit/store/store.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { SlackMetrics } from '../metrics.ts';
import { SlackFailure } from '../slack-failure.ts';
import type { SlackWeb } from '../web.ts';
import { createDeadLetters } from './dead-letters.ts';
import { emptyOutbox, isForgettable, isSaid } from './decide.ts';
import { type Entry, outboxFileSchema, type ThreadOutbox, threadOutboxSchema, type Wish } from './entry.ts';
import { createLine, type Line, type Ticket } from './line.ts';
import type { Lookup } from './lookup.ts';
import type { Pace } from './pace.ts';
import type { SendDeps } from './send.ts';
import { createTickets, fileKey } from './tickets.ts';

/** A call that nobody stores: tried once, dropped under pressure. */
type Quick = Pick<Ticket, 'gates' | 'method' | 'channel'> & {
  /** @throws SlackFailure which is swallowed */
  readonly send: () => Promise<void>;
};

export interface Outbox {
  /**
   * Stores wishes durably and sends them in order. From then on they survive a crash.
   * @param decide pure; what to wish, given what is stored. Nothing is wished for by []
   */
  store(ref: ThreadRef, decide: (state: ThreadOutbox) => readonly Wish[], file?: Uint8Array): Promise<void>;
  /** Does it when its gates and the pace allow, unless something durable comes first. */
  quick(call: Quick): void;
  /** Drops what waits and is not stored. */
  dropWaiting(gate: string): void;
  read(ref: ThreadRef): Promise<ThreadOutbox>;
  /** Changes what is remembered of a thread besides its wishes. */
  note(
    ref: ThreadRef,
    change: (state: ThreadOutbox) => ThreadOutbox,
    o?: { durable?: boolean },
  ): Promise<void>;
  /** Durable wishes not sent yet. */
  readonly depth: number;
  /** Sends what an earlier life left, and everything from now on. */
  start(): Promise<void>;
  /** Waits until everything is out, at most so many milliseconds; then sends no more. */
  readonly drain: (deadlineMs: number) => Promise<void>;
}

export interface OutboxOptions extends Pick<SendDeps, 'settleStream'> {
  /** The stream's final text is out. */
  readonly forgetStream: (id: string) => void;
  readonly web: SlackWeb;
  readonly lookup: Lookup;
  readonly store: Store;
  readonly pace: Pace;
  readonly clock: Clock;
  readonly log: Log;
  readonly probe: Probe;
  readonly metrics: SlackMetrics;
  readonly operator: ThreadRef | undefined;
}

/** How long after a burial the dead letters are tried again; an outage of hours costs one round of tries each time. */
const reviveEveryMs = 60_000;

/** Room for the wishes of one call between its order and the next. */
const orderStep = 1000;

export function createOutbox(options: OutboxOptions): Outbox {
  const { clock, log, probe, metrics, pace } = options;
  const threads = options.store.collection({
    name: 'outbox',
    schema: threadOutboxSchema,
    version: 1,
    tidy: (state, _, { now }) => (isForgettable(state, now) ? undefined : state),
  });
  const files = options.store.collection({
    name: 'outbox-files',
    schema: outboxFileSchema,
    version: 1,
    cache: 2,
  });
  const line: Line = createLine({ clock, pace });
  const deadLetters = createDeadLetters({
    ...options,
    tell: (ref, wish) => outbox.store(ref, (state) => (isSaid(state, wish.id) ? [] : [wish])),
  });
  let lastOrder = 0;
  let reviving: Disposable | undefined;
  // Nothing leaves before start(): what an earlier life left goes first.
  let held: Ticket[] | undefined = [];
  /** Keys of entries with a ticket: start() may come upon one that is just being stored. */
  const ticketed = new Set<string>();
  const depth = () => line.depth + (held?.length ?? 0);
  metrics.gauge('outbox_depth', depth);

  const note: Outbox['note'] = async (ref, change, o) => {
    await threads.update(threadKey(ref), (state) => change(state ?? emptyOutbox(ref)), o);
  };

  const buildTicket = createTickets({
    ...options,
    threads,
    files,
    deadLetters,
    onDone: (key) => void ticketed.delete(key),
    onBuried: () => {
      reviving ??= clock.after(reviveEveryMs, () => {
        reviving = undefined;
        revive().catch((error: unknown) => log.error({ err: describeError(error) }, 'outbox.revival.failed'));
      });
    },
  });

  /** Puts back what was buried because Slack was away. Each is looked up first: it may have arrived after all. */
  const revive = async () => {
    for (const { ref, entry } of await deadLetters.revivable()) {
      await threads.update(threadKey(ref), (stored) => {
        const state = stored ?? emptyOutbox(ref);
        return state.entries.some(({ key }) => key === entry.key)
          ? stored
          : { ...state, entries: [...state.entries, entry] };
      });
      await deadLetters.exhume(entry);
      log.info({ thread: threadKey(ref), id: entry.wish.id }, 'outbox.entry.revived');
      enqueue(ref, entry, true);
    }
  };

  const enqueue = (ref: ThreadRef, entry: Entry, fromEarlierLife: boolean) => {
    if (ticketed.has(entry.key)) return;
    ticketed.add(entry.key);
    const ticket = buildTicket(ref, entry, fromEarlierLife);
    if (held) held.push(ticket);
    else line.add(ticket);
  };

  const outbox: Outbox = {
    async store(ref, decide, file) {
      const key = threadKey(ref);
      lastOrder = Math.max(lastOrder + orderStep, clock.now() * orderStep);
      const [first, at] = [lastOrder, clock.now()];
      let added: Entry[] = [];
      const change = (stored: ThreadOutbox | undefined) => {
        const state = stored ?? emptyOutbox(ref);
        added = decide(state).map((wish, index) => ({
          key: `${first + index} ${key}`,
          order: first + index,
          at,
          wish,
        }));
        return added.length === 0 ? stored : { ...state, entries: [...state.entries, ...added] };
      };
      if (file !== undefined) await storeFile(ref, decide, file);
      await threads.update(key, change);
      for (const entry of added) probe('outbox.stored', entry.wish.id);
      for (const entry of added) enqueue(ref, entry, false);
    },

    quick({ gates, method, channel, send }) {
      if (held) return;
      line.add({
        gates,
        method,
        channel,
        droppable: true,
        notBefore: 0,
        async run() {
          await send().catch((error: unknown) => {
            log.debug({ method, channel, reason: describeError(error) }, 'outbox.quick.dropped');
            if (!(error instanceof SlackFailure) || error.failure.kind !== 'rate_limited') return;
            pace.limited(error.method, channel, error.failure.retryAfterMs);
          });
          return 'done';
        },
      });
    },

    dropWaiting: line.dropWaiting,
    read: async (ref) => (await threads.get(threadKey(ref))) ?? emptyOutbox(ref),
    note,
    get depth() {
      return depth();
    },

    async start() {
      const left: { ref: ThreadRef; entry: Entry }[] = [];
      const wanted = new Set<string>();
      for await (const [, state] of threads.entries()) {
        for (const entry of state.entries) {
          // A clock set back must not put new wishes before old ones.
          lastOrder = Math.max(lastOrder, entry.order);
          left.push({ ref: state.ref, entry });
          if (entry.wish.op === 'upload') wanted.add(fileKey(state.ref, entry.wish.id));
        }
      }
      const buried = await deadLetters.revivable();
      for (const { ref, entry } of buried) wanted.add(fileKey(ref, entry.wish.id));
      for (const key of await files.ids()) if (!wanted.has(key)) await files.update(key, () => undefined);
      const mine = held ?? [];
      held = undefined;
      left.sort((a, b) => a.entry.order - b.entry.order);
      if (left.length > 0) log.info({ entries: left.length }, 'outbox.resumed');
      for (const { ref, entry } of left) enqueue(ref, entry, true);
      for (const ticket of mine) line.add(ticket);
      await revive();
    },

    async drain(deadlineMs) {
      const late = Promise.withResolvers<void>();
      // Real time, whatever clock the tests use: the process is about to end.
      using _ = systemClock.after(deadlineMs, late.resolve);
      if (!held) await Promise.race([line.whenQuiet(), late.promise]);
      reviving?.[Symbol.dispose]();
      line.stop();
      await Promise.race([line.whenQuiet(), late.promise]);
    },
  };

  /** The bytes go first, so that no entry is ever without them. */
  async function storeFile(
    ref: ThreadRef,
    decide: (state: ThreadOutbox) => readonly Wish[],
    content: Uint8Array,
  ): Promise<void> {
    const upload = decide(await outbox.read(ref)).find(({ op }) => op === 'upload');
    if (upload === undefined) return;
    await files.update(fileKey(ref, upload.id), () => ({
      content: Buffer.from(content).toString('base64'),
    }));
  }

  return outbox;
}
