/** What we read of Slack's payloads, and no more. Unknown fields pass; a payload that does not fit is dropped, told in the log. */
import { z } from 'zod';

const fileSchema = z.object({
  id: z.string(),
  name: z.string().nullish(),
  mimetype: z.string().nullish(),
  size: z.number().nullish(),
  url_private_download: z.string().nullish(),
  url_private: z.string().nullish(),
});

export const messageSchema = z.object({
  type: z.literal('message').or(z.literal('app_mention')),
  subtype: z.string().optional(),
  user: z.string().optional(),
  /** The author's own workspace. */
  team: z.string().nullish(),
  user_team: z.string().nullish(),
  bot_id: z.string().nullish(),
  text: z.string().nullish(),
  ts: z.string(),
  thread_ts: z.string().optional(),
  /** Of a root with replies: their newest ts. */
  latest_reply: z.string().optional(),
  channel: z.string().optional(),
  channel_type: z.string().optional(),
  files: z.array(fileSchema).optional(),
  edited: z.object({ ts: z.string() }).nullish(),
});
export type SlackMessage = z.infer<typeof messageSchema>;

export const messageChangedSchema = z.object({
  type: z.literal('message'),
  subtype: z.literal('message_changed'),
  channel: z.string(),
  channel_type: z.string().optional(),
  message: messageSchema,
  previous_message: z.object({ text: z.string().nullish() }).optional(),
});

export const messageDeletedSchema = z.object({
  type: z.literal('message'),
  subtype: z.literal('message_deleted'),
  channel: z.string(),
  channel_type: z.string().optional(),
  deleted_ts: z.string(),
  previous_message: messageSchema.partial().optional(),
});

export const reactionSchema = z.object({
  type: z.literal('reaction_added'),
  user: z.string(),
  reaction: z.string(),
  item: z.object({ type: z.literal('message'), channel: z.string(), ts: z.string() }),
});

export const sessionStoppedSchema = z.object({
  type: z.literal('agent_session_stopped'),
  channel: z.string(),
  user: z.string(),
  thread_ts: z.string().nullish(),
});

export const homeOpenedSchema = z.object({
  type: z.literal('app_home_opened'),
  user: z.string(),
  tab: z.string().default('home'),
});

export const eventBodySchema = z.object({
  team_id: z.string(),
  event_id: z.string(),
  event: z.looseObject({ type: z.string(), subtype: z.string().optional() }),
});

export const clickSchema = z.object({
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  team: z.object({ id: z.string() }).nullish(),
  /** Both missing: clicked in App Home. */
  channel: z.object({ id: z.string() }).optional(),
  message: z.object({ ts: z.string(), thread_ts: z.string().optional() }).optional(),
  trigger_id: z.string().default(''),
  actions: z
    .array(
      z.object({ action_id: z.string(), value: z.string().optional(), action_ts: z.string().default('') }),
    )
    .min(1),
});
