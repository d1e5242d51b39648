import { parseContent } from '../limits/content.ts';
import type { Channel, Json, StoredMessage } from '../store/model.ts';
import { postMessage } from '../store/post.ts';
import type { World } from '../store/world.ts';
import type { ClickTarget, InteractionResult } from '../types.ts';
import { actionFor } from './controls.ts';
import { openView } from './modals.ts';
import { basePayload, interact, messageParts, newResponseUrl, newTrigger, wireView } from './payloads.ts';

/** A slash command typed in the composer of a channel; Slack has none inside threads. */
export async function slashCommand(
  world: World,
  user: string,
  command: string,
  text: string,
  channel: Channel,
): Promise<InteractionResult> {
  if (!world.manifest.commands.has(command)) {
    const known = [...world.manifest.commands].join(', ');
    throw new Error(`${command} is not a valid command; the manifest has ${known || 'none'}`);
  }
  const result = await interact(world, 'slash_commands', {
    token: 'verification-token-is-deprecated',
    team_id: world.id.teamId,
    team_domain: 'local',
    channel_id: channel.id,
    channel_name: channel.kind === 'im' ? 'directmessage' : channel.name,
    user_id: user,
    user_name: world.users.get(user)?.name,
    command,
    text,
    api_app_id: world.id.appId,
    // A string here and a boolean in block_actions: so it is at Slack.
    is_enterprise_install: 'false',
    response_url: newResponseUrl(world, user, channel.id),
    trigger_id: newTrigger(world, user),
  });
  const says = result.payload['text'] !== undefined || result.payload['blocks'] !== undefined;
  if (result.acked && says) respond(world, result.payload, { user, channel: channel.id });
  return result;
}

/** Posts what an app answers to a command or through a response_url: to one person unless `in_channel`. */
export function respond(
  world: World,
  payload: Json,
  where: { user: string; channel: string; threadTs?: string | undefined },
): StoredMessage {
  const content = parseContent(payload, 'post');
  return postMessage(world, {
    channel: where.channel,
    user: world.id.botUserId,
    ...content,
    threadTs: where.threadTs,
    ephemeralTo: payload['response_type'] === 'in_channel' ? undefined : where.user,
  });
}

/** Presses or chooses something on a message. @throws when the person cannot see it */
export function clickMessage(
  world: World,
  user: string,
  channel: Channel,
  message: StoredMessage,
  target: ClickTarget,
): Promise<InteractionResult> {
  const action = actionFor(message.blocks, target, world.clock.nextTs());
  return interact(world, 'interactive', {
    type: 'block_actions',
    ...basePayload(world, user),
    ...messageParts(world, channel, message),
    trigger_id: newTrigger(world, user),
    state: { values: {} },
    response_url: newResponseUrl(world, user, channel.id, message),
    actions: [action],
  });
}

/** Presses or chooses something in a modal or on App Home. */
export function clickView(
  world: World,
  user: string,
  viewId: string,
  target: ClickTarget,
): Promise<InteractionResult> {
  const view = openView(world, user, viewId);
  const action = actionFor(view.body.blocks, target, world.clock.nextTs());
  const { block_id, action_id, action_ts: _ts, text: _text, ...value } = action;
  const values = view.values[String(block_id)];
  if (values?.[String(action_id)]) values[String(action_id)] = value;
  return interact(world, 'interactive', {
    type: 'block_actions',
    ...basePayload(world, user),
    container: { type: 'view', view_id: view.id },
    trigger_id: newTrigger(world, user, view.type === 'modal' ? view.id : undefined),
    view: wireView(world, view),
    actions: [action],
  });
}

/** A shortcut from a message's menu, or a global one. @throws when the manifest has none of that id */
export function useShortcut(
  world: World,
  user: string,
  callbackId: string,
  on?: { channel: Channel; message: StoredMessage },
): Promise<InteractionResult> {
  const type = on ? 'message' : 'global';
  if (!world.manifest.shortcuts.some((one) => one.callback_id === callbackId && one.type === type)) {
    throw new Error(`the manifest has no ${type} shortcut ${callbackId}`);
  }
  const payload: Json = {
    type: on ? 'message_action' : 'shortcut',
    ...basePayload(world, user),
    callback_id: callbackId,
    trigger_id: newTrigger(world, user),
    action_ts: world.clock.nextTs(),
  };
  if (on) {
    const { container: _container, ...parts } = messageParts(world, on.channel, on.message);
    const responseUrl = newResponseUrl(world, user, on.channel.id, on.message);
    Object.assign(payload, parts, { message_ts: on.message.ts, response_url: responseUrl });
  }
  return interact(world, 'interactive', payload);
}
