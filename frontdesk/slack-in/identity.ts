import { z } from 'zod';

/** Who stands behind a payload, whatever way it came in. */
export interface Identity {
  /** How it came in: an event's type, `click`, `shortcut`, `command`, `modal`, `options`. */
  readonly way: string;
  readonly user: string | undefined;
  /** A bot wrote it (ours or another's). */
  readonly bot: boolean;
  /** Where it was written. */
  readonly team: string | undefined;
  /** The person's own workspace, where Slack tells it: another one for guests of a channel shared with it (Slack Connect). */
  readonly home: string | undefined;
  readonly channel: string | undefined;
}

/** `team`, `user_team`: of the author. */
const homes = { team: z.string().nullish(), user_team: z.string().nullish() };
const authored = z.object({ user: z.string().optional(), bot_id: z.string().nullish(), ...homes });

const eventSchema = z.object({
  team_id: z.string().optional(),
  event: z.looseObject({
    type: z.string(),
    user: z.union([z.string(), z.object({ id: z.string() })]).optional(),
    bot_id: z.string().nullish(),
    ...homes,
    channel: z.union([z.string(), z.object({ id: z.string() })]).optional(),
    item: z.object({ channel: z.string().optional() }).optional(),
    message: authored.optional(),
    previous_message: authored.optional(),
  }),
});

const interactiveSchema = z.object({
  type: z.string().optional(),
  command: z.string().optional(),
  user: z.object({ id: z.string(), team_id: z.string().optional() }).optional(),
  user_id: z.string().optional(),
  team: z.object({ id: z.string() }).nullish(),
  team_id: z.string().optional(),
  channel: z.object({ id: z.string() }).nullish(),
  channel_id: z.string().optional(),
});

const interactiveWays: Record<string, string> = {
  block_actions: 'click',
  interactive_message: 'click',
  message_action: 'shortcut',
  shortcut: 'shortcut',
  view_submission: 'modal',
  view_closed: 'modal',
  block_suggestion: 'options',
};

/** Reads who sent a payload. Pure; an unreadable payload has no user and is therefore refused. */
export function identify(body: unknown, botUserId: string): Identity {
  const event = eventSchema.safeParse(body);
  if (event.success) {
    const { event: e, team_id: team } = event.data;
    const inner = e.message ?? e.previous_message;
    const direct = typeof e.user === 'string' ? e.user : e.user?.id;
    const user = direct ?? inner?.user;
    const bot = user === botUserId || [e.bot_id, inner?.bot_id].some((id) => typeof id === 'string');
    const channel = typeof e.channel === 'string' ? e.channel : (e.channel?.id ?? e.item?.channel);
    const home = homeOf(e) ?? (inner && homeOf(inner));
    return { way: e.type, user, bot, team, home, channel };
  }
  const interactive = interactiveSchema.safeParse(body);
  if (!interactive.success)
    return {
      way: 'unreadable',
      user: undefined,
      bot: false,
      team: undefined,
      home: undefined,
      channel: undefined,
    };
  const b = interactive.data;
  return {
    way: b.command === undefined ? (interactiveWays[b.type ?? ''] ?? b.type ?? 'unreadable') : 'command',
    user: b.user?.id ?? b.user_id,
    bot: false,
    team: b.team?.id ?? b.team_id ?? b.user?.team_id,
    home: b.user?.team_id,
    channel: b.channel?.id ?? b.channel_id,
  };
}

/** The own workspace of who wrote a message. */
export function homeOf({
  user_team: userTeam,
  team,
}: Pick<z.infer<typeof authored>, keyof typeof homes>): string | undefined {
  return userTeam ?? team ?? undefined;
}

export interface Allowlist {
  readonly allowedUsers: readonly string[];
  readonly allowedTeams: readonly string[];
  readonly allowedChannels: readonly string[];
}

/**
 * IN-2: deny by default. Users: empty means nobody. Teams and channels: empty means any; a DM (D…) is not a
 * channel, and a way in without a channel (App Home, a modal) has none to check.
 * @returns `ignore` for bots (not counted), `refuse` for strangers (counted), else `serve`
 */
export function decideServe(who: Identity, allow: Allowlist): 'serve' | 'refuse' | 'ignore' {
  if (who.bot) return 'ignore';
  if (who.user === undefined || !allow.allowedUsers.includes(who.user)) return 'refuse';
  const teams = [who.team ?? '', who.home ?? who.team ?? ''];
  if (allow.allowedTeams.length > 0 && !teams.every((team) => allow.allowedTeams.includes(team)))
    return 'refuse';
  const { channel } = who;
  if (allow.allowedChannels.length > 0 && channel !== undefined && !channel.startsWith('D'))
    return allow.allowedChannels.includes(channel) ? 'serve' : 'refuse';
  return 'serve';
}
