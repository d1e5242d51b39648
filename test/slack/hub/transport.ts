import type { Json } from '../store/model.ts';

export type EnvelopeType = 'events_api' | 'interactive' | 'slash_commands';

interface Outgoing {
  readonly type: EnvelopeType;
  readonly payload: Json;
  readonly attempt: number;
  readonly reason: string;
}

/** What became of one attempt. `retry: false` when the app asked for none (x-slack-no-retry). */
export type SendOutcome =
  | { readonly acked: true; readonly payload: Json; readonly ms: number }
  | { readonly acked: false; readonly reason: string; readonly retry: boolean };

/** One way to the app: its sockets, or its request URL. */
export interface Transport {
  /** One attempt; never rejects. `ackMs` is how long the app has. */
  send(outgoing: Outgoing, ackMs: number): Promise<SendOutcome>;
}

/** @returns milliseconds with one decimal: fine enough for the p95 of acks, short in a journal. */
export function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
