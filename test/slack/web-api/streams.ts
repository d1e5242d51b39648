import { z } from 'zod';

import { parseBlocks } from '../limits/blocks.ts';
import type { StoredMessage, StreamState } from '../store/model.ts';
import { changeMessage, endStream, postMessage } from '../store/post.ts';
import { setSessionStatus, sessionStatuses } from '../store/sessions.ts';
import { grownContent, parseChunks } from '../store/streams.ts';
import { wireMessage } from '../store/wire.ts';
import type { World } from '../store/world.ts';
import { anyJsonArg, textArg } from './args.ts';
import { metadataOf, requireAuthorScope, resolveThread } from './chat.ts';
import { findMessage, findWritable, method } from './method.ts';
import { invalidArguments, SlackError } from './slack-error.ts';

/** Slack closes a stream after this long, however busy it is. */
const streamLifeMs = 300_000;
const scopes = ['chat:write'];
const streamArgs = { markdown_text: textArg.optional(), chunks: anyJsonArg.optional() };

function openStream(
  world: World,
  reference: string,
  ts: string,
): { message: StoredMessage; stream: StreamState } {
  const message = findMessage(world, findWritable(world, reference), ts);
  if (!message.bot) throw new SlackError('message_not_owned_by_app');
  const { stream } = message;
  if (stream?.state !== 'open') throw new SlackError('message_not_in_streaming_state');
  return { message, stream };
}

const start = method({
  name: 'chat.startStream',
  tier: 2,
  scopes,
  args: z.object({
    channel: textArg,
    thread_ts: textArg.optional(),
    ...streamArgs,
    recipient_team_id: textArg.optional(),
    recipient_user_id: textArg.optional(),
    task_display_mode: z.enum(['timeline', 'plan']).optional(),
    username: textArg.optional(),
    icon_emoji: textArg.optional(),
    icon_url: textArg.optional(),
  }),
  run(world, args) {
    const channel = findWritable(world, args.channel);
    requireAuthorScope(world, args);
    // Top-level streams are for channels only.
    if (channel.kind === 'im' && !args.thread_ts) throw invalidArguments('missing required field: thread_ts');
    const threadTs = resolveThread(world, channel, args.thread_ts);
    if (channel.kind !== 'im' && !args.recipient_team_id) throw new SlackError('missing_recipient_team_id');
    if (channel.kind !== 'im' && !args.recipient_user_id) throw new SlackError('missing_recipient_user_id');
    const display = args.task_display_mode ?? 'timeline';
    const { chunks, speaks } = parseChunks(args);
    const content = grownContent({ blocks: [], text: '' }, chunks, display);
    const message = postMessage(world, {
      channel: channel.id,
      user: world.id.botUserId,
      ...content,
      threadTs,
      username: args.username,
      stream: {
        state: 'open',
        recipient: args.recipient_user_id,
        display,
        speaks,
        cancelTimer: world.clock.after(streamLifeMs, () => endStream(world, message, 'closed')),
      },
    });
    return { channel: channel.id, ts: message.ts };
  },
});

const append = method({
  name: 'chat.appendStream',
  tier: 4,
  scopes,
  args: z.object({ channel: textArg, ts: textArg, ...streamArgs }),
  run(world, args) {
    const { message, stream } = openStream(world, args.channel, args.ts);
    const { chunks, speaks } = parseChunks(args, stream.speaks);
    if (chunks.length === 0) throw new SlackError('no_text');
    const content = grownContent(message, chunks, stream.display);
    stream.speaks = speaks;
    changeMessage(world, message, () => Object.assign(message, content), true);
    return { channel: message.channel, ts: message.ts };
  },
});

const stop = method({
  name: 'chat.stopStream',
  tier: 2,
  scopes,
  args: z.object({
    channel: textArg,
    ts: textArg,
    ...streamArgs,
    blocks: anyJsonArg.optional(),
    metadata: z.unknown().optional(),
    session_status: z.enum(sessionStatuses).optional(),
  }),
  run(world, args) {
    const { message, stream } = openStream(world, args.channel, args.ts);
    const finalBlocks = parseBlocks(args.blocks, 'message');
    const metadata = metadataOf(args.metadata);
    const { chunks } = parseChunks(args, stream.speaks);
    const content = grownContent(message, chunks, stream.display, finalBlocks);
    endStream(world, message, 'stopped', () => {
      Object.assign(message, content);
      if (metadata) message.metadata = metadata;
    });
    if (args.session_status)
      setSessionStatus(world, message.channel, message.threadTs ?? message.ts, args.session_status);
    return { channel: message.channel, ts: message.ts, message: wireMessage(world, message, true) };
  },
});

export const streamMethods = [start, append, stop];
