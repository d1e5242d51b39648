/** What the tour looks at: only what can be seen live, never what was clicked. Pure. */
import type { ServiceState } from '../../../service-state.ts';
import type { JournalEntry, Message, ThreadStatus } from '../wire.ts';

export interface Facts {
  /** Unix ms. */
  readonly now: number;
  /** Who this tab is. */
  readonly person: string;
  /** User ids the service serves. */
  readonly allowed: readonly string[];
  readonly bot: string;
  readonly journal: readonly JournalEntry[];
  /** Everything loaded, threads included. */
  readonly messages: readonly Message[];
  readonly statuses: Readonly<Record<string, ThreadStatus>>;
  readonly service: ServiceState | undefined;
}

/** How things were when a step began; what was before does not count. */
export interface Since {
  /** Unix ms. */
  readonly at: number;
  /** Newest entry of the journal. */
  readonly seq: number;
  readonly starts: number;
  readonly openCodePid: number | undefined;
  readonly stopped: number;
}

export function sinceNow(facts: Facts): Since {
  const { now, journal, service } = facts;
  return {
    at: now,
    seq: journal.at(-1)?.seq ?? 0,
    starts: service?.starts ?? 0,
    openCodePid: service?.openCodePid,
    stopped: countSaying(facts, /Stopped by/),
  };
}

/** How long silence has to last to be believed. Milliseconds. */
const silenceMs = 3_000;

const textOf = ({ text, blocks }: Message) => `${text} ${JSON.stringify(blocks ?? [])}`;
const msOf = (ts: string) => Number(ts) * 1_000;
const threadOf = ({ ts, thread }: JournalEntry) => thread ?? ts ?? '';

export function countSaying({ messages }: Facts, words: RegExp): number {
  return messages.filter((message) => message.bot_id !== undefined && words.test(textOf(message))).length;
}

/** The bot said this after the step began. */
export function hasSaid({ messages }: Facts, { at }: Since, words: RegExp): boolean {
  return messages.some(
    (message) => message.bot_id !== undefined && msOf(message.ts) >= at && words.test(textOf(message)),
  );
}

/** Messages of people told to the service since. By time, too: the journal so far may have come late. */
function asked({ journal, allowed }: Facts, { seq, at }: Since, served: boolean): JournalEntry[] {
  return journal.filter(
    (entry) =>
      entry.seq > seq &&
      entry.kind === 'event' &&
      (entry.name === 'message' || entry.name === 'app_mention') &&
      msOf(entry.ts ?? '0') >= at &&
      entry.by !== undefined &&
      allowed.includes(entry.by) === served,
  );
}

export function isServed({ person, allowed }: Facts): boolean {
  return allowed.includes(person);
}

export function hasMentioned(facts: Facts, since: Since): boolean {
  return asked(facts, since, true).some(({ name }) => name === 'app_mention');
}

/** Somewhere a session is at work. */
export function isWorking({ statuses }: Facts): boolean {
  return Object.values(statuses).some(
    ({ status }) => !['', 'active', 'closed', 'suspended'].includes(status),
  );
}

/** A question of this step has its answer, and the turn is over: 👀 is taken off again. */
export function isAnswered(facts: Facts, since: Since): boolean {
  return asked(facts, since, true).some((event) => {
    const calls = callsIn(facts.journal, event);
    const spoke = calls.findIndex(({ name }) => name === 'chat.postMessage' || name === 'chat.stopStream');
    return spoke >= 0 && calls.some(({ name }) => name === 'reactions.remove');
  });
}

/** Of the questions of this step, one has its answer, and nothing was said twice below it. */
export function isAnsweredOnce(facts: Facts, since: Since): boolean {
  if (isWorking(facts)) return false;
  return asked(facts, since, true).some((event) => {
    const replies = facts.messages.filter(
      (message) =>
        message.bot_id !== undefined &&
        message.ephemeral_to === undefined &&
        message.thread_ts === threadOf(event) &&
        message.ts > (event.ts ?? ''),
    );
    const words = replies.map(({ text, ts }) => text || ts);
    return words.length > 0 && new Set(words).size === words.length;
  });
}

function callsIn(journal: readonly JournalEntry[], event: JournalEntry): JournalEntry[] {
  return journal.filter(
    ({ seq, kind, channel, thread }) =>
      seq > event.seq && kind === 'call' && channel === event.channel && thread === threadOf(event),
  );
}

export function strangerWrote(facts: Facts, since: Since): boolean {
  return asked(facts, since, false).length > 0;
}

/** Slack delivered it, the service took it, and called nothing about it. */
export function strangerMetSilence(facts: Facts, since: Since): boolean {
  return asked(facts, since, false).some((event) => {
    const acked = facts.journal.some(({ kind, id }) => kind === 'ack' && id === event.id);
    const waited = facts.now - msOf(event.ts ?? '0') > silenceMs;
    return acked && waited && callsIn(facts.journal, event).length === 0;
  });
}

export function serviceCameBack({ service }: Facts, since: Since): boolean {
  return service?.state === 'ready' && service.starts > since.starts;
}

export function openCodeCameBack({ service }: Facts, since: Since): boolean {
  return service?.openCodePid !== undefined && service.openCodePid !== since.openCodePid;
}
