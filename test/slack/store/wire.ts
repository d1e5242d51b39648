import { isReply, type Channel, type Json, type StoredFile, type StoredMessage, type User } from './model.ts';
import type { World } from './world.ts';

/** @returns the object without its undefined values, as JSON would have it. */
export function defined(object: Json): Json {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

/** A file as Slack's API shows it; its content is behind `url_private`, for the bot token only. */
export function wireFile(world: World, file: StoredFile): Json {
  const path = `${world.id.teamId}-${file.id}`;
  const name = encodeURIComponent(file.name);
  return {
    id: file.id,
    created: file.createdSeconds,
    timestamp: file.createdSeconds,
    name: file.name,
    title: file.title,
    mimetype: file.mimetype,
    filetype: file.name.includes('.') ? (file.name.split('.').pop() ?? 'text') : 'text',
    user: file.user,
    size: file.content.length,
    mode: 'hosted',
    is_external: false,
    is_public: true,
    url_private: `${world.url}/files-pri/${path}/${name}`,
    url_private_download: `${world.url}/files-pri/${path}/download/${name}`,
    permalink: `${world.url}/files/${file.user}/${file.id}/${name}`,
    channels: [...file.channels],
    file_access: 'visible',
  };
}

/**
 * A message as events and methods show it.
 * @param metadata include it; methods do so only with include_all_metadata
 */
export function wireMessage(world: World, message: StoredMessage, metadata: boolean): Json {
  const replies = isReply(message) ? [] : world.messages.replies(message.channel, message.ts);
  const users = [...new Set(replies.map(({ user }) => user))];
  const threaded = replies.length > 0;
  const root = isReply(message) ? world.messages.get(message.channel, message.threadTs ?? '') : undefined;
  return defined({
    type: 'message',
    subtype: message.subtype,
    user: message.user,
    ts: message.ts,
    client_msg_id: message.clientMsgId,
    bot_id: message.bot ? world.id.botId : undefined,
    app_id: message.bot ? world.id.appId : undefined,
    username: message.username,
    text: message.text,
    team: world.id.teamId,
    blocks: message.blocks.length > 0 ? message.blocks : undefined,
    attachments: message.attachments.length > 0 ? message.attachments : undefined,
    files: message.files.length > 0 ? message.files.map((file) => wireFile(world, file)) : undefined,
    edited: message.edited,
    streaming_state: message.stream
      ? message.stream.state === 'open'
        ? 'in_progress'
        : 'completed'
      : undefined,
    thread_ts: message.threadTs ?? (threaded ? message.ts : undefined),
    parent_user_id: root?.user,
    reply_count: threaded ? replies.length : undefined,
    reply_users_count: threaded ? users.length : undefined,
    reply_users: threaded ? users.slice(0, 5) : undefined,
    latest_reply: threaded ? replies.at(-1)?.ts : undefined,
    reactions:
      message.reactions.length > 0
        ? message.reactions.map(({ name, users }) => ({ name, users, count: users.length }))
        : undefined,
    metadata: metadata ? message.metadata : undefined,
  });
}

/** A conversation as conversations.* show it. */
export function wireChannel(world: World, channel: Channel): Json {
  const im = channel.kind === 'im';
  return defined({
    id: channel.id,
    name: im ? undefined : channel.name,
    name_normalized: im ? undefined : channel.name,
    is_channel: channel.kind === 'channel',
    is_group: channel.kind === 'group',
    is_im: im,
    is_mpim: channel.kind === 'mpim',
    is_private: channel.kind !== 'channel',
    is_archived: channel.archived,
    is_general: channel.name === 'general',
    is_shared: false,
    is_ext_shared: false,
    is_org_shared: false,
    is_member: im ? undefined : channel.members.has(world.id.botUserId),
    user: im ? [...channel.members].find((member) => member !== world.id.botUserId) : undefined,
    created: channel.created,
    creator: 'U0ADMIN',
    context_team_id: world.id.teamId,
    topic: { value: '', creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
    num_members: im ? undefined : channel.members.size,
  });
}

/** A user as users.* show it; the e-mail only with its scope. */
export function wireUser(world: World, user: User): Json {
  return {
    id: user.id,
    team_id: world.id.teamId,
    name: user.name,
    deleted: false,
    real_name: user.realName,
    tz: 'Etc/UTC',
    tz_label: 'Coordinated Universal Time',
    tz_offset: 0,
    is_admin: false,
    is_owner: false,
    is_restricted: false,
    is_ultra_restricted: false,
    is_bot: user.isBot,
    is_app_user: false,
    updated: 0,
    profile: defined({
      real_name: user.realName,
      real_name_normalized: user.realName,
      display_name: user.isBot ? '' : user.realName,
      display_name_normalized: user.isBot ? '' : user.realName,
      email: world.manifest.scopes.has('users:read.email') ? user.email : undefined,
      team: world.id.teamId,
      api_app_id: user.isBot ? world.id.appId : undefined,
      bot_id: user.isBot ? world.id.botId : undefined,
    }),
  };
}
