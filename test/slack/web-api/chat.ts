import { z } from 'zod';

import { parseContent } from '../limits/content.ts';
import type { Channel, Json } from '../store/model.ts';
import { changeMessage, deleteMessage, postMessage } from '../store/post.ts';
import { wireMessage } from '../store/wire.ts';
import type { World } from '../store/world.ts';
import { anyJsonArg, boolArg, parseMetadata, textArg } from './args.ts';
import { findChannel, findMessage, findWritable, method, requireScope } from './method.ts';
import { SlackError } from './slack-error.ts';

const contentArgs = {
  text: textArg.optional(),
  markdown_text: textArg.optional(),
  blocks: anyJsonArg.optional(),
  attachments: anyJsonArg.optional(),
};
const authorArgs = {
  username: textArg.optional(),
  icon_emoji: textArg.optional(),
  icon_url: textArg.optional(),
};
const scopes = ['chat:write'];

/** @throws invalid_metadata_format */
export function metadataOf(value: unknown): Json | undefined {
  const metadata = parseMetadata(value);
  if (metadata === 'malformed') throw new SlackError('invalid_metadata_format');
  return metadata;
}

/** @throws thread_not_found when there is no such root; a reply's ts stands for its root. */
export function resolveThread(
  world: World,
  channel: Channel,
  threadTs: string | undefined,
): string | undefined {
  if (!threadTs) return undefined;
  const root = world.messages.get(channel.id, threadTs);
  if (!root || root.ephemeralTo !== undefined) throw new SlackError('thread_not_found');
  return root.threadTs ?? root.ts;
}

/** `username` and `icon_*` need their own scope. */
export function requireAuthorScope(world: World, args: Json): void {
  if (args['username'] ?? args['icon_emoji'] ?? args['icon_url'])
    requireScope(world, ['chat:write.customize']);
}

const postMessageMethod = method({
  name: 'chat.postMessage',
  tier: 'post',
  scopes,
  args: z.object({
    channel: textArg,
    ...contentArgs,
    ...authorArgs,
    thread_ts: textArg.optional(),
    reply_broadcast: boolArg.optional(),
    metadata: z.unknown().optional(),
  }),
  run(world, args) {
    const channel = findWritable(world, args.channel);
    requireAuthorScope(world, args);
    const metadata = metadataOf(args.metadata);
    const content = parseContent(args, 'post');
    const threadTs = resolveThread(world, channel, args.thread_ts);
    const broadcast = args.reply_broadcast === true && threadTs !== undefined;
    const broadcastSubtype = broadcast ? 'thread_broadcast' : undefined;
    const message = postMessage(world, {
      channel: channel.id,
      user: world.id.botUserId,
      ...content,
      threadTs,
      metadata,
      username: args.username,
      broadcast,
      subtype: args.username === undefined ? broadcastSubtype : 'bot_message',
    });
    return { channel: channel.id, ts: message.ts, message: wireMessage(world, message, true) };
  },
});

const update = method({
  name: 'chat.update',
  tier: 3,
  scopes,
  args: z.object({ channel: textArg, ts: textArg, ...contentArgs, metadata: z.unknown().optional() }),
  run(world, args) {
    const channel = findWritable(world, args.channel);
    const message = findMessage(world, channel, args.ts);
    if (!message.bot) throw new SlackError('cant_update_message');
    if (message.stream?.state === 'open') throw new SlackError('streaming_state_conflict');
    const metadata = metadataOf(args.metadata);
    const content = parseContent(args, 'update');
    // Blocks and attachments that are not given stay; an empty list removes them. So text alone changes
    // nothing that is shown on a message with blocks (slackapi/python-slack-sdk #523).
    const keepsBlocks = args.blocks === undefined && args.markdown_text === undefined;
    changeMessage(world, message, () => {
      message.text = content.text;
      if (!keepsBlocks) message.blocks = content.blocks;
      if (args.attachments !== undefined) message.attachments = content.attachments;
      if (metadata) message.metadata = metadata;
      // Slack marks text it shows as edited; a card redrawn from blocks carries no mark.
      if (message.blocks.length === 0)
        message.edited = { user: world.id.botUserId, ts: world.clock.nextTs() };
    });
    return {
      channel: channel.id,
      ts: message.ts,
      text: message.text,
      message: wireMessage(world, message, true),
    };
  },
});

const remove = method({
  name: 'chat.delete',
  tier: 3,
  scopes,
  args: z.object({ channel: textArg, ts: textArg }),
  run(world, args) {
    const channel = findChannel(world, args.channel);
    const message = findMessage(world, channel, args.ts);
    if (!message.bot || message.stream?.state === 'open') throw new SlackError('cant_delete_message');
    deleteMessage(world, message);
    return { channel: channel.id, ts: message.ts };
  },
});

const postEphemeral = method({
  name: 'chat.postEphemeral',
  tier: 4,
  scopes,
  args: z.object({
    channel: textArg,
    user: textArg,
    ...contentArgs,
    ...authorArgs,
    thread_ts: textArg.optional(),
  }),
  run(world, args) {
    const channel = findWritable(world, args.channel);
    requireAuthorScope(world, args);
    if (!channel.members.has(args.user)) throw new SlackError('user_not_in_channel');
    const content = parseContent(args, 'post');
    const message = postMessage(world, {
      channel: channel.id,
      user: world.id.botUserId,
      ...content,
      threadTs: resolveThread(world, channel, args.thread_ts),
      ephemeralTo: args.user,
    });
    return { message_ts: message.ts };
  },
});

const getPermalink = method({
  name: 'chat.getPermalink',
  tier: 'none',
  args: z.object({ channel: textArg, message_ts: textArg }),
  run(world, args) {
    const channel = findChannel(world, args.channel);
    const message = findMessage(world, channel, args.message_ts);
    const thread = message.threadTs ? `?thread_ts=${message.threadTs}&cid=${channel.id}` : '';
    const permalink = `${world.url}/archives/${channel.id}/p${message.ts.replace('.', '')}${thread}`;
    return { channel: channel.id, permalink };
  },
});

export const chatMethods = [postMessageMethod, update, remove, postEphemeral, getPermalink];
