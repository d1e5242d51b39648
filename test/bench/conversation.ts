import type { StoredMessage } from '../slack/store/model.ts';
import type { SlackServer } from '../slack/types.ts';

/** One turn as its person sees it; ms since the message was posted. */
export interface TurnTimes {
  readonly visibleMs: number;
  /** 👀 was on the message; undefined when the turn was over first. */
  readonly eyesMs: number | undefined;
  /** The reply is there, 👀 and status are gone. */
  readonly endedMs: number;
}

/** A thread that exists, or is begun by the next message. */
export interface Place {
  readonly channel: string;
  thread?: string;
}

export interface Conversation extends Disposable {
  /** Says a word nobody said before in the place, mentioning the bot, and waits for its echo and for the turn's end. */
  turn(place: Place, deadlineMs?: number): Promise<TurnTimes>;
  /** Says it and waits for nothing. @returns the word */
  post(place: Place): Promise<string>;
}

interface Expectation {
  readonly place: Place;
  readonly messageTs: string;
  readonly word: string;
  readonly postedAt: number;
  visibleMs: number | undefined;
  eyesMs: number | undefined;
  readonly done: PromiseWithResolvers<TurnTimes>;
}

const person = 'U_ANNA';

/** Looks at a channel only when something changed in it, so that 50 threads cost the bench little. */
export function createConversation(slack: SlackServer): Conversation {
  const waiting = new Map<string, Set<Expectation>>();
  let counter = 0;

  const look = (channel: string) => {
    for (const expectation of waiting.get(channel) ?? []) {
      const { place, postedAt, word, messageTs, done } = expectation;
      const threadTs = place.thread ?? messageTs;
      const now = performance.now() - postedAt;
      if (hasEyes(slack, channel, messageTs)) expectation.eyesMs ??= now;
      if (expectation.visibleMs === undefined && slack.thread(channel, threadTs).some(isEchoOf(word)))
        expectation.visibleMs = now;
      if (expectation.visibleMs === undefined || isMarked(slack, channel, messageTs, threadTs)) continue;
      waiting.get(channel)?.delete(expectation);
      const { visibleMs, eyesMs } = expectation;
      done.resolve({ visibleMs, eyesMs, endedMs: now });
    }
  };
  const unwatch = slack.watchChanges(({ channel }) => {
    if (channel !== undefined && (waiting.get(channel)?.size ?? 0) > 0) look(channel);
  });

  const post = async (place: Place) => {
    counter += 1;
    const word = `w${counter}w`;
    const options = place.thread === undefined ? {} : { threadTs: place.thread };
    const postedAt = performance.now();
    const ts = await slack.as(person).post(place.channel, `<@${slack.botUserId}> ${word}`, options);
    place.thread ??= ts;
    return { word, ts, postedAt };
  };

  return {
    post: async (place) => (await post(place)).word,
    async turn(place, deadlineMs = 60_000) {
      const { word, ts, postedAt } = await post(place);
      const done = Promise.withResolvers<TurnTimes>();
      const own = waiting.get(place.channel) ?? new Set();
      waiting.set(
        place.channel,
        own.add({ place, messageTs: ts, word, postedAt, visibleMs: undefined, eyesMs: undefined, done }),
      );
      const timer = setTimeout(
        () => done.reject(new Error(`no end of ${word}:\n${slack.transcript(place.channel, place.thread)}`)),
        deadlineMs,
      );
      try {
        return await done.promise;
      } finally {
        clearTimeout(timer);
      }
    },
    [Symbol.dispose]: unwatch,
  };
}

export function isEchoOf(word: string) {
  return ({ bot, text }: StoredMessage) => bot && text.includes(`echo ${word}`);
}

function hasEyes(slack: SlackServer, channel: string, ts: string): boolean {
  return slack.message(channel, ts)?.reactions.some(({ name }) => name === 'eyes') ?? false;
}

function isMarked(slack: SlackServer, channel: string, messageTs: string, threadTs: string): boolean {
  if (hasEyes(slack, channel, messageTs)) return true;
  return slack.status(channel, threadTs)?.status === 'processing';
}
