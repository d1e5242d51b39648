import { isReply, rootOf, type StoredMessage } from './model.ts';

/**
 * Messages of all channels, indexed by channel and by thread. `ts` grows, so every list stays in order by
 * appending, and 10,000 messages cost a look-up no more than ten.
 */
export interface MessageStore {
  add(message: StoredMessage): void;
  get(channel: string, ts: string): StoredMessage | undefined;
  remove(message: StoredMessage): void;
  /** Messages of a channel that are not replies, oldest first. */
  roots(channel: string): readonly StoredMessage[];
  /** Replies to a root, oldest first, without the root. */
  replies(channel: string, root: string): readonly StoredMessage[];
  /** Replies also shown in the channel, and roots: what conversations.history lists. */
  timeline(channel: string): readonly StoredMessage[];
  all(): Iterable<StoredMessage>;
}

interface ChannelIndex {
  byTs: Map<string, StoredMessage>;
  roots: StoredMessage[];
  timeline: StoredMessage[];
  replies: Map<string, StoredMessage[]>;
}

/** @returns the first index whose message is at or after `ts`. */
export function indexAtOrAfter(list: readonly StoredMessage[], ts: string): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle]?.ts ?? '') < ts) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function createMessageStore(): MessageStore {
  const channels = new Map<string, ChannelIndex>();
  const indexOf = (channel: string): ChannelIndex => {
    let index = channels.get(channel);
    if (!index) {
      index = { byTs: new Map(), roots: [], timeline: [], replies: new Map() };
      channels.set(channel, index);
    }
    return index;
  };
  const take = (list: StoredMessage[] | undefined, message: StoredMessage) => {
    const at = list ? indexAtOrAfter(list, message.ts) : 0;
    if (list?.[at] === message) list.splice(at, 1);
  };
  return {
    add(message) {
      const index = indexOf(message.channel);
      index.byTs.set(message.ts, message);
      if (!isReply(message)) index.roots.push(message);
      if (!isReply(message) || message.broadcast) index.timeline.push(message);
      if (isReply(message)) {
        const list = index.replies.get(rootOf(message));
        if (list) list.push(message);
        else index.replies.set(rootOf(message), [message]);
      }
    },
    get: (channel, ts) => channels.get(channel)?.byTs.get(ts),
    remove(message) {
      const index = indexOf(message.channel);
      index.byTs.delete(message.ts);
      take(index.roots, message);
      take(index.timeline, message);
      take(index.replies.get(rootOf(message)), message);
    },
    roots: (channel) => channels.get(channel)?.roots ?? [],
    replies: (channel, root) => channels.get(channel)?.replies.get(root) ?? [],
    timeline: (channel) => channels.get(channel)?.timeline ?? [],
    *all() {
      for (const index of channels.values()) yield* index.byTs.values();
    },
  };
}
