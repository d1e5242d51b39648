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
import { type Allowlist, decideServe } from './identity.ts';
import { parseMessage } from './parse.ts';
import { messageSchema, type SlackMessage } from './schema.ts';

/** Up to where a channel has been read: Slack's ts of the newest message taken or looked at. */
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
  readonly now: () => number;
}

/** Threads that were silent for longer are read again when somebody writes in them. */
const threadAgeMs = 14 * 24 * 3600 * 1000;
/** Newest first; each costs one call of 50 a minute (conversations.replies is T3). */
const threadLimit = 200;
const pageSize = 200;
const pageLimit = 10;

/** @returns how many messages were looked at. Never throws: what cannot be read now is read at the next gap. */
export async function catchUp(options: CatchUpOptions): Promise<number> {
  const { web, marks, log, now } = options;
  const start = toTs(now());
  const incoming: Incoming[] = [];
  try {
    for (const channel of await listChannels(web)) {
      const mark = await marks.get(channel);
      // Never read before: nothing was missed, or it cannot be told from old talk.
      if (mark !== undefined)
        incoming.push(...(await read(options, 'conversations.history', { channel, oldest: mark.ts })));
      await marks.update(channel, () => ({ ts: start }), { durable: false });
    }
    for (const record of await activeThreads(options)) {
      const { channel, thread } = record.ref;
      const since = record.lastMessageId === '' ? thread : record.lastMessageId;
      incoming.push(
        ...(await read(options, 'conversations.replies', { channel, ts: thread, oldest: since })),
      );
    }
  } catch (error) {
    log.error({ err: describeError(error) }, 'slack.catchup.failed');
  }
  incoming.sort((a, b) => messageIdOf(a).localeCompare(messageIdOf(b)));
  for (const item of incoming) await options.onIncoming(item);
  if (incoming.length > 0) log.info({ messages: incoming.length }, 'slack.catchup.read');
  return incoming.length;
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

async function listChannels(web: SlackWeb): Promise<string[]> {
  const found: string[] = [];
  let cursor = '';
  do {
    const args = {
      types: 'public_channel,private_channel,im,mpim',
      exclude_archived: true,
      limit: pageSize,
      cursor,
    };
    const page = channelsSchema.parse(await callPatiently(web, 'users.conversations', args));
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

async function read(
  options: CatchUpOptions,
  method: 'conversations.history' | 'conversations.replies',
  args: { channel: string; oldest: string; ts?: string },
): Promise<Incoming[]> {
  const { web, log } = options;
  const messages: SlackMessage[] = [];
  let cursor = '';
  try {
    for (let page = 0; page < pageLimit; page++) {
      const answer = historySchema.parse(
        await callPatiently(web, method, { ...args, limit: pageSize, cursor }),
      );
      for (const raw of answer.messages) {
        const message = messageSchema.safeParse(raw);
        if (message.success && message.data.ts > args.oldest)
          messages.push({ ...message.data, channel: args.channel });
      }
      cursor = answer.response_metadata?.next_cursor ?? '';
      if (cursor === '') break;
    }
  } catch (error) {
    log.warn({ err: describeError(error), channel: args.channel }, 'slack.catchup.unread');
  }
  return messages.flatMap((message) => toIncoming(options, message));
}

function toIncoming({ teamId, botUserId, allow }: CatchUpOptions, message: SlackMessage): Incoming[] {
  const { user, channel, bot_id: botId } = message;
  const bot = user === botUserId || typeof botId === 'string';
  if (decideServe({ way: 'message', user, bot, team: teamId, channel }, allow) !== 'serve') return [];
  const incoming = parseMessage(teamId, '', message, botUserId);
  return incoming === null ? [] : [incoming];
}

/** Waits out rate limits, and tries three times when Slack is away. */
async function callPatiently(web: SlackWeb, method: string, args: Record<string, unknown>): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await web.call(method, args);
    } catch (error) {
      if (!(error instanceof SlackFailure) || error.failure.kind === 'refused' || attempt >= 5) throw error;
      await delay(error.failure.kind === 'rate_limited' ? error.failure.retryAfterMs : 500 * 2 ** attempt);
    }
  }
}

function messageIdOf(incoming: Incoming): string {
  return incoming.kind === 'message' ? incoming.messageId : '';
}

/** Unix ms → Slack's ts, whose last six digits are microseconds. */
function toTs(ms: number): string {
  return `${Math.floor(ms / 1000)}.${String((ms % 1000) * 1000).padStart(6, '0')}`;
}
