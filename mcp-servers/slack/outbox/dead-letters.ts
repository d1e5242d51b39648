import type { ThreadRef } from '../../kit/chat.ts';
import type { Log } from '../../kit/log.ts';
import type { Store } from '../../kit/store/store.ts';
import type { Clock } from '../clock.ts';
import type { SlackMetrics } from '../metrics.ts';
import { type DeadLetter, deadLetterSchema, type Entry, type Wish } from './entry.ts';

export interface DeadLettersOptions {
  readonly store: Store;
  readonly log: Log;
  readonly metrics: SlackMetrics;
  readonly clock: Clock;
  /** Where the operator reads; undefined where there is none. */
  readonly operator: ThreadRef | undefined;
  /** Stores a message to the operator. */
  readonly tell: (ref: ThreadRef, wish: Wish) => Promise<void>;
}

/** What could not be delivered: kept, counted, logged, and told to the operator. */
export interface DeadLetters {
  /**
   * Repeated for one entry it tells nobody twice.
   * @param revivable Slack could not be reached; later it may be
   */
  bury(ref: ThreadRef, entry: Entry, reason: string, revivable: boolean): Promise<void>;
  /** Those worth another try, oldest first. */
  revivable(): Promise<{ readonly ref: ThreadRef; readonly entry: Entry }[]>;
  /** It is in the outbox again. */
  exhume(entry: Entry): Promise<void>;
}

/** An answer that is older is no answer any more. */
const revivableMs = 24 * 3_600_000;

const alertPrefix = 'dead-letter:';

export function createDeadLetters(options: DeadLettersOptions): DeadLetters {
  const { store, log, metrics, clock, operator, tell } = options;
  const letters = store.collection({
    name: 'dead-letters',
    schema: deadLetterSchema,
    version: 1,
    cache: 10,
    tidy: (letter, _, { now, before }) =>
      letter.at < before && !isRevivable(letter, now) ? undefined : letter,
  });
  return {
    async bury(ref, entry, reason, revivable) {
      const { op, id } = entry.wish;
      await letters.update(
        entry.key,
        (stored) => stored ?? { ref, entry, reason, at: clock.now(), revivable },
      );
      metrics.count('dead_letters_total', { reason });
      log.error({ channel: ref.channel, thread: ref.thread, op, id, reason }, 'outbox.entry.buried');
      // An alert that cannot be delivered is not worth another one.
      if (operator === undefined || id.startsWith(alertPrefix)) return;
      const text = `⚠️ Not delivered: ${op} to ${ref.channel} (${reason}). It is kept as a dead letter${revivable ? ' and tried again for a day' : ''}; see the log for ${id}.`;
      const blocks = [{ type: 'section', text: { type: 'plain_text', text, emoji: true } }];
      await tell(operator, { op: 'post', id: `${alertPrefix}${entry.key}`, content: { text, blocks } });
    },

    async revivable() {
      const found: { ref: ThreadRef; entry: Entry }[] = [];
      for await (const [, letter] of letters.entries())
        if (isRevivable(letter, clock.now())) found.push(letter);
      return found.sort((a, b) => a.entry.order - b.entry.order);
    },

    async exhume(entry) {
      await letters.update(entry.key, () => undefined);
    },
  };
}

function isRevivable({ revivable, entry }: DeadLetter, now: number): boolean {
  return revivable && now - entry.at < revivableMs;
}
