import { directMessage, type World } from '../store/world.ts';
import type { Channel, Json, StoredMessage } from '../store/model.ts';
import { defined, wireMessage } from '../store/wire.ts';

/** The scope an event needs besides its subscription. `message.*` by kind of conversation. */
const eventScopes: Record<string, string> = {
  'message.channels': 'channels:history',
  'message.groups': 'groups:history',
  'message.im': 'im:history',
  'message.mpim': 'mpim:history',
  app_mention: 'app_mentions:read',
  reaction_added: 'reactions:read',
  reaction_removed: 'reactions:read',
  file_shared: 'files:read',
  member_joined_channel: 'channels:read',
};

const messageEvents = {
  channel: 'message.channels',
  group: 'message.groups',
  im: 'message.im',
  mpim: 'message.mpim',
} as const;

/** @returns whether the manifest subscribes to the event and holds the scope it needs. */
export function isSubscribed(world: World, subscription: string): boolean {
  const scope = eventScopes[subscription];
  return world.manifest.events.has(subscription) && (scope === undefined || world.manifest.scopes.has(scope));
}

/** Sends an event when the app is subscribed; in conversations, only where the app is a member. */
export function sendEvent(world: World, subscription: string, event: Json, channel?: Channel): void {
  if (!isSubscribed(world, subscription)) return;
  if (channel && !channel.members.has(world.id.botUserId)) return;
  world.delivery.event(defined(event));
}

const channelTypes = { channel: 'channel', group: 'group', im: 'im', mpim: 'mpim' } as const;

function sendMessageEvent(world: World, channel: Channel, event: Json): void {
  sendEvent(
    world,
    messageEvents[channel.kind],
    { ...event, channel: channel.id, channel_type: channelTypes[channel.kind] },
    channel,
  );
}

/**
 * A new message, of a person or of the app itself. A mention in a channel arrives twice: as app_mention and as
 * message, with the same ts and different event ids.
 */
export function announceMessage(world: World, message: StoredMessage): void {
  const channel = world.channels.get(message.channel);
  if (!channel) return;
  const event = { ...wireMessage(world, message, true), event_ts: message.ts };
  const mentioned = message.text.includes(`<@${world.id.botUserId}`);
  if (mentioned && !message.bot && channel.kind !== 'im') {
    sendEvent(world, 'app_mention', { ...event, type: 'app_mention', channel: channel.id }, channel);
  }
  sendMessageEvent(world, channel, event);
  for (const file of message.files) {
    const shared = { file_id: file.id, user_id: file.user, file: { id: file.id }, channel_id: channel.id };
    sendEvent(world, 'file_shared', { type: 'file_shared', ...shared, event_ts: message.ts }, channel);
  }
}

/** An edit, by a person or by the app's chat.update. `previous` is the wire form before it. */
export function announceEdit(world: World, message: StoredMessage, previous: Json): void {
  const channel = world.channels.get(message.channel);
  if (!channel) return;
  const ts = world.clock.nextTs();
  sendMessageEvent(world, channel, {
    type: 'message',
    subtype: 'message_changed',
    hidden: true,
    message: wireMessage(world, message, true),
    previous_message: previous,
    ts,
    event_ts: ts,
  });
}

/** A deletion; `previous` is the wire form before it. */
export function announceDelete(world: World, message: StoredMessage, previous: Json): void {
  const channel = world.channels.get(message.channel);
  if (!channel) return;
  const ts = world.clock.nextTs();
  sendMessageEvent(world, channel, {
    type: 'message',
    subtype: 'message_deleted',
    hidden: true,
    deleted_ts: message.ts,
    previous_message: previous,
    ts,
    event_ts: ts,
  });
}

/** A reaction put on or taken off. */
export function announceReaction(
  world: World,
  kind: 'reaction_added' | 'reaction_removed',
  message: StoredMessage,
  user: string,
  name: string,
): void {
  const channel = world.channels.get(message.channel);
  const item = { type: 'message', channel: message.channel, ts: message.ts };
  const event = { type: kind, user, reaction: name, item, item_user: message.user };
  sendEvent(world, kind, { ...event, event_ts: world.clock.nextTs() }, channel);
}

/** The person opened the app: its Home tab, or the tab with the conversation. */
export function announceHome(world: World, user: string, tab: 'home' | 'messages', view: Json | null): void {
  const event = { type: 'app_home_opened', user, channel: directMessage(world, user).id, tab };
  const ts = world.clock.nextTs();
  sendEvent(world, 'app_home_opened', { ...event, view: view ?? undefined, event_ts: ts });
}

/** Somebody pressed the native Stop button of a thread whose session is processing. */
export function announceStop(
  world: World,
  user: string,
  channel: string,
  root: string,
  streams: readonly string[],
): void {
  const type = 'agent_session_stopped';
  const event = { type, channel, user, thread_ts: root, streaming_message_ts: streams };
  sendEvent(world, type, { ...event, event_ts: world.clock.nextTs() }, world.channels.get(channel));
}
