import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Delivery } from '../hub/delivery.ts';
import type { Journal } from '../journal.ts';
import type { Manifest } from '../manifest.ts';
import type { MessageStore } from './messages.ts';
import type { Channel, StoredFile, StoredView, ThreadStatus, User } from './model.ts';

export interface Identity {
  readonly teamId: string;
  readonly teamName: string;
  readonly appId: string;
  readonly botId: string;
  readonly botUserId: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
}

export interface Trigger {
  readonly user: string;
  readonly at: number;
  /** The modal it came from; only such a trigger can push. */
  readonly viewId?: string | undefined;
  used: boolean;
}

export interface ResponseUrl {
  readonly at: number;
  readonly channel: string;
  readonly user: string;
  readonly threadTs?: string | undefined;
  /** The message the click was on. */
  readonly messageTs?: string | undefined;
  uses: number;
}

/** All state of one Slack workspace with one app in it. */
export interface World {
  readonly id: Identity;
  /** `http://127.0.0.1:port`, known once it listens. */
  url: string;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly journal: Journal;
  readonly manifest: Manifest;
  readonly users: Map<string, User>;
  readonly channels: Map<string, Channel>;
  readonly messages: MessageStore;
  readonly files: Map<string, StoredFile>;
  readonly views: Map<string, StoredView>;
  /** Open modals of a person, the lowest first; at most 3. */
  readonly modals: Map<string, string[]>;
  readonly homes: Map<string, string>;
  readonly triggers: Map<string, Trigger>;
  readonly responseUrls: Map<string, ResponseUrl>;
  /** Key `channel:root`. */
  readonly statuses: Map<string, ThreadStatus>;
  readonly titles: Map<string, string>;
  readonly prompts: Map<string, { title: string; message: string }[]>;
  readonly delivery: Delivery;
  /** How long a person's client waits for an ack, and a trigger lives. Real milliseconds. */
  readonly ackMs: number;
  /** Of {@link nextId}, by prefix. */
  readonly counters: Map<string, number>;
  /** A counter for ids of one kind: readable, and the same in every run. */
  nextId(prefix: string): string;
}

/** @returns the user's shown name, or the id when nobody has it. */
export function displayName(world: World, userId: string): string {
  return world.users.get(userId)?.realName ?? userId;
}

/** @returns the id of a person's DM with the app: U_ANNA's is D_ANNA. */
export function directMessageId(userId: string): string {
  return `D${userId.replace(/^[UW]/, '')}`;
}

/** @returns the direct conversation of a person with the app, made on demand. */
export function directMessage(world: World, userId: string): Channel {
  const id = directMessageId(userId);
  let channel = world.channels.get(id);
  if (!channel) {
    channel = {
      id,
      name: '',
      kind: 'im',
      members: new Set([userId, world.id.botUserId]),
      created: Math.floor(world.clock.now() / 1000),
      archived: false,
    };
    world.channels.set(id, channel);
    world.changes.emit({ kind: 'channel', channel: id });
  }
  return channel;
}
