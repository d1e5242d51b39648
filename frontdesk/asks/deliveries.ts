import type { Ask } from '../../mcp-servers/kit/asks.ts';
import { describeError } from '../../mcp-servers/kit/errors.ts';
import type { AskBook } from './book.ts';
import type { Deliver } from './deliver.ts';
import { isHostAsk } from './decide.ts';
import type { AskPorts } from './ports.ts';
import type { AskCards } from './show.ts';

/** What the asker did not take is tried again after this long, or when its host says how it stands. */
const retryMs = 2000;

/** Answers on their way: each until its asker has it, over restarts of both sides. */
export interface Deliveries {
  /** Returns at once. Harmless while one of the ask is under way. */
  begin(ask: Ask): void;
  /** Of an earlier life: it may have delivered it. */
  resume(ask: Ask): void;
  isRunning(id: string): boolean;
  /** The host said it does not know the request: what became of it is to be found out. */
  onRefused(listener: (host: string) => void): void;
  /** Refused, and no attempt before can have arrived: somebody else was faster. */
  wasRefused(id: string): boolean;
  tick(): void;
  drain(): Promise<void>;
  readonly running: number;
}

export function createDeliveries(
  { hosts, metrics, log, now, steady }: AskPorts,
  { book, cards, deliver }: { book: AskBook; cards: AskCards; deliver: Deliver },
): Deliveries {
  const running = new Map<string, Promise<void>>();
  const retryAt = new Map<string, number>();
  const refused = new Set<string>();
  /** Sent once, perhaps, and nobody heard of it. */
  const uncertain = new Set<string>();
  let tellRefused: (host: string) => void = () => {};
  let draining = false;

  const attempt = async (id: string): Promise<void> => {
    const ask = book.live.get(id);
    if (ask?.status !== 'answered') return;
    retryAt.set(id, steady() + retryMs);
    const wasUncertain = uncertain.has(id);
    if (!isHostAsk(ask) || hosts.isConnected(ask.source.host)) uncertain.add(id);
    const delivery = await deliver(ask);
    if (delivery === 'away') return cards.setUndelivered(id, true);
    if (delivery === 'refused') {
      if (!wasUncertain) refused.add(id);
      if (isHostAsk(ask)) tellRefused(ask.source.host);
      return;
    }
    const { changed } = await book.change(id, (latest) =>
      latest.status === 'answered' ? { ...latest, status: 'delivered' } : latest,
    );
    cards.setUndelivered(id, false);
    // Given once more, it was on no way since it was decided.
    if (changed && !ask.again && ask.endedAt !== null)
      metrics.observe('permission_forward_latency_seconds', (now() - ask.endedAt) / 1000, {
        kind: ask.body.kind,
      });
    forget(id);
  };

  const forget = (id: string): void => {
    retryAt.delete(id);
    refused.delete(id);
    uncertain.delete(id);
  };

  const begin = (ask: Ask): void => {
    const { id } = ask;
    if (running.has(id) || draining) return;
    const task = attempt(id)
      .catch((error: unknown) => log.error({ err: describeError(error), ask: id }, 'asks.delivery.failed'))
      .finally(() => running.delete(id));
    running.set(id, task);
  };

  return {
    begin,
    resume(ask) {
      uncertain.add(ask.id);
      begin(ask);
    },
    isRunning: (id) => running.has(id),
    onRefused: (listener) => void (tellRefused = listener),
    wasRefused: (id) => refused.has(id),
    tick() {
      for (const [id, at] of retryAt) {
        const ask = book.live.get(id);
        if (ask?.status !== 'answered') {
          forget(id);
          continue;
        }
        // A host that is away is waited for; its first snapshot says how to go on.
        if (steady() < at || (isHostAsk(ask) && !hosts.isConnected(ask.source.host))) continue;
        retryAt.set(id, steady() + retryMs);
        if (isHostAsk(ask)) tellRefused(ask.source.host);
        else begin(ask);
      }
    },
    async drain() {
      draining = true;
      await Promise.allSettled(running.values());
    },
    get running() {
      return running.size;
    },
  };
}
