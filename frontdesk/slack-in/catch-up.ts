/** IN-5: after downtime or a gap, re-reads what is served and handles what was missed. What was seen already is dropped by the threads. */
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { describeError } from '../../mcp-servers/kit/errors.ts';
import type { Log } from '../../mcp-servers/kit/log.ts';
import type { Collection } from '../../mcp-servers/kit/store/collection.ts';
import { SlackFailure } from '../../mcp-servers/slack/slack-failure.ts';
import type { SlackWeb } from '../../mcp-servers/slack/web.ts';
import type { Incoming } from '../threads/incoming.ts';
import type { ThreadRecord } from '../threads/record.ts';
import { type Allowlist, decideServe, homeOf } from './identity.ts';
import { parseMessage } from './parse.ts';
import { messageSchema, type SlackMessage } from './schema.ts';

/**
 * Up to where nothing of a channel was missed, as Slack's ts. Moved by a catch-up that read everything, and by
 * messages that come in while there is no gap.
 */
export const channelMarkSchema = z.object({ ts: z.string() });
export type ChannelMark = z.infer<typeof channelMarkSchema>;

export interface CatchUpOptions {
  readonly web: SlackWeb;
  readonly teamId: string;
  readonly botUserId: string;
  readonly allow: Allowlist;
  readonly records: Collection<ThreadRecord>;
  readonly marks: Collection<ChannelMark>;
  readonly onIncoming: (incoming: Incoming) => Promise<void>;
  readonly log: Log;
  /** Unix ms of Slack's clock: by ours, an hour ahead, what comes within that hour would be taken for read. */
  readonly now: () => number;
  readonly giveUp: AbortSignal;
}

/** Threads that were silent for longer are read again when somebody writes in them. */
const threadAgeMs = 14 * 24 * 3600 * 1000;
/** Newest first; each costs one call of 50 a minute (conversations.replies is T3). */
const threadLimit = 200;
const pageSize = 200;
const pageLimit = 10;
/** Events have no order: when a newer message was taken, one that is this much older may still have been under way. */
const overlapMs = 60_000;

/**
 * @returns whether everything was read and taken. Otherwise no mark was moved, and what was missed is still to be read.
 *   Never throws
 */
export async function catchUp(options: CatchUpOptions): Promise<boolean> {
  const { marks, log, now } = options;
  const start = toTs(now());
  try {
    const incoming: Incoming[] = [];
    const channels = await listChannels(options);
    const known = await readMarks(marks);
    // A channel seen for the first time: a DM begun, or an invitation that came, while we were away.
    const newest = [...known.values()].sort().at(-1) ?? start;
    const served = Map.groupBy(await activeThreads(options), ({ ref }) => ref.channel);
    for (const channel of channels) {
      const oldest = before(known.get(channel) ?? newest, overlapMs);
      const roots = await readRoots(options, channel, oldest);
      incoming.push(...roots.filter(({ ts }) => ts > oldest).flatMap((root) => toIncoming(options, root)));
      const threads = decideThreads(roots, served.get(channel) ?? [], oldest);
      for (const thread of threads) incoming.push(...(await readReplies(options, channel, thread)));
    }
    incoming.sort((a, b) => messageIdOf(a).localeCompare(messageIdOf(b)));
    options.giveUp.throwIfAborted();
    for (const item of incoming) await options.onIncoming(item);
    // Only now: a crash before this reads it all again.
    for (const channel of channels) await markChannel(marks, channel, start);
    log.info({ messages: incoming.length }, 'slack.catchup.read');
    return true;
  } catch (error) {
    if (!options.giveUp.aborted) log.error({ err: describeError(error) }, 'slack.catchup.failed');
    return false;
  }
}

interface ThreadToRead {
  readonly root: string;
  /** Message id, exclusive. */
  readonly since: string;
}

/**
 * The threads that may hold something missed: those that are served, unless their root says that nothing came; and
 * those with new replies that nobody called the bot into before. Pure.
 * @param oldest up to where nothing of the channel was missed
 */
export function decideThreads(
  roots: readonly SlackMessage[],
  served: readonly ThreadRecord[],
  oldest: string,
): ThreadToRead[] {
  const latest = new Map(roots.map(({ ts, latest_reply: reply }) => [ts, reply ?? '']));
  const known = served.map((record) => ({ root: record.ref.thread, since: sinceOf(record, oldest) }));
  const unknown = [...latest.keys()]
    .filter((root) => !known.some((thread) => thread.root === root))
    .map((root) => ({ root, since: root > oldest ? root : oldest }));
  return [...known, ...unknown].filter(({ root, since }) => (latest.get(root) ?? '~') > since);
}

/**
 * From where a served thread is read: its newest message may have come in while older ones were missed; but nothing
 * from before the bot was called into it.
 */
function sinceOf({ lastMessageId, firstMessageId, ref }: ThreadRecord, oldest: string): string {
  const last = lastMessageId === '' ? ref.thread : lastMessageId;
  const from = oldest < last ? oldest : last;
  return from > (firstMessageId ?? last) ? from : (firstMessageId ?? last);
}

/** The first start ever: what is written from now on is missed when it is not taken, in whatever channel. */
export async function beginMarks(marks: Collection<ChannelMark>, now: number): Promise<void> {
  await marks.update(beginning, (mark) => mark ?? { ts: toTs(now) });
}

const beginning = 'beginning';

async function readMarks(marks: Collection<ChannelMark>): Promise<Map<string, string>> {
  const known = new Map<string, string>();
  for await (const [channel, { ts }] of marks.entries()) known.set(channel, ts);
  return known;
}

/** Notes that a channel is read up to this message. Not synced: an older mark only means reading a little twice. */
export async function markChannel(
  marks: Collection<ChannelMark>,
  channel: string,
  ts: string,
): Promise<void> {
  await marks.update(channel, (mark) => (mark !== undefined && mark.ts >= ts ? mark : { ts }), {
    durable: false,
  });
}

const channelsSchema = z.object({
  channels: z.array(z.object({ id: z.string() })),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

async function listChannels(options: CatchUpOptions): Promise<string[]> {
  const found: string[] = [];
  let cursor = '';
  do {
    const args = {
      types: 'public_channel,private_channel,im,mpim',
      exclude_archived: true,
      limit: pageSize,
      cursor,
    };
    const page = channelsSchema.parse(await callPatiently(options, 'users.conversations', args));
    found.push(...page.channels.map(({ id }) => id));
    cursor = page.response_metadata?.next_cursor ?? '';
  } while (cursor !== '');
  return found;
}

async function activeThreads({ records, now }: CatchUpOptions): Promise<ThreadRecord[]> {
  const active: ThreadRecord[] = [];
  for await (const [, record] of records.entries())
    if (record.ref.thread !== '' && now() - record.activeAt < threadAgeMs) active.push(record);
  return active.sort((a, b) => b.activeAt - a.activeAt).slice(0, threadLimit);
}

const historySchema = z.object({
  messages: z.array(z.unknown()),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

/** Back to `oldest`, and the newest page in any case: a thread may have begun below an old message. */
async function readRoots(options: CatchUpOptions, channel: string, oldest: string): Promise<SlackMessage[]> {
  return await read(options, 'conversations.history', { channel }, (page) =>
    page.some(({ ts }) => ts <= oldest),
  );
}

async function readReplies(
  options: CatchUpOptions,
  channel: string,
  { root, since }: ThreadToRead,
): Promise<Incoming[]> {
  const args = { channel, ts: root, oldest: since };
  const messages = await read(options, 'conversations.replies', args, () => false);
  // Slack gives the root whatever `oldest` says.
  return messages.filter(({ ts }) => ts > since && ts !== root).flatMap((one) => toIncoming(options, one));
}

async function read(
  options: CatchUpOptions,
  method: 'conversations.history' | 'conversations.replies',
  args: { channel: string; oldest?: string; ts?: string },
  isEnough: (page: readonly SlackMessage[]) => boolean,
): Promise<SlackMessage[]> {
  const messages: SlackMessage[] = [];
  let cursor = '';
  try {
    for (let page = 0; page < pageLimit; page++) {
      const answer = historySchema.parse(
        await callPatiently(options, method, { ...args, limit: pageSize, cursor }),
      );
      const found = answer.messages.flatMap((raw) => {
        const message = messageSchema.safeParse(raw);
        return message.success ? [{ ...message.data, channel: args.channel }] : [];
      });
      messages.push(...found);
      cursor = answer.response_metadata?.next_cursor ?? '';
      if (cursor === '' || isEnough(found)) break;
    }
  } catch (error) {
    // Deleted, or the bot was removed: there is nothing to read any more.
    if (!(error instanceof SlackFailure) || error.failure.kind !== 'refused') throw error;
    options.log.warn({ reason: error.failure.code, channel: args.channel }, 'slack.catchup.unreadable');
  }
  return messages;
}

function toIncoming({ teamId, botUserId, allow }: CatchUpOptions, message: SlackMessage): Incoming[] {
  const { user, channel, bot_id: botId } = message;
  const bot = user === botUserId || typeof botId === 'string';
  const who = { way: 'message', user, bot, team: teamId, home: homeOf(message), channel };
  if (decideServe(who, allow) !== 'serve') return [];
  const incoming = parseMessage(teamId, '', message, botUserId);
  return incoming === null ? [] : [incoming];
}

/** Waits out rate limits, and tries five times when Slack is away. */
async function callPatiently(
  { web, giveUp }: CatchUpOptions,
  method: string,
  args: Record<string, unknown>,
): Promise<unknown> {
  for (let failures = 0; ;) {
    giveUp.throwIfAborted();
    try {
      return await web.call(method, args);
    } catch (error) {
      if (!(error instanceof SlackFailure) || error.failure.kind === 'refused') throw error;
      const limited = error.failure.kind === 'rate_limited';
      if (!limited) failures += 1;
      if (failures >= 5) throw error;
      await delay(limited ? error.failure.retryAfterMs : 500 * 2 ** failures, undefined, { signal: giveUp });
    }
  }
}

function messageIdOf(incoming: Incoming): string {
  return incoming.kind === 'message' ? incoming.messageId : '';
}

/** @returns the ts that many milliseconds earlier */
function before(ts: string, ms: number): string {
  return toTs(Math.max(0, Math.floor(Number(ts) * 1000) - ms));
}

/** Unix ms → Slack's ts, whose last six digits are microseconds. */
function toTs(ms: number): string {
  return `${Math.floor(ms / 1000)}.${String((ms % 1000) * 1000).padStart(6, '0')}`;
}
