import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';

import { createChanges } from '../changes.ts';
import { createClock } from '../clock.ts';
import { createDelivery } from '../hub/delivery.ts';
import type { Transport } from '../hub/transport.ts';
import { createJournal } from '../journal.ts';
import { readManifest } from '../manifest.ts';
import type { ChannelOptions, PersonOptions, SlackServerOptions } from '../types.ts';
import { createMessageStore } from './messages.ts';
import type { Channel, User } from './model.ts';
import type { Identity, World } from './world.ts';

const defaultPeople: readonly PersonOptions[] = [
  { id: 'U_ANNA', name: 'Anna', email: 'anna@example.com' },
  { id: 'U_BEN', name: 'Ben', email: 'ben@example.com' },
  { id: 'U_STRANGER', name: 'Stranger', email: 'stranger@example.com' },
];
const defaultChannels: readonly ChannelOptions[] = [
  { id: 'C_GENERAL', name: 'general' },
  { id: 'C_DEV', name: 'dev' },
];
const defaultManifest = fileURLToPath(new URL('../../../deploy/slack/manifest.yaml', import.meta.url));

/** Tokens of the right shape, new for every server, worth nothing elsewhere. */
function createIdentity({ team, tokens }: SlackServerOptions): Identity {
  const hex = (bytes: number) => randomBytes(bytes).toString('hex');
  return {
    teamId: team?.id ?? 'T0LOCAL',
    teamName: team?.name ?? 'Local',
    appId: 'A0FRONTDESK',
    botId: 'B0FRONTDESK',
    botUserId: 'U0FRONTDESK',
    botToken: tokens?.bot ?? `xoxb-100000000000-200000000000-${hex(12)}`,
    appToken: tokens?.app ?? `xapp-1-A0FRONTDESK-300000000000-${hex(32)}`,
    signingSecret: tokens?.signingSecret ?? hex(16),
  };
}

/** @returns the state of one workspace, empty but for its people and channels. */
export function createWorld(options: SlackServerOptions, transport: () => Transport): World {
  const identity = createIdentity(options);
  const clock = createClock(options.clock ?? { now: () => Date.now(), scale: 1 });
  const changes = createChanges();
  const journal = createJournal(clock, changes, options.journalLimit);
  const manifest = readManifest(options.manifestPath ?? defaultManifest);
  const ackMs = options.ackMs ?? 3_000;
  const counters = new Map<string, number>();
  const bot: User = {
    id: identity.botUserId,
    name: manifest.botName,
    realName: manifest.botName,
    isBot: true,
  };
  const people = (options.people ?? defaultPeople).map(({ id, name, email }): User => ({
    id,
    name: name.toLowerCase(),
    realName: name,
    isBot: false,
    email,
  }));
  const world: World = {
    id: identity,
    url: '',
    clock,
    changes,
    journal,
    manifest,
    users: new Map([bot, ...people].map((user) => [user.id, user])),
    channels: new Map(),
    messages: createMessageStore(),
    files: new Map(),
    views: new Map(),
    modals: new Map(),
    homes: new Map(),
    triggers: new Map(),
    responseUrls: new Map(),
    statuses: new Map(),
    titles: new Map(),
    prompts: new Map(),
    delivery: createDelivery({ clock, journal, identity, ackMs, transport }),
    ackMs,
    counters,
    nextId(prefix) {
      const next = (counters.get(prefix) ?? 0) + 1;
      counters.set(prefix, next);
      return `${prefix}${String(next).padStart(6, '0')}`;
    },
  };
  for (const channel of options.channels ?? defaultChannels) addChannel(world, channel);
  return world;
}

/** Adds a channel whose members are everybody, unless said otherwise. */
export function addChannel(
  world: World,
  { id, name, kind = 'channel', members, bot = true }: ChannelOptions,
): void {
  const people = [...world.users.values()].filter((user) => !user.isBot).map((user) => user.id);
  const channel: Channel = {
    id,
    name,
    kind,
    members: new Set([...(members ?? people), ...(bot ? [world.id.botUserId] : [])]),
    created: Math.floor(world.clock.now() / 1000),
    archived: false,
  };
  world.channels.set(id, channel);
  world.changes.emit({ kind: 'channel', channel: id });
}
