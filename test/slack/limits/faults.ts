import type { Clock } from '../clock.ts';

/**
 * What goes wrong with a call.
 * `reset-after` and `hang-after` apply the effect and lose the answer: the caller is left in doubt.
 */
type FaultKind =
  | 'ratelimited' // 429 with Retry-After
  | 'status' // an HTTP status such as 500 or 503
  | 'error' // HTTP 200 with ok:false
  | 'html' // HTTP 200 with a page instead of JSON
  | 'hang' // never answers, nothing done
  | 'hang-after' // done, never answers
  | 'reset' // connection cut, nothing done
  | 'reset-after' // done, connection cut
  | 'slow'; // done and answered, `delayMs` later

export interface Fault {
  /** Web API method, `*` for all of them, or `upload` and `download` for the file hosts. */
  readonly method: string;
  readonly kind: FaultKind;
  /** Only calls about this channel. */
  readonly channel?: string | undefined;
  readonly status?: number | undefined;
  readonly error?: string | undefined;
  /** Seconds, default 1. */
  readonly retryAfter?: number | undefined;
  readonly delayMs?: number | undefined;
  /** How often; default once, or without end when `forMs` is given. */
  readonly times?: number | undefined;
  /** For how many real milliseconds. */
  readonly forMs?: number | undefined;
}

export interface FaultBox {
  /** @returns the function that takes the fault out again. */
  add(fault: Fault): () => void;
  clear(): void;
  /** Faults still armed. */
  readonly armed: readonly Fault[];
  /** Takes the first fault that fits a call; counts it down. */
  take(method: string, channel: string | undefined): Fault | undefined;
}

const fileHosts = new Set(['upload', 'download']);

/** @returns an empty box of faults. */
export function createFaultBox(clock: Clock): FaultBox {
  let armed: { fault: Fault; left: number; until: number }[] = [];
  const live = () => {
    armed = armed.filter(({ left, until }) => left > 0 && clock.now() < until);
    return armed;
  };
  return {
    add(fault) {
      const left = fault.times ?? (fault.forMs === undefined ? 1 : Infinity);
      const until = fault.forMs === undefined ? Infinity : clock.now() + fault.forMs;
      const entry = { fault, left, until };
      armed.push(entry);
      return () => {
        armed = armed.filter((other) => other !== entry);
      };
    },
    clear() {
      armed = [];
    },
    get armed() {
      return live().map(({ fault }) => fault);
    },
    take(method, channel) {
      const entry = live().find(
        ({ fault }) =>
          (fault.method === method || (fault.method === '*' && !fileHosts.has(method))) &&
          (fault.channel === undefined || fault.channel === channel),
      );
      if (!entry) return undefined;
      entry.left--;
      return entry.fault;
    },
  };
}
