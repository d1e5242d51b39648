import type { Message } from './wire.ts';

/** Messages as far as they were loaded, oldest first. Lists and messages that did not change stay the same object. */
export interface Conversations {
  /** Roots by channel. */
  readonly roots: Readonly<Record<string, readonly Message[]>>;
  /** Root (where it is not deleted) and replies, by `channel:root`. */
  readonly threads: Readonly<Record<string, readonly Message[]>>;
}

export const noConversations: Conversations = { roots: {}, threads: {} };

export function threadKey(channel: string, root: string): string {
  return `${channel}:${root}`;
}

function same(one: Message | undefined, other: Message): boolean {
  return one !== undefined && JSON.stringify(one) === JSON.stringify(other);
}

/** @returns the list as loaded anew, with the old objects wherever nothing changed */
export function replaceAll(old: readonly Message[] = [], fresh: readonly Message[]): readonly Message[] {
  const known = new Map(old.map((message) => [message.ts, message]));
  const merged = fresh.map((message) => {
    const before = known.get(message.ts);
    return before && same(before, message) ? before : message;
  });
  const unchanged = merged.length === old.length && merged.every((message, at) => message === old[at]);
  return unchanged ? old : merged;
}

/** @returns the list with some messages asked for again: there now, changed, or gone */
function replaceSome(
  old: readonly Message[],
  asked: ReadonlySet<string>,
  found: readonly Message[],
): readonly Message[] {
  const fresh = new Map(found.map((message) => [message.ts, message]));
  const kept = old.flatMap((message) => {
    if (!asked.has(message.ts)) return [message];
    const now = fresh.get(message.ts);
    fresh.delete(message.ts);
    return now ? [same(message, now) ? message : now] : [];
  });
  if (fresh.size === 0) {
    const unchanged = kept.length === old.length && kept.every((message, at) => message === old[at]);
    return unchanged ? old : kept;
  }
  return [...kept, ...fresh.values()].sort((one, other) => (one.ts < other.ts ? -1 : 1));
}

/** @returns the conversations after some messages of a channel were asked for again */
export function applySome(
  { roots, threads }: Conversations,
  channel: string,
  asked: ReadonlySet<string>,
  found: readonly Message[],
): Conversations {
  const list = roots[channel];
  const rootsFound = found.filter((message) => !message.is_reply);
  const nextRoots = list ? replaceSome(list, asked, rootsFound) : undefined;
  let nextThreads = threads;
  for (const [key, old] of Object.entries(threads)) {
    if (!key.startsWith(`${channel}:`)) continue;
    const root = key.slice(channel.length + 1);
    const ofThread = found.filter((message) => message.ts === root || message.thread_ts === root);
    const next = replaceSome(old, asked, ofThread);
    if (next !== old) nextThreads = { ...nextThreads, [key]: next };
  }
  return {
    roots: nextRoots && nextRoots !== list ? { ...roots, [channel]: nextRoots } : roots,
    threads: nextThreads,
  };
}

/** What a person sees: not what is for somebody else's eyes only. */
export function visibleTo(person: string, messages: readonly Message[]): readonly Message[] {
  return messages.filter(({ ephemeral_to }) => ephemeral_to === undefined || ephemeral_to === person);
}
