import type { Changes } from './changes.ts';
import type { Clock } from './clock.ts';

type JournalKind =
  | 'person' // somebody did something in the client
  | 'event' // an event was made for the app
  | 'envelope' // one attempt to deliver it
  | 'ack' // the app acknowledged (`ms` since the envelope)
  | 'unacked' // the attempt failed
  | 'given-up' // no attempt is left
  | 'call' // a Web API call (`ms` it took, `outcome` ok or the error code)
  | 'response_url'
  | 'socket'
  | 'fault';

export interface JournalEntry {
  readonly seq: number;
  /** Milliseconds since the server started. */
  readonly at: number;
  readonly kind: JournalKind;
  /** Event type, method, command, callback id… */
  readonly name: string;
  readonly channel?: string | undefined;
  /** Message or thread the entry concerns. */
  readonly ts?: string | undefined;
  /** Root of the thread, where the request names one. */
  readonly thread?: string | undefined;
  /** User id of whoever is behind an event. */
  readonly by?: string | undefined;
  /** event_id for events; it ties the attempts of one event together. */
  readonly id?: string | undefined;
  readonly envelopeId?: string | undefined;
  readonly attempt?: number | undefined;
  readonly ms?: number | undefined;
  readonly outcome?: string | undefined;
  readonly data?: unknown;
}

type JournalNote = Omit<JournalEntry, 'seq' | 'at'>;

export interface Journal {
  readonly entries: readonly JournalEntry[];
  /** @param detail what was sent and answered; kept for the newest entries only, and apart from them */
  add(note: JournalNote, detail?: unknown): void;
  /** The detail of an entry, if it has one and is young enough. */
  detail(seq: number): unknown;
  /** Entries with a `seq` greater than this. */
  after(seq: number): JournalEntry[];
}

/** Details can be as large as a channel's history. */
const detailsKept = 1_000;

/** @param limit entries kept in memory; the oldest tenth goes when it is passed. */
export function createJournal(clock: Clock, changes: Changes, limit = 20_000): Journal {
  const startedAt = clock.now();
  let entries: JournalEntry[] = [];
  const details = new Map<number, unknown>();
  let seq = 0;
  return {
    get entries() {
      return entries;
    },
    detail: (seq) => details.get(seq),
    add(note, detail) {
      entries.push({ seq: ++seq, at: Math.round(clock.now() - startedAt), ...note });
      if (detail !== undefined) details.set(seq, detail);
      details.delete(seq - detailsKept);
      if (entries.length > limit) entries = entries.slice(Math.ceil(limit / 10));
      changes.emit({ kind: 'journal', channel: note.channel });
    },
    after: (after) => entries.filter((entry) => entry.seq > after),
  };
}
