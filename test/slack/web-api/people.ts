import { z } from 'zod';

import { addReaction, removeReaction } from '../store/post.ts';
import { wireMessage, wireUser } from '../store/wire.ts';
import { pageArgs, textArg } from './args.ts';
import { findChannel, findMessage, findWritable, method } from './method.ts';
import { nextCursor, pageOf } from './paging.ts';
import { SlackError } from './slack-error.ts';

const usersInfo = method({
  name: 'users.info',
  tier: 4,
  scopes: ['users:read'],
  args: z.object({ user: textArg }),
  run(world, args) {
    const user = world.users.get(args.user);
    if (!user) throw new SlackError('user_not_found');
    return { user: wireUser(world, user) };
  },
});

const usersList = method({
  name: 'users.list',
  tier: 2,
  scopes: ['users:read'],
  args: z.object(pageArgs),
  run(world, args) {
    const page = pageOf([...world.users.values()], args, { normal: 1000, most: 1000 });
    return { members: page.items.map((user) => wireUser(world, user)), ...nextCursor(page) };
  },
});

const lookupByEmail = method({
  name: 'users.lookupByEmail',
  tier: 3,
  scopes: ['users:read.email'],
  args: z.object({ email: textArg }),
  run(world, args) {
    const user = [...world.users.values()].find(({ email }) => email === args.email);
    if (!user) throw new SlackError('users_not_found');
    return { user: wireUser(world, user) };
  },
});

const botsInfo = method({
  name: 'bots.info',
  tier: 3,
  scopes: ['users:read'],
  args: z.object({ bot: textArg.optional() }),
  run(world, args) {
    const { botId, appId, botUserId } = world.id;
    if (args.bot !== undefined && args.bot !== botId) throw new SlackError('bot_not_found');
    return {
      bot: { id: botId, app_id: appId, user_id: botUserId, name: world.manifest.botName, deleted: false },
    };
  },
});

const reactionArgs = z.object({ channel: textArg, timestamp: textArg, name: textArg });
const reactionName = /^[a-z0-9_+'-]+(::skin-tone-[2-6])?$/;

const reactionsAdd = method({
  name: 'reactions.add',
  tier: 3,
  scopes: ['reactions:write'],
  args: reactionArgs,
  run(world, args) {
    if (!reactionName.test(args.name)) throw new SlackError('invalid_name');
    const message = findMessage(world, findWritable(world, args.channel), args.timestamp);
    if (message.reactions.length >= 23 && !message.reactions.some(({ name }) => name === args.name)) {
      throw new SlackError('too_many_reactions');
    }
    if (!addReaction(world, message, world.id.botUserId, args.name)) throw new SlackError('already_reacted');
    return {};
  },
});

const reactionsRemove = method({
  name: 'reactions.remove',
  tier: 2,
  scopes: ['reactions:write'],
  args: reactionArgs,
  run(world, args) {
    const message = findMessage(world, findWritable(world, args.channel), args.timestamp);
    if (!removeReaction(world, message, world.id.botUserId, args.name)) throw new SlackError('no_reaction');
    return {};
  },
});

const reactionsGet = method({
  name: 'reactions.get',
  tier: 3,
  scopes: ['reactions:read'],
  args: z.object({ channel: textArg, timestamp: textArg }),
  run(world, args) {
    const channel = findChannel(world, args.channel);
    const message = findMessage(world, channel, args.timestamp);
    return { type: 'message', channel: channel.id, message: wireMessage(world, message, false) };
  },
});

export const peopleMethods = [
  usersInfo,
  usersList,
  lookupByEmail,
  botsInfo,
  reactionsAdd,
  reactionsRemove,
  reactionsGet,
];
