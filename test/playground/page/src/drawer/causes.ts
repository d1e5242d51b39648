/** The journal as stories: what somebody did, what the app was told of it, and what the app then did. Pure. */
import type { JournalEntry } from '../wire.ts';

export interface Cause {
  /** seq of its first entry. */
  readonly key: number;
  /** Milliseconds since the server started. */
  readonly at: number;
  /** Who: a user id; '' for the app by itself or Slack. */
  readonly by: string;
  readonly title: string;
  readonly channel: string;
  readonly thread: string;
  readonly entries: readonly JournalEntry[];
}

interface Growing extends Cause {
  readonly entries: JournalEntry[];
  thread: string;
}

/** Calls that name no thread are taken for part of what happened this long before. Milliseconds. */
const nearMs = 2_000;
/** A person's act and the events it makes are written down in one go, in which a busy machine may pause. Milliseconds. */
const sameActMs = 1_000;

/**
 * Groups entries by what they were caused by. A person's act begins a group; its event, deliveries and acks
 * follow by their ids; calls belong to the newest group of their thread, which is a guess while several
 * messages of one thread are under way.
 * @param bot user id of the app, whose own posts come back to it as events
 */
export function groupByCause(entries: readonly JournalEntry[], bot: string): Cause[] {
  const causes: Growing[] = [];
  const byEvent = new Map<string, Growing>();
  const begin = (entry: JournalEntry, title: string, by = ''): Growing => {
    const { seq, at, channel = '', thread = entry.ts ?? '' } = entry;
    const cause = { key: seq, at, by, title, channel, thread, entries: [] };
    causes.push(cause);
    return cause;
  };
  const near = (entry: JournalEntry, withinMs = nearMs) =>
    causes.findLast((cause) => entry.at - (cause.entries.at(-1)?.at ?? cause.at) <= withinMs);
  const ofThread = (entry: JournalEntry) =>
    causes.findLast(
      ({ by, channel, thread }) => by !== '' && channel === entry.channel && thread === entry.thread,
    );

  const place = (entry: JournalEntry): Growing => {
    switch (entry.kind) {
      case 'person': {
        const [by = '', act = ''] = entry.name.split('.');
        return begin(entry, act, by);
      }
      case 'event': {
        const own = entry.by === bot;
        const act = causes.findLast(
          (cause) => cause.by === entry.by && entry.at - cause.at <= sameActMs && cause.by !== '',
        );
        const cause = own
          ? (near(entry) ?? begin(entry, entry.name))
          : (act ?? begin(entry, entry.name, entry.by));
        // A new thread has its root's ts, which the act could not name.
        if (!own && cause.thread === '') cause.thread = entry.thread ?? entry.ts ?? '';
        if (entry.id !== undefined) byEvent.set(entry.id, cause);
        return cause;
      }
      case 'envelope':
      case 'ack':
      case 'unacked':
      case 'given-up': {
        const known = byEvent.get(entry.id ?? '');
        // Clicks and commands have no event: their act is the last one of that person.
        return known ?? causes.findLast(({ by }) => by !== '' && by === entry.by) ?? begin(entry, entry.name);
      }
      case 'call':
      case 'response_url':
        return (entry.thread === undefined ? near(entry) : ofThread(entry)) ?? begin(entry, entry.name);
      default:
        return begin(entry, `${entry.kind} ${entry.name}`);
    }
  };
  for (const entry of entries) place(entry).entries.push(entry);
  return causes;
}

export type Weight = 'fine' | 'slow' | 'failed';

/** Slack gives up on an app after 3 s; a tenth of it is what we want (IN-4). */
const slowMs = 300;

/** @returns how an entry went */
export function weigh({ kind, outcome, ms = 0 }: JournalEntry): Weight {
  if (kind === 'unacked' || kind === 'given-up' || kind === 'fault') return 'failed';
  if (kind === 'call' && outcome !== undefined && outcome !== 'ok') return 'failed';
  return ms > slowMs ? 'slow' : 'fine';
}

/** What one line says of a whole cause. */
export function summarise({ entries }: Cause): { ackMs: number | undefined; calls: number; weight: Weight } {
  const weights = new Set(entries.map(weigh));
  return {
    ackMs: entries.find(({ kind, by }) => kind === 'ack' && by !== undefined)?.ms,
    calls: entries.filter(({ kind }) => kind === 'call').length,
    weight: weights.has('failed') ? 'failed' : weights.has('slow') ? 'slow' : 'fine',
  };
}

/** @returns whether the words (all of them) are somewhere in the entry */
function matches(entry: JournalEntry, words: string): boolean {
  const text = Object.values(entry).join(' ').toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** Newest this many causes that have something of what is asked for, with only that in them. */
export function filterCauses(
  causes: readonly Cause[],
  words: string,
  troubleOnly: boolean,
  limit = 150,
): Cause[] {
  const kept: Cause[] = [];
  for (let at = causes.length - 1; at >= 0 && kept.length < limit; at--) {
    const cause = causes[at];
    if (!cause) continue;
    const whole = words === '' || `${cause.by}.${cause.title}`.toLowerCase().includes(words.toLowerCase());
    const entries = cause.entries.filter(
      (entry) => (whole || matches(entry, words)) && (!troubleOnly || weigh(entry) !== 'fine'),
    );
    if (entries.length > 0) kept.unshift({ ...cause, entries });
  }
  return kept;
}
