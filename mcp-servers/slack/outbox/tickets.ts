import type { z } from 'zod';
import { type ThreadRef, threadKey } from '../../kit/chat.ts';
import { describeError } from '../../kit/errors.ts';
import type { Log } from '../../kit/log.ts';
import type { Probe } from '../../kit/probe.ts';
import type { Collection } from '../../kit/store/collection.ts';
import type { Clock } from '../clock.ts';
import type { SlackMetrics } from '../metrics.ts';
import { SlackFailure } from '../slack-failure.ts';
import type { SlackWeb } from '../web.ts';
import type { DeadLetters } from './dead-letters.ts';
import { decideAfterFailure, emptyOutbox, gatesOf, isSuperseded, methodOf, withDone } from './decide.ts';
import type { Entry, outboxFileSchema, ThreadOutbox } from './entry.ts';
import type { Ticket } from './line.ts';
import type { Lookup } from './lookup.ts';
import type { Pace } from './pace.ts';
import { type SendDeps, sendEntry } from './send.ts';

export interface TicketsOptions extends Pick<SendDeps, 'settleStream'> {
  readonly web: SlackWeb;
  readonly lookup: Lookup;
  readonly pace: Pace;
  readonly clock: Clock;
  readonly log: Log;
  readonly probe: Probe;
  readonly metrics: SlackMetrics;
  readonly threads: Collection<ThreadOutbox>;
  readonly files: Collection<z.infer<typeof outboxFileSchema>>;
  readonly deadLetters: DeadLetters;
  /** The stream's final text is out. */
  readonly forgetStream: (id: string) => void;
  /** An entry was buried that may be revived. */
  readonly onBuried: () => void;
  /** An entry has left the queue. */
  readonly onDone: (key: string) => void;
}

/** Where the bytes of an upload lie. */
export function fileKey(ref: ThreadRef, id: string): string {
  return `${threadKey(ref)} ${id}`;
}

/**
 * @returns the maker of tickets for stored entries: each sends its entry, recovers from failures, and takes it out
 *   of the queue. `doubt`: the entry may have been sent before
 */
export function createTickets(options: TicketsOptions) {
  const { threads, files, deadLetters, clock, pace, log, probe, metrics } = options;
  const skipped = new Set<string>();

  const deps: SendDeps = {
    ...options,
    async readFile(ref, id) {
      const file = await files.get(fileKey(ref, id));
      return file && Buffer.from(file.content, 'base64');
    },
    async rememberFileId(ref, entry, fileId) {
      await threads.update(threadKey(ref), (state) => state && withFileId(state, entry.key, fileId));
    },
  };

  /** Not durable: if this is lost, the message is found by its metadata and not sent again. */
  const finish = async (ref: ThreadRef, entry: Entry, ts: string, keepFile = false) => {
    await threads.update(
      threadKey(ref),
      (state) => withDone(state ?? emptyOutbox(ref), entry, ts, clock.now()),
      { durable: false },
    );
    options.onDone(entry.key);
    probe('outbox.marked', entry.wish.id);
    if (entry.wish.op === 'finish') options.forgetStream(entry.wish.id);
    if (entry.wish.op === 'upload' && !keepFile)
      await files.update(fileKey(ref, entry.wish.id), () => undefined);
  };

  const attempt = async (ref: ThreadRef, key: string, doubt: boolean) => {
    const state = await threads.get(threadKey(ref));
    const entry = state?.entries.find((entry) => entry.key === key);
    if (state === undefined || entry === undefined) return;
    const ts = isSuperseded(state, entry)
      ? (state.sent[entry.wish.id]?.ts ?? '')
      : await sendEntry(deps, { state, entry, doubt });
    await finish(ref, entry, ts);
  };

  return (ref: ThreadRef, entry: Entry, fromEarlierLife: boolean): Ticket => {
    let doubt = fromEarlierLife;
    let tries = 0;
    const fields = { thread: threadKey(ref), id: entry.wish.id, op: entry.wish.op };

    const recover = async (error: unknown): Promise<'done' | 'again'> => {
      const { failure, method } = asFailure(error);
      if (!(error instanceof SlackFailure)) log.error({ ...fields, err: error }, 'outbox.send.broken');
      const next = decideAfterFailure(entry, failure, tries);
      if (next.kind === 'wait') {
        log.warn({ ...fields, method, failure, tries }, 'outbox.send.delayed');
        metrics.count('slack_retries_total', { method, reason: failure.kind });
        if (failure.kind === 'rate_limited') pace.limited(method, ref.channel, next.ms);
        doubt ||= next.doubt;
        tries += next.counts ? 1 : 0;
        ticket.notBefore = clock.steady() + next.ms;
        return 'again';
      }
      const revivable = next.kind === 'bury' && next.revivable;
      if (next.kind === 'bury') await deadLetters.bury(ref, entry, next.reason, revivable);
      else if (!skipped.has(`${entry.wish.op} ${next.reason}`)) {
        skipped.add(`${entry.wish.op} ${next.reason}`);
        log.warn({ ...fields, reason: next.reason }, 'outbox.decoration.refused');
      }
      await finish(ref, entry, '', revivable);
      if (revivable) options.onBuried();
      return 'done';
    };

    const ticket: Ticket = {
      ...gatesOf(ref, entry),
      method: methodOf(entry),
      channel: ref.channel,
      droppable: false,
      notBefore: 0,
      async run() {
        try {
          await attempt(ref, entry.key, doubt);
          return 'done';
        } catch (error) {
          return await recover(error).catch((error: unknown) => {
            // The store is failing; the entry stays and is tried again.
            log.error({ ...fields, err: error }, 'outbox.store.failed');
            ticket.notBefore = clock.steady() + 1000;
            return 'again' as const;
          });
        }
      },
    };
    return ticket;
  };
}

function asFailure(error: unknown): Pick<SlackFailure, 'failure' | 'method'> {
  if (error instanceof SlackFailure) return error;
  return { failure: { kind: 'unreachable', reason: describeError(error) }, method: 'none' };
}

function withFileId(state: ThreadOutbox, key: string, fileId: string): ThreadOutbox {
  const entries = state.entries.map((entry) =>
    entry.key === key && entry.wish.op === 'upload' ? { ...entry, wish: { ...entry.wish, fileId } } : entry,
  );
  return { ...state, entries };
}
