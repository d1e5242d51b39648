import type { BridgeEvent, EventFrame } from '../protocol.ts';

export interface RingLimits {
  readonly events: number;
  /** Characters of JSON. */
  readonly size: number;
}

/** A minute of ten busy sessions; more is told by a resync. */
const defaultLimits: RingLimits = { events: 2_000, size: 2_000_000 };

interface Kept {
  readonly seq: number;
  readonly json: string;
}

/** The latest events by number, with a bound on memory: the oldest are forgotten. */
export interface Ring {
  /** Number of the latest event, 0 before the first. */
  readonly head: number;
  push(event: BridgeEvent): void;
  /** The frame with that number as JSON, or undefined when it is forgotten or not yet there. */
  frame(seq: number): string | undefined;
}

export function createRing(now: () => number, limits: RingLimits = defaultLimits): Ring {
  const kept: Kept[] = [];
  let head = 0;
  let size = 0;
  return {
    get head() {
      return head;
    },
    push(event) {
      head += 1;
      const frame: EventFrame = { type: 'event', seq: head, at: now(), event };
      const json = JSON.stringify(frame);
      kept.push({ seq: head, json });
      size += json.length;
      while (kept.length > limits.events || (size > limits.size && kept.length > 1))
        size -= kept.shift()?.json.length ?? 0;
    },
    frame: (seq) => kept[seq - (kept[0]?.seq ?? 0)]?.json,
  };
}
