import type { Clock } from '../clock.ts';
import type { Pace } from './pace.ts';

/** A call that waits for its turn. */
export interface Ticket {
  /** It starts when it is the first in each of these queues, and holds them until it ends. */
  readonly gates: readonly string[];
  /** It also waits for what came earlier in these queues, without holding up what comes later. */
  readonly behind?: readonly string[];
  readonly method: string;
  readonly channel: string;
  /** Given up rather than retried, and dropped when something durable comes for one of its gates. */
  readonly droppable: boolean;
  /** By the clock's `steady`; for waiting after a failure. 0: at once. */
  notBefore: number;
  /** Must not throw. 'again' leaves the ticket where it is, in all its queues. */
  run(): Promise<'done' | 'again'>;
}

/** What waits to be sent, in order, and the starting of what may go. */
export interface Line {
  /** Starts it at once when it can go; no timer is between. */
  add(ticket: Ticket): void;
  /** Waiting droppable tickets with this gate, which are not running. */
  readonly dropWaiting: (gate: string) => void;
  /** Looks again: a pace or a pause has changed. */
  pump(): void;
  /** Starts nothing any more. */
  stop(): void;
  /** Durable tickets not done, running ones included. */
  readonly depth: number;
  /** Resolves when nothing durable is left, or nothing runs after `stop`. */
  whenQuiet(): Promise<void>;
}

export function createLine({ clock, pace }: { clock: Clock; pace: Pace }): Line {
  const waiting = new Set<Ticket>();
  const running = new Set<Ticket>();
  const quiet: (() => void)[] = [];
  let timer: Disposable | undefined;
  let stopped = false;

  const start = async (ticket: Ticket) => {
    running.add(ticket);
    pace.take(ticket.method, ticket.channel);
    const outcome = await ticket.run();
    running.delete(ticket);
    if (outcome === 'done') waiting.delete(ticket);
    pump();
  };

  const depth = () => [...waiting].filter(({ droppable }) => !droppable).length;

  /** One pass in order of arrival. A ticket that cannot go keeps what is behind it in its queues. */
  const pump = () => {
    timer?.[Symbol.dispose]();
    timer = undefined;
    const taken = new Set<string>();
    let wakeInMs = Number.POSITIVE_INFINITY;
    for (const ticket of waiting) {
      const first = [...ticket.gates, ...(ticket.behind ?? [])].every((gate) => !taken.has(gate));
      for (const gate of ticket.gates) taken.add(gate);
      if (!first || stopped || running.has(ticket)) continue;
      const delay = Math.max(
        ticket.notBefore - clock.steady(),
        pace.delay(ticket.method, ticket.channel, ticket.droppable),
      );
      if (delay <= 0) void start(ticket);
      else wakeInMs = Math.min(wakeInMs, delay);
    }
    if (Number.isFinite(wakeInMs)) timer = clock.after(wakeInMs, pump);
    const isQuiet = stopped ? running.size === 0 : depth() === 0;
    if (isQuiet) for (const resolve of quiet.splice(0)) resolve();
  };

  const dropWaiting = (gate: string) => {
    for (const ticket of waiting) {
      if (ticket.droppable && !running.has(ticket) && ticket.gates.includes(gate)) waiting.delete(ticket);
    }
  };

  return {
    add(ticket) {
      if (!ticket.droppable) for (const gate of ticket.gates) dropWaiting(gate);
      waiting.add(ticket);
      pump();
    },
    dropWaiting,
    pump,
    stop() {
      stopped = true;
      pump();
    },
    get depth() {
      return depth();
    },
    whenQuiet() {
      const { promise, resolve } = Promise.withResolvers<void>();
      quiet.push(resolve);
      pump();
      return promise;
    },
  };
}
