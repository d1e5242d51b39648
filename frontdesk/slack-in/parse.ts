import type { ThreadRef } from '../../mcp-servers/kit/chat.ts';
import type { Addressing, FileRef, Incoming } from '../threads/incoming.ts';
import {
  clickSchema,
  eventBodySchema,
  messageChangedSchema,
  messageDeletedSchema,
  messageSchema,
  reactionSchema,
  sessionStoppedSchema,
  type SlackMessage,
} from './schema.ts';

/** Subtypes of messages that people write; every other subtype is Slack's own bookkeeping. */
const peopleSubtypes = new Set(['file_share', 'me_message', 'thread_broadcast']);

/** Reactions that stop a turn (IN-7): 🛑 is `octagonal_sign`. */
const stopReactions = new Set(['octagonal_sign', 'stop_sign']);

/**
 * An Events API body in the core's words, or null when it does not concern us. Pure.
 * @throws ZodError when an event of a kind we handle does not have the shape Slack documents
 */
export function parseEvent(body: unknown, botUserId: string): Incoming | null {
  const { team_id: team, event_id: eventId, event } = eventBodySchema.parse(body);
  switch (event.type) {
    case 'app_mention':
    case 'message': {
      if (event.subtype === 'message_changed') return parseChange(team, eventId, event, botUserId);
      if (event.subtype === 'message_deleted') return parseDeletion(team, event);
      return parseMessage(team, eventId, messageSchema.parse(event), botUserId);
    }
    case 'reaction_added': {
      const reaction = reactionSchema.safeParse(event);
      if (!reaction.success || !stopReactions.has(reaction.data.reaction.split('::')[0] ?? '')) return null;
      const { user, item } = reaction.data;
      // Slack does not say which thread a reacted message is in: `thread` is the message itself, the core looks it up.
      return { kind: 'stop', ref: refOf(team, item.channel, item.ts), author: user, via: 'reaction' };
    }
    case 'agent_session_stopped': {
      const { channel, user, thread_ts: thread } = sessionStoppedSchema.parse(event);
      return { kind: 'stop', ref: refOf(team, channel, thread ?? ''), author: user, via: 'native' };
    }
    default:
      return null;
  }
}

/** A message as it came in an event or was read back by catch-up. `channel` must be set. */
export function parseMessage(
  team: string,
  eventId: string,
  message: SlackMessage,
  botUserId: string,
): Incoming | null {
  const { user, channel, ts, thread_ts: threadTs, subtype } = message;
  if (user === undefined || channel === undefined || typeof message.bot_id === 'string') return null;
  if (subtype !== undefined && !peopleSubtypes.has(subtype)) return null;
  const text = message.text ?? '';
  const ref = placeOf(team, channel, ts, threadTs);
  return {
    kind: 'message',
    ref,
    messageId: ts,
    eventId,
    author: user,
    text: plainText(text, botUserId),
    files: (message.files ?? []).map(toFileRef),
    addressing: addressingOf(text, ref.dm, botUserId),
  };
}

/** A click on a button of ours, or null for a button that is not (links, agents' own). */
export function parseClick(body: unknown): Incoming | null {
  const { user, team, channel, message, actions, trigger_id: trigger } = clickSchema.parse(body);
  const action = actions[0];
  if (action === undefined || action.value === undefined) return null;
  const teamId = team?.id ?? user.team_id ?? '';
  return {
    kind: 'action',
    ref:
      channel === undefined || message === undefined
        ? homeOf(teamId, user.id)
        : placeOf(teamId, channel.id, message.ts, message.thread_ts),
    author: user.id,
    action: action.action_id,
    value: action.value,
    clickId: `${message?.ts ?? 'home'}/${action.action_ts}`,
    trigger,
  };
}

function parseChange(team: string, eventId: string, event: unknown, botUserId: string): Incoming | null {
  const { channel, message, previous_message: previous } = messageChangedSchema.parse(event);
  // Unfurls and thread counters also arrive as changes; only a new text is an edit.
  if (message.user === undefined || typeof message.bot_id === 'string' || message.text === previous?.text)
    return null;
  const ref = placeOf(team, channel, message.ts, message.thread_ts);
  const text = plainText(message.text ?? '', botUserId);
  return { kind: 'edited', ref, messageId: message.ts, eventId, author: message.user, text };
}

function parseDeletion(team: string, event: unknown): Incoming | null {
  const { channel, deleted_ts: messageId, previous_message: previous } = messageDeletedSchema.parse(event);
  if (previous?.user === undefined || typeof previous.bot_id === 'string') return null;
  const ref = placeOf(team, channel, messageId, previous.thread_ts);
  return { kind: 'deleted', ref, messageId, author: previous.user };
}

function refOf(team: string, channel: string, thread: string): ThreadRef {
  return { team, channel, thread, dm: isDm(channel) };
}

/**
 * The conversation a message is in. A root that has replies carries its own ts as `thread_ts`, which it did not when
 * it was written: in a DM it stays a message of the top level.
 */
export function placeOf(team: string, channel: string, ts: string, threadTs: string | undefined): ThreadRef {
  const reply = threadTs !== undefined && threadTs !== ts;
  return refOf(team, channel, reply ? threadTs : isDm(channel) ? '' : ts);
}

/** App Home is in no channel; what is posted to a person's own id reaches their DM with us. */
function homeOf(team: string, person: string): ThreadRef {
  return { team, channel: person, thread: '', dm: true };
}

/** Slack's ids of direct message channels begin with D. */
function isDm(channel: string): boolean {
  return channel.startsWith('D');
}

function addressingOf(text: string, dm: boolean, botUserId: string): Addressing {
  if (dm || text.includes(`<@${botUserId}`)) return 'direct';
  return /<@[UW][A-Z0-9_]+/.test(text) ? 'other' : 'open';
}

/** Slack's text without our own mention, and with its three escapes undone. Mentions of others stay as they are. */
function plainText(text: string, botUserId: string): string {
  return text
    .replaceAll(new RegExp(`\\s*<@${botUserId}(\\|[^>]*)?>[:,]?\\s*`, 'g'), ' ')
    .replaceAll(/<(https?:[^|>]+)(?:\|[^>]*)?>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .trim();
}

function toFileRef(file: NonNullable<SlackMessage['files']>[number]): FileRef {
  return {
    name: file.name ?? file.id,
    mime: file.mimetype ?? 'application/octet-stream',
    size: file.size ?? 0,
    source: file.url_private_download ?? file.url_private ?? '',
  };
}
