import { z } from 'zod';

import { indexAtOrAfter } from '../store/messages.ts';
import type { Channel, StoredMessage } from '../store/model.ts';
import { wireChannel, wireMessage } from '../store/wire.ts';
import { directMessage, directMessageId, type World } from '../store/world.ts';
import { boolArg, pageArgs, textArg } from './args.ts';
import { findChannel, method, requireChannelScope, requireScope } from './method.ts';
import { nextCursor, offsetOf, pageOf } from './paging.ts';
import { SlackError } from './slack-error.ts';

const timeArgs = {
  oldest: textArg.optional(),
  latest: textArg.optional(),
  inclusive: boolArg.optional(),
  include_all_metadata: boolArg.optional(),
  ...pageArgs,
};

function readable(world: World, reference: string): Channel {
  const channel = findChannel(world, reference);
  requireChannelScope(world, channel, 'history');
  if (!channel.members.has(world.id.botUserId)) throw new SlackError('not_in_channel');
  return channel;
}

/** `1700000000`, `1700000000.1` and full ts compare alike once padded. */
function padded(ts: string): string {
  const [seconds = '0', micros = ''] = ts.split('.');
  return `${seconds}.${micros.padEnd(6, '0')}`;
}

interface Range {
  readonly oldest?: string | undefined;
  readonly latest?: string | undefined;
  readonly inclusive?: boolean | undefined;
}

/** @returns the part of an ordered list between two times; the bounds count only when inclusive. */
function within(
  list: readonly StoredMessage[],
  { oldest, latest, inclusive = false }: Range,
): StoredMessage[] {
  let from = 0;
  let to = list.length;
  if (oldest && oldest !== '0') {
    from = indexAtOrAfter(list, padded(oldest));
    if (!inclusive && list[from]?.ts === padded(oldest)) from++;
  }
  if (latest) {
    to = indexAtOrAfter(list, padded(latest));
    if (inclusive && list[to]?.ts === padded(latest)) to++;
  }
  return list.slice(from, to).filter((message) => message.ephemeralTo === undefined);
}

const history = method({
  name: 'conversations.history',
  tier: 3,
  args: z.object({ channel: textArg, ...timeArgs }),
  run(world, args) {
    const channel = readable(world, args.channel);
    const metadata = args.include_all_metadata ?? false;
    const newestFirst = within(world.messages.timeline(channel.id), args).toReversed();
    const page = pageOf(newestFirst, args, { normal: 100, most: 999 });
    return {
      messages: page.items.map((message) => wireMessage(world, message, metadata)),
      has_more: page.more,
      pin_count: 0,
      ...nextCursor(page),
    };
  },
});

const replies = method({
  name: 'conversations.replies',
  tier: 3,
  args: z.object({ channel: textArg, ts: textArg, ...timeArgs }),
  run(world, args) {
    const channel = readable(world, args.channel);
    const root = world.messages.get(channel.id, args.ts);
    if (!root || root.ephemeralTo !== undefined) throw new SlackError('thread_not_found');
    const metadata = args.include_all_metadata ?? false;
    const page = pageOf(within(world.messages.replies(channel.id, root.ts), args), args, {
      normal: 1000,
      most: 1000,
    });
    // The root is listed first whatever `oldest` says, but only on the first page.
    const listed = offsetOf(args.cursor) === 0 ? [root, ...page.items] : page.items;
    return {
      messages: listed.map((message) => wireMessage(world, message, metadata)),
      has_more: page.more,
      ...nextCursor(page),
    };
  },
});

const info = method({
  name: 'conversations.info',
  tier: 3,
  args: z.object({ channel: textArg, include_num_members: boolArg.optional() }),
  run(world, args) {
    const channel = findChannel(world, args.channel);
    requireChannelScope(world, channel, 'read');
    return { channel: wireChannel(world, channel) };
  },
});

const kinds = { public_channel: 'channel', private_channel: 'group', im: 'im', mpim: 'mpim' } as const;

const listArgs = z.object({ types: textArg.optional(), exclude_archived: boolArg.optional(), ...pageArgs });

/** @throws invalid_types, missing_scope */
function listOf(world: World, args: z.infer<typeof listArgs>, isListed: (channel: Channel) => boolean) {
  const wanted = (args.types ?? 'public_channel').split(',').map((type) => {
    const kind = kinds[type.trim() as keyof typeof kinds];
    if (kind === undefined) throw new SlackError('invalid_types');
    return kind;
  });
  const scope = { channel: 'channels:read', group: 'groups:read', im: 'im:read', mpim: 'mpim:read' };
  for (const kind of wanted) requireScope(world, [scope[kind]]);
  const visible = [...world.channels.values()].filter(
    (channel) =>
      wanted.includes(channel.kind) && isListed(channel) && !(args.exclude_archived && channel.archived),
  );
  const page = pageOf(visible, args, { normal: 100, most: 1000 });
  return { channels: page.items.map((channel) => wireChannel(world, channel)), ...nextCursor(page) };
}

const list = method({
  name: 'conversations.list',
  tier: 2,
  args: listArgs,
  run: (world, args) =>
    listOf(world, args, ({ kind, members }) => kind === 'channel' || members.has(world.id.botUserId)),
});

/** Those a user is in; the app itself when none is named. */
const listOfUser = method({
  name: 'users.conversations',
  tier: 3,
  args: listArgs.extend({ user: textArg.optional() }),
  run: (world, args) => listOf(world, args, ({ members }) => members.has(args.user ?? world.id.botUserId)),
});

const members = method({
  name: 'conversations.members',
  tier: 4,
  args: z.object({ channel: textArg, ...pageArgs }),
  run(world, args) {
    const channel = findChannel(world, args.channel);
    requireChannelScope(world, channel, 'read');
    const page = pageOf([...channel.members], args, { normal: 100, most: 1000 });
    return { members: page.items, ...nextCursor(page) };
  },
});

const join = method({
  name: 'conversations.join',
  tier: 3,
  scopes: ['channels:join'],
  args: z.object({ channel: textArg }),
  run(world, args) {
    const channel = findChannel(world, args.channel);
    if (channel.kind !== 'channel') throw new SlackError('method_not_supported_for_channel_type');
    if (channel.archived) throw new SlackError('is_archived');
    channel.members.add(world.id.botUserId);
    world.changes.emit({ kind: 'channel', channel: channel.id });
    return { channel: wireChannel(world, channel) };
  },
});

const open = method({
  name: 'conversations.open',
  tier: 3,
  args: z.object({
    users: textArg.optional(),
    channel: textArg.optional(),
    return_im: boolArg.optional(),
    prevent_creation: boolArg.optional(),
  }),
  run(world, args) {
    if (args.channel) return { channel: wireChannel(world, findChannel(world, args.channel)) };
    const ids = (args.users ?? '').split(',').filter((id) => id !== '');
    if (ids.length === 0) throw new SlackError('users_list_not_supplied');
    const people = ids.map((id) => world.users.get(id));
    if (people.includes(undefined)) throw new SlackError('user_not_found');
    if (people.some((person) => person?.isBot)) throw new SlackError('cannot_dm_bot');
    if (ids.length > 1) return { channel: wireChannel(world, openGroup(world, ids)) };
    requireScope(world, ['im:write']);
    const known = world.channels.has(directMessageId(ids[0] ?? ''));
    const channel = directMessage(world, ids[0] ?? '');
    const wire = args.return_im ? wireChannel(world, channel) : { id: channel.id };
    return { channel: wire, ...(known ? { already_open: true, no_op: true } : {}) };
  },
});

function openGroup(world: World, ids: readonly string[]): Channel {
  requireScope(world, ['mpim:write']);
  const id = `G${[...ids]
    .sort()
    .join('')
    .replaceAll(/[^A-Z0-9]/g, '')}`;
  const existing = world.channels.get(id);
  if (existing) return existing;
  const channel: Channel = {
    id,
    name: `mpdm-${ids.join('--')}-1`,
    kind: 'mpim',
    members: new Set([...ids, world.id.botUserId]),
    created: Math.floor(world.clock.now() / 1000),
    archived: false,
  };
  world.channels.set(id, channel);
  return channel;
}

export const conversationMethods = [history, replies, info, list, listOfUser, members, join, open];
