import { announceDelete, announceEdit, announceMessage, announceReaction } from '../hub/fan-out.ts';
import { pingsIn } from '../limits/pings.ts';
import type { Block, Json, StoredFile, StoredMessage, StreamState } from './model.ts';
import { isReply, rootOf } from './model.ts';
import { wireMessage } from './wire.ts';
import type { World } from './world.ts';

export interface Draft {
  readonly channel: string;
  readonly user: string;
  readonly text: string;
  readonly threadTs?: string | undefined;
  readonly blocks?: Block[] | undefined;
  readonly attachments?: Json[] | undefined;
  readonly files?: StoredFile[] | undefined;
  readonly metadata?: Json | undefined;
  readonly username?: string | undefined;
  readonly ephemeralTo?: string | undefined;
  readonly broadcast?: boolean | undefined;
  readonly clientMsgId?: string | undefined;
  readonly subtype?: string | undefined;
  readonly stream?: StreamState | undefined;
}

function changed(world: World, message: StoredMessage): void {
  const { channel, ts } = message;
  world.changes.emit({ kind: 'message', channel, thread: rootOf(message), ts });
}

/** Notes pings of the app's own content; those of people are their own affair. */
function notePings(message: StoredMessage): void {
  if (!message.bot) return;
  message.pings = [...new Set([...message.pings, ...pingsIn(message)])];
}

/** Stores a message, clears the assistant's status when the app answers, and tells the app about it. */
export function postMessage(world: World, draft: Draft): StoredMessage {
  const bot = draft.user === world.id.botUserId;
  const message: StoredMessage = {
    channel: draft.channel,
    ts: world.clock.nextTs(),
    threadTs: draft.threadTs,
    user: draft.user,
    bot,
    username: draft.username,
    text: draft.text,
    blocks: draft.blocks ?? [],
    attachments: draft.attachments ?? [],
    files: draft.files ?? [],
    metadata: draft.metadata,
    reactions: [],
    subtype: draft.subtype ?? (draft.files && draft.files.length > 0 ? 'file_share' : undefined),
    clientMsgId: draft.clientMsgId,
    ephemeralTo: draft.ephemeralTo,
    broadcast: draft.broadcast,
    stream: draft.stream,
    pings: [],
  };
  notePings(message);
  world.messages.add(message);
  for (const file of message.files) file.channels.add(message.channel);
  if (bot && draft.ephemeralTo === undefined) clearAssistantStatus(world, message.channel, rootOf(message));
  changed(world, message);
  if (message.ephemeralTo === undefined) announceMessage(world, message);
  return message;
}

/** assistant.threads.setStatus lasts until the app writes; a session's status stays until it is set. */
function clearAssistantStatus(world: World, channel: string, root: string): void {
  const key = `${channel}:${root}`;
  if (world.statuses.get(key)?.kind !== 'assistant') return;
  world.statuses.delete(key);
  world.changes.emit({ kind: 'status', channel, thread: root });
}

/**
 * Changes a message in place and tells the app.
 * @param edit does the change
 * @param quiet no event: appends to a stream are not announced
 */
export function changeMessage(world: World, message: StoredMessage, edit: () => void, quiet = false): void {
  const previous = quiet || message.ephemeralTo !== undefined ? null : wireMessage(world, message, true);
  edit();
  notePings(message);
  changed(world, message);
  if (previous) announceEdit(world, message, previous);
}

/** Removes a message; a root with replies leaves a tombstone, as in Slack. */
export function deleteMessage(world: World, message: StoredMessage): void {
  const previous = wireMessage(world, message, true);
  message.stream?.cancelTimer();
  if (!isReply(message) && world.messages.replies(message.channel, message.ts).length > 0) {
    Object.assign(message, { subtype: 'tombstone', user: 'USLACKBOT', text: 'This message was deleted.' });
    Object.assign(message, { blocks: [], attachments: [], files: [], reactions: [], edited: undefined });
    Object.assign(message, { metadata: undefined, stream: undefined });
  } else {
    world.messages.remove(message);
  }
  changed(world, message);
  if (message.ephemeralTo === undefined) announceDelete(world, message, previous);
}

/** Ends an open stream: `stopped` by the app, `closed` by Slack. @param edit what changes along with it */
export function endStream(
  world: World,
  message: StoredMessage,
  state: 'stopped' | 'closed',
  edit: () => void = () => {},
): void {
  message.stream?.cancelTimer();
  changeMessage(world, message, () => {
    edit();
    if (message.stream) message.stream.state = state;
  });
}

/** @returns false when that person's reaction is there already. */
export function addReaction(world: World, message: StoredMessage, user: string, name: string): boolean {
  const existing = message.reactions.find((reaction) => reaction.name === name);
  if (existing?.users.includes(user)) return false;
  if (existing) existing.users.push(user);
  else message.reactions.push({ name, users: [user] });
  changed(world, message);
  announceReaction(world, 'reaction_added', message, user, name);
  return true;
}

/** @returns false when that person has no such reaction there. */
export function removeReaction(world: World, message: StoredMessage, user: string, name: string): boolean {
  const existing = message.reactions.find((reaction) => reaction.name === name);
  if (!existing?.users.includes(user)) return false;
  existing.users.splice(existing.users.indexOf(user), 1);
  if (existing.users.length === 0) message.reactions.splice(message.reactions.indexOf(existing), 1);
  changed(world, message);
  announceReaction(world, 'reaction_removed', message, user, name);
  return true;
}
