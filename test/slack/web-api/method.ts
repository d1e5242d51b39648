import type { z } from 'zod';

import type { Tier } from '../limits/rate-limits.ts';
import type { Channel, Json, StoredMessage } from '../store/model.ts';
import { directMessage, type World } from '../store/world.ts';
import { SlackError } from './slack-error.ts';

/** One Web API method: what it takes, who may call it, how often, and what it does. */
export interface Method<A = unknown> {
  readonly name: string;
  readonly tier: Tier;
  /** Kind of token; default bot. */
  readonly token?: 'app' | 'bot' | 'any';
  /** Any one of these scopes suffices. Those that depend on the channel are checked inside `run`. */
  readonly scopes?: readonly string[];
  readonly args: z.ZodType<A>;
  readonly run: (world: World, args: A) => Json | Promise<Json>;
}

/** Keeps the argument type of a method while a table of them forgets it. */
export function method<A>(definition: Method<A>): Method {
  return definition as unknown as Method;
}

/** @throws missing_scope, with what is needed and what the manifest has. */
export function requireScope(world: World, anyOf: readonly string[]): void {
  if (anyOf.length === 0 || anyOf.some((scope) => world.manifest.scopes.has(scope))) return;
  const provided = [...world.manifest.scopes].join(',');
  throw new SlackError('missing_scope', { needed: anyOf.join(','), provided });
}

const scopePrefix = { channel: 'channels', group: 'groups', im: 'im', mpim: 'mpim' } as const;

/** @throws missing_scope when the app may not read (or see the history of) this kind of conversation. */
export function requireChannelScope(world: World, channel: Channel, what: 'read' | 'history'): void {
  requireScope(world, [`${scopePrefix[channel.kind]}:${what}`]);
}

/**
 * Finds a conversation by id, by `#name`, or by a person's id (their DM). Private ones the app is not in do not
 * exist for it.
 * @throws channel_not_found
 */
export function findChannel(world: World, reference: string): Channel {
  const byName = reference.startsWith('#')
    ? [...world.channels.values()].find(({ name }) => name === reference.slice(1))
    : undefined;
  const person = world.users.get(reference);
  const found =
    byName ??
    world.channels.get(reference) ??
    (person && !person.isBot ? directMessage(world, person.id) : undefined) ??
    directById(world, reference);
  const hidden = found && found.kind !== 'channel' && !found.members.has(world.id.botUserId);
  if (!found || hidden) throw new SlackError('channel_not_found');
  return found;
}

function directById(world: World, id: string): Channel | undefined {
  const person = id.startsWith('D') ? world.users.get(`U${id.slice(1)}`) : undefined;
  return person && !person.isBot ? directMessage(world, person.id) : undefined;
}

/** @throws channel_not_found, not_in_channel, is_archived */
export function findWritable(world: World, reference: string): Channel {
  const channel = findChannel(world, reference);
  if (channel.archived) throw new SlackError('is_archived');
  if (!channel.members.has(world.id.botUserId)) throw new SlackError('not_in_channel');
  return channel;
}

/** @throws message_not_found; ephemeral messages are unknown to the Web API. */
export function findMessage(world: World, channel: Channel, ts: string): StoredMessage {
  const message = world.messages.get(channel.id, ts);
  if (!message || message.ephemeralTo !== undefined || message.subtype === 'tombstone') {
    throw new SlackError('message_not_found');
  }
  return message;
}
