import type { StoredMessage } from '../slack/store/model.ts';
import type { SlackServer } from '../slack/types.ts';
import { fileOf, type Kind, marksOf, wordsOf } from './talk.ts';

/** A message somebody wrote, and what it is owed. */
export interface Said {
  readonly id: string;
  readonly kind: Kind;
  readonly channel: string;
  /** Root of its thread; '' for the top level of a DM. */
  readonly thread: string;
  readonly ts: string;
  /** `answered`: exactly once. `maybe`: stopped, at most once. `never`: removed from the queue in time. */
  fate: 'answered' | 'maybe' | 'never';
  /** Sent ahead of others, so that the order of answers is not that of the messages. */
  jumped: boolean;
}

/** Notes what was said, and compares it with what is seen in Slack. */
export interface Ledger {
  readonly said: readonly Said[];
  /** In a channel; without `thread` it mentions the bot and begins one. */
  say(kind: Kind, place: { channel: string; thread?: string; by?: string }): Promise<Said>;
  dm(kind: Kind, place?: { thread?: string }): Promise<Said>;
  /** Everything that is not as it must be once all is quiet. */
  problems(): string[];
  transcripts(): string;
}

export function createLedger(slack: SlackServer): Ledger {
  const said: Said[] = [];
  const note = (kind: Kind, place: Pick<Said, 'channel' | 'thread' | 'ts' | 'id'>): Said => {
    const one: Said = { ...place, kind, fate: 'answered', jumped: false };
    said.push(one);
    return one;
  };
  const channels = () => [...new Set(said.map(({ channel }) => channel))];

  return {
    said,
    async say(kind, { channel, thread, by = 'U_ANNA' }) {
      const id = `m${said.length + 1}`;
      const words = thread === undefined ? `<@${slack.botUserId}> ${wordsOf(id, kind)}` : wordsOf(id, kind);
      const ts = await slack.as(by).post(channel, words, thread === undefined ? {} : { threadTs: thread });
      return note(kind, { id, channel, thread: thread ?? ts, ts });
    },
    async dm(kind, { thread } = {}) {
      const id = `m${said.length + 1}`;
      const ts = await slack
        .as('U_ANNA')
        .dm(wordsOf(id, kind), thread === undefined ? {} : { threadTs: thread });
      return note(kind, { id, channel: dmOf(slack), thread: thread ?? '', ts });
    },
    problems: () => [
      ...channels().flatMap((channel) => channelProblems(slack, channel, said)),
      ...threadsOf(said).flatMap((thread) => threadProblems(slack, thread)),
    ],
    transcripts: () =>
      channels()
        .map((channel) => slack.transcript(channel))
        .filter(
          (text, index) => channelProblems(slack, channels()[index] ?? '', said).length > 0 || text === '',
        )
        .join('\n'),
  };
}

/** The DM of Anna and the app. */
function dmOf(slack: SlackServer): string {
  const entry = slack.journal.findLast(
    ({ kind, name, channel }) => kind === 'person' && name === 'U_ANNA.post' && channel?.startsWith('D'),
  );
  return entry?.channel ?? '';
}

function channelProblems(slack: SlackServer, channel: string, all: readonly Said[]): string[] {
  const seen = slack.transcript(channel);
  const mine = all.filter((one) => one.channel === channel);
  const messages = slack
    .messages(channel)
    .flatMap(({ ts }) => slack.thread(channel, ts))
    .filter(({ subtype }) => subtype !== 'tombstone');
  const silent = mine.filter(({ kind, fate }) => kind === 'silent' && fate === 'answered').length;
  const wrong = (what: string, pattern: RegExp, wanted: number) => {
    const count = [...seen.matchAll(pattern)].length;
    return count === wanted ? [] : [`${channel}: ${what} ${count} times, not ${wanted}`];
  };
  return [
    ...mine.flatMap((one) => answerProblems(seen, messages, one)),
    ...messages.flatMap((message) => messageProblems(channel, message)),
    ...repeatedIds(messages).map((id) => `${channel}: posted twice: ${id}`),
    ...wrong('silence', /ended without an answer/g, silent),
    ...wrong('failure', /❌ (?!The agent was cut off)/gu, 0),
    ...wrong('status', /status: processing/g, 0),
    ...wrong('card', /🤔|🔧|⏳/gu, 0),
    ...wrong('queue notice', /Queued at position/g, 0),
  ];
}

function answerProblems(seen: string, messages: readonly StoredMessage[], one: Said): string[] {
  const { id, kind, fate } = one;
  const most = fate === 'never' ? 0 : 1;
  const least = fate === 'answered' && !isGivenUp(messages, one) ? 1 : 0;
  const counts = marksOf(id, kind).map((mark) => [mark, seen.split(mark).length - 1] as const);
  if (kind === 'file') {
    const shown = messages.flatMap(({ files }) => files).filter(({ name }) => name === fileOf(id));
    counts.push([fileOf(id), shown.length]);
  }
  return counts
    .filter(([, count]) => count < least || count > most)
    .map(([mark, count]) => `${one.channel}: ${mark} of ${id} (${kind}, ${fate}) seen ${count} times`);
}

/** Cut off so often that the person was told so, which is an answer, too. */
function isGivenUp(messages: readonly StoredMessage[], { ts }: Said): boolean {
  return messages.some(
    (message) => idOf(message)?.endsWith(`/${ts}/end`) && JSON.stringify(message.blocks).includes('cut off'),
  );
}

function idOf({ metadata }: StoredMessage): string | undefined {
  const payload = metadata?.['event_payload'] as { id?: unknown } | undefined;
  return typeof payload?.id === 'string' ? payload.id : undefined;
}

function messageProblems(channel: string, { ts, reactions, stream, bot }: StoredMessage): string[] {
  const eyes = reactions.some(({ name }) => name === 'eyes');
  return [
    ...(eyes ? [`${channel}: 👀 left on ${ts}`] : []),
    ...(bot && stream?.state === 'open' ? [`${channel}: stream left open at ${ts}`] : []),
  ];
}

function repeatedIds(messages: readonly StoredMessage[]): string[] {
  const ids = messages.map(idOf).filter((id) => id !== undefined);
  return ids.filter((id, index) => ids.indexOf(id) !== index);
}

function threadsOf(said: readonly Said[]): Said[][] {
  return [...Map.groupBy(said, ({ channel, thread }) => `${channel} ${thread}`).values()];
}

/** IN-6: answers come in the order of the messages. */
function threadProblems(slack: SlackServer, thread: readonly Said[]): string[] {
  const [first] = thread;
  if (first === undefined) return [];
  const seen =
    first.thread === '' ? slack.transcript(first.channel) : slack.transcript(first.channel, first.thread);
  const places = thread
    .filter(({ fate, jumped, kind }) => fate === 'answered' && !jumped && kind !== 'silent')
    .map((one) => ({ id: one.id, at: seen.indexOf(marksOf(one.id, one.kind).at(-1) ?? '') }))
    .filter(({ at }) => at >= 0);
  return places.flatMap(({ id, at }, index) => {
    const before = places[index - 1];
    return before !== undefined && before.at > at ? [`${id} was answered before ${before.id}`] : [];
  });
}
