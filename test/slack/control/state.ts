import { directMessageId, type World } from '../store/world.ts';
import { isReply, type StoredMessage } from '../store/model.ts';
import { wireChannel, wireMessage, wireUser } from '../store/wire.ts';
import { wireView } from '../people/payloads.ts';

/** Everything a person's client would draw, as JSON. */
export function readState(world: World): Record<string, unknown> {
  return {
    team: { id: world.id.teamId, name: world.id.teamName },
    bot: { userId: world.id.botUserId, name: world.manifest.botName },
    commands: [...world.manifest.commands],
    slashCommands: world.manifest.commandHelp,
    shortcuts: world.manifest.shortcuts,
    people: [...world.users.values()].map((user) => wireUser(world, user)),
    channels: [...world.channels.values()].map((channel) => ({
      ...wireChannel(world, channel),
      members: [...channel.members],
    })),
    dms: directMessages(world),
    statuses: Object.fromEntries(world.statuses),
    titles: Object.fromEntries(world.titles),
    prompts: Object.fromEntries(world.prompts),
    modals: viewsOf(world, (user) => world.modals.get(user) ?? []),
    homes: viewsOf(world, (user) => [world.homes.get(user) ?? '']),
  };
}

/** The direct conversation of each person with the app; it is made when it is first written to. */
function directMessages(world: World): Record<string, string> {
  const people = [...world.users.values()].filter((user) => !user.isBot);
  return Object.fromEntries(people.map(({ id }) => [id, directMessageId(id)]));
}

function viewsOf(world: World, idsOf: (user: string) => readonly string[]): Record<string, unknown> {
  const shown = [...world.users.keys()].map((user): [string, unknown[]] => [
    user,
    idsOf(user).flatMap((id) => {
      const view = world.views.get(id);
      return view ? [wireView(world, view)] : [];
    }),
  ]);
  return Object.fromEntries(shown.filter(([, views]) => views.length > 0));
}

/**
 * Messages of a channel, or of one thread, with what only the server knows of them.
 * @param limit the newest this many roots, or replies
 */
export function readMessages(
  world: World,
  channel: string,
  thread: string | undefined,
  limit: number,
): Record<string, unknown>[] {
  const root = thread === undefined ? undefined : world.messages.get(channel, thread);
  const listed =
    thread === undefined
      ? world.messages.roots(channel).slice(-limit)
      : [...(root ? [root] : []), ...world.messages.replies(channel, thread).slice(-limit)];
  return listed.map((message) => readMessage(world, message));
}

/** Those of the given messages of a channel that are (still) there. */
export function readSome(world: World, channel: string, ts: readonly string[]): Record<string, unknown>[] {
  return ts.flatMap((one) => {
    const message = world.messages.get(channel, one);
    return message ? [readMessage(world, message)] : [];
  });
}

function readMessage(world: World, message: StoredMessage): Record<string, unknown> {
  return {
    ...wireMessage(world, message, true),
    is_reply: isReply(message),
    ephemeral_to: message.ephemeralTo,
    stream: message.stream?.state,
    pings: message.pings,
  };
}
