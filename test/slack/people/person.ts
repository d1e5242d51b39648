import { randomUUID } from 'node:crypto';

import { announceHome, announceStop, isSubscribed } from '../hub/fan-out.ts';
import {
  addReaction,
  changeMessage,
  deleteMessage,
  endStream,
  postMessage,
  removeReaction,
} from '../store/post.ts';
import { addFile } from '../store/files.ts';
import type { Channel, StoredMessage } from '../store/model.ts';
import { directMessage, directMessageId, type World } from '../store/world.ts';
import type { PostOptions, SlackPerson } from '../types.ts';
import { clickMessage, clickView, slashCommand, useShortcut } from './interactions.ts';
import { closeView, submitView } from './modals.ts';
import { wireView } from './payloads.ts';
import { typedText } from './typed-text.ts';

/** @returns the client of one person. @throws for a user id nobody has */
export function createPerson(world: World, userId: string): SlackPerson {
  if (!world.users.has(userId)) throw new Error(`no user ${userId}; see the people option`);

  const channelOf = (id: string): Channel => {
    if (id === directMessageId(userId)) return directMessage(world, userId);
    const channel = world.channels.get(id);
    if (!channel) throw new Error(`no channel ${id}`);
    if (!channel.members.has(userId)) throw new Error(`${userId} is not a member of ${id}`);
    return channel;
  };
  const visible = (channel: Channel, ts: string): StoredMessage => {
    const message = world.messages.get(channel.id, ts);
    const hidden = message?.ephemeralTo !== undefined && message.ephemeralTo !== userId;
    if (!message || hidden) throw new Error(`${userId} sees no message ${ts} in ${channel.id}`);
    return message;
  };
  const own = (channelId: string, ts: string): StoredMessage => {
    const message = visible(channelOf(channelId), ts);
    if (message.user !== userId) throw new Error(`message ${ts} is not ${userId}'s`);
    return message;
  };
  const note = (name: string, channel?: string, ts?: string) =>
    world.journal.add({ kind: 'person', name: `${userId}.${name}`, channel, ts });

  const post = (channel: Channel, text: string, { threadTs, files = [] }: PostOptions = {}): string => {
    const root = threadTs === undefined ? undefined : visible(channel, threadTs);
    note('post', channel.id, root?.ts);
    const message = postMessage(world, {
      channel: channel.id,
      user: userId,
      text: typedText(world, text),
      threadTs: root ? (root.threadTs ?? root.ts) : undefined,
      files: files.map((file) => addFile(world, userId, file)),
      clientMsgId: randomUUID(),
    });
    return message.ts;
  };

  return {
    id: userId,
    post: async (channelId, text, options) => post(channelOf(channelId), text, options),
    dm: async (text, options) => post(directMessage(world, userId), text, options),
    async edit(channelId, ts, text) {
      const message = own(channelId, ts);
      note('edit', channelId, ts);
      changeMessage(world, message, () => {
        message.text = typedText(world, text);
        message.edited = { user: userId, ts: world.clock.nextTs() };
      });
    },
    async delete(channelId, ts) {
      const message = own(channelId, ts);
      note('delete', channelId, ts);
      deleteMessage(world, message);
    },
    async react(channelId, ts, emoji) {
      note('react', channelId, ts);
      addReaction(world, visible(channelOf(channelId), ts), userId, emoji);
    },
    async unreact(channelId, ts, emoji) {
      note('unreact', channelId, ts);
      removeReaction(world, visible(channelOf(channelId), ts), userId, emoji);
    },
    async slash(command, text, channelId) {
      note(`slash ${command}`, channelId);
      return slashCommand(world, userId, command, text, channelOf(channelId));
    },
    async click(channelId, ts, target) {
      const channel = channelOf(channelId);
      note('click', channelId, ts);
      return clickMessage(world, userId, channel, visible(channel, ts), target);
    },
    async clickView(viewId, target) {
      note('click-view');
      return clickView(world, userId, viewId, target);
    },
    async shortcut(callbackId, channelId, ts) {
      note('shortcut', channelId, ts);
      if (channelId === undefined || ts === undefined) return useShortcut(world, userId, callbackId);
      const channel = channelOf(channelId);
      return useShortcut(world, userId, callbackId, { channel, message: visible(channel, ts) });
    },
    async submit(viewId, values) {
      note('submit');
      return submitView(world, userId, viewId, values);
    },
    async closeView(viewId) {
      note('close-view');
      return closeView(world, userId, viewId);
    },
    async openHome(tab = 'home') {
      if (tab === 'home' && !world.manifest.homeTab) throw new Error('the manifest has no Home tab');
      note(`open ${tab}`);
      const view = world.views.get(world.homes.get(userId) ?? '');
      announceHome(world, userId, tab, tab === 'home' && view ? wireView(world, view) : null);
    },
    async stopSession(channelId, threadTs) {
      const channel = channelOf(channelId);
      if (!hasStopButton(world, channel.id, threadTs)) {
        throw new Error('this thread shows no Stop button: no session is processing, or no subscription');
      }
      note('stop', channelId, threadTs);
      stopSession(world, userId, channel.id, threadTs);
    },
    modal: () => world.views.get(world.modals.get(userId)?.at(-1) ?? ''),
    home: () => world.views.get(world.homes.get(userId) ?? ''),
  };
}

/** Slack ends the app's open streams in the thread and tells it; the status is for the app to change. */
function stopSession(world: World, user: string, channel: string, root: string): void {
  const candidates = [world.messages.get(channel, root), ...world.messages.replies(channel, root)];
  const open = candidates.filter((message): message is StoredMessage => message?.stream?.state === 'open');
  for (const message of open) endStream(world, message, 'closed');
  announceStop(
    world,
    user,
    channel,
    root,
    open.map(({ ts }) => ts),
  );
}

/** The native Stop button shows while a session is processing, if the app subscribed to the event. */
function hasStopButton(world: World, channel: string, root: string): boolean {
  if (!isSubscribed(world, 'agent_session_stopped')) return false;
  const status = world.statuses.get(`${channel}:${root}`);
  return status?.kind === 'session' && status.status === 'processing';
}
