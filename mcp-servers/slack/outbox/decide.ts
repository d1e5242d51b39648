import { chatRemembersMs, type ThreadRef, threadKey } from '../../kit/chat.ts';
import type { Failure } from '../slack-failure.ts';
import type { Entry, ThreadOutbox, Wish } from './entry.ts';

/** Waits before the second and later tries, ms (SPEC OUT-1). */
const retryDelaysMs = [1000, 2000, 4000, 8000, 16_000];

/** Ids remembered per thread. */
const rememberedIds = 500;

export function emptyOutbox(ref: ThreadRef): ThreadOutbox {
  return { ref, entries: [], sent: {}, streams: {} };
}

/** True when this message is out or on its way. */
export function isSaid({ entries, sent }: ThreadOutbox, id: string): boolean {
  return sent[id] !== undefined || entries.some(({ wish }) => wish.id === id && isMessage(wish));
}

function isMessage({ op }: Wish): boolean {
  return op === 'post' || op === 'put' || op === 'finish' || op === 'upload';
}

/** Ids of all messages that are out or on their way, without those of parts. A stream not yet finished is not said. */
export function saidIds({ entries, sent, streams }: ThreadOutbox): string[] {
  const out = Object.keys(sent).filter((id) => streams[id] === undefined);
  const waiting = entries.filter(({ wish }) => isMessage(wish)).map(({ wish }) => wish.id);
  return [...new Set([...out, ...waiting])].filter((id) => !id.includes('#'));
}

/** The ids of a message's parts that are out or on their way: `id`, `id#2`, `id#3`… */
export function partsSaid(state: ThreadOutbox, id: string): number {
  let count = 0;
  while (isSaid(state, partId(id, count))) count += 1;
  return count;
}

/** @param index from 0 */
export function partId(id: string, index: number): string {
  return index === 0 ? id : `${id}#${index + 1}`;
}

/** A later wish for the same message makes this one pointless. */
export function isSuperseded({ entries }: ThreadOutbox, entry: Entry): boolean {
  if (entry.wish.op !== 'put') return false;
  return entries.some(
    ({ order, wish }) =>
      order > entry.order && wish.id === entry.wish.id && (wish.op === 'put' || wish.op === 'delete'),
  );
}

/** The state once an entry is done. Pure. @param ts '' where there is no message to change later */
export function withDone(state: ThreadOutbox, entry: Entry, ts: string, now: number): ThreadOutbox {
  const { id } = entry.wish;
  const entries = state.entries.filter(({ key }) => key !== entry.key);
  if (!isMessage(entry.wish)) return { ...state, entries };
  const { [id]: _, ...streams } = state.streams;
  const { [id]: __, ...others } = state.sent;
  const remembered = Object.entries(others)
    .filter(([, { at }]) => now - at < chatRemembersMs)
    .slice(-(rememberedIds - 1));
  return { ...state, entries, streams, sent: { ...Object.fromEntries(remembered), [id]: { ts, at: now } } };
}

/** True when nothing of this thread is worth keeping. */
export function isForgettable({ entries, sent, streams }: ThreadOutbox, now: number): boolean {
  if (entries.length > 0 || Object.keys(streams).length > 0) return false;
  return Object.values(sent).every(({ at }) => now - at >= chatRemembersMs);
}

/** The Web API method that counts for an entry's pace. */
export function methodOf({ wish }: Entry): string {
  switch (wish.op) {
    case 'post':
      return 'chat.postMessage';
    case 'put':
      return 'chat.update';
    case 'finish':
      return wish.streamed ? 'chat.stopStream' : 'chat.postMessage';
    case 'delete':
      return 'chat.delete';
    case 'upload':
      return 'files.completeUploadExternal';
    case 'unreact':
      return 'reactions.remove';
    case 'status':
      return 'agents.sessions.setStatus';
  }
}

/**
 * The queues an entry stands in. Posts keep the order of their thread and channel. What only changes something that stands
 * there already (an update, a removal, a mark, the status) waits for the posts before it, so that 👀 stays until the answer
 * is there, but never delays a later post: Slack allows 50 updates and 20 removed reactions a minute.
 */
export function gatesOf(ref: ThreadRef, entry: Entry): { gates: string[]; behind?: string[] } {
  const { wish } = entry;
  const thread = `thread ${threadKey(ref)}`;
  const channel = `${ref.team}:${ref.channel}`;
  switch (wish.op) {
    case 'unreact':
      return { gates: [reactionGate(ref, wish.message, wish.emoji)], behind: [thread] };
    case 'status':
      return { gates: [statusGate(ref)], behind: [thread] };
    case 'put':
    case 'delete':
      return { gates: [`${wish.op} ${channel}`, messageGate(ref, wish.id)], behind: [thread] };
    case 'post':
    case 'upload':
      return { gates: [thread, `post ${channel}`, messageGate(ref, wish.id)] };
    case 'finish': {
      const posts = methodOf(entry) === 'chat.postMessage';
      return { gates: [thread, `${posts ? 'post' : 'finish'} ${channel}`, messageGate(ref, wish.id)] };
    }
  }
}

export function messageGate(ref: ThreadRef, id: string): string {
  return `message ${threadKey(ref)} ${id}`;
}

export function reactionGate(ref: ThreadRef, message: string, emoji: string): string {
  return `reaction ${ref.channel} ${message} ${emoji}`;
}

export function statusGate(ref: ThreadRef): string {
  return `status ${threadKey(ref)}`;
}

export type NextStep =
  | { readonly kind: 'wait'; readonly ms: number; readonly doubt: boolean; readonly counts: boolean }
  /** `revivable`: Slack was away, not unwilling. */
  | { readonly kind: 'bury'; readonly reason: string; readonly revivable: boolean }
  /** Decoration that Slack will not have: nobody is told twice. */
  | { readonly kind: 'skip'; readonly reason: string };

/** @param tries how often this entry has failed before, not counting 429 */
export function decideAfterFailure({ wish }: Entry, failure: Failure, tries: number): NextStep {
  const decoration = wish.op === 'unreact' || wish.op === 'status';
  if (failure.kind === 'rate_limited') {
    return { kind: 'wait', ms: failure.retryAfterMs, doubt: false, counts: false };
  }
  if (failure.kind === 'refused')
    return decoration
      ? { kind: 'skip', reason: failure.code }
      : { kind: 'bury', reason: failure.code, revivable: false };
  const ms = retryDelaysMs[tries];
  if (ms !== undefined) return { kind: 'wait', ms, doubt: true, counts: true };
  const reason = `unreachable: ${failure.reason}`;
  return decoration ? { kind: 'skip', reason } : { kind: 'bury', reason, revivable: true };
}
