import { randomBytes } from 'node:crypto';

import type { Channel, Json, StoredMessage, StoredView } from '../store/model.ts';
import { wireMessage } from '../store/wire.ts';
import type { World } from '../store/world.ts';
import type { InteractionResult } from '../types.ts';

const kept = 5_000;

/** A long run must not grow; what is this old has expired or will not be used. */
function forgetOldest(map: Map<string, unknown>): void {
  if (map.size > kept) map.delete(map.keys().next().value ?? '');
}

/** Makes a trigger_id: single use, 3 s. */
export function newTrigger(world: World, user: string, viewId?: string): string {
  const id = `${Math.floor(world.clock.now())}.${world.nextId('')}.${randomBytes(8).toString('hex')}`;
  world.triggers.set(id, { user, at: world.clock.now(), viewId, used: false });
  forgetOldest(world.triggers);
  return id;
}

/** Makes a response_url: 5 uses, 30 min. */
export function newResponseUrl(world: World, user: string, channel: string, message?: StoredMessage): string {
  const id = randomBytes(12).toString('hex');
  const { threadTs, ts: messageTs } = message ?? {};
  world.responseUrls.set(id, { at: world.clock.now(), channel, user, threadTs, messageTs, uses: 0 });
  forgetOldest(world.responseUrls);
  return `${world.url}/response/${id}`;
}

/** Fields every interactive payload has. */
export function basePayload(world: World, userId: string): Json {
  const user = world.users.get(userId);
  return {
    user: { id: userId, username: user?.name, name: user?.name, team_id: world.id.teamId },
    api_app_id: world.id.appId,
    token: 'verification-token-is-deprecated',
    team: { id: world.id.teamId, domain: 'local' },
    enterprise: null,
    is_enterprise_install: false,
  };
}

/** The part of a payload that says where a message is. */
export function messageParts(world: World, channel: Channel, message: StoredMessage): Json {
  const ephemeral = message.ephemeralTo !== undefined;
  return {
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: channel.id,
      is_ephemeral: ephemeral,
      ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
    },
    channel: { id: channel.id, name: channel.kind === 'im' ? 'directmessage' : channel.name },
    // Slack does not send the content of an ephemeral message along.
    ...(ephemeral ? {} : { message: wireMessage(world, message, true) }),
  };
}

/** A view as payloads and views.* answers show it. */
export function wireView(world: World, view: StoredView): Json {
  return {
    ...view.body,
    id: view.id,
    team_id: world.id.teamId,
    app_id: world.id.appId,
    app_installed_team_id: world.id.teamId,
    bot_id: world.id.botId,
    hash: view.hash,
    root_view_id: view.rootId,
    previous_view_id: view.previousId,
    external_id: view.externalId,
    private_metadata: view.body['private_metadata'] ?? '',
    callback_id: view.body['callback_id'] ?? '',
    clear_on_close: view.body['clear_on_close'] ?? false,
    notify_on_close: view.body['notify_on_close'] ?? false,
    close: view.body['close'] ?? null,
    submit: view.body['submit'] ?? null,
    state: { values: view.values },
  };
}

/** Sends an interaction and waits for the app's answer, as a client does. */
export async function interact(
  world: World,
  type: 'interactive' | 'slash_commands',
  payload: Json,
): Promise<InteractionResult> {
  const outcome = await world.delivery.interact(type, payload);
  if (outcome.acked) return { acked: true, payload: outcome.payload };
  return { acked: false, payload: {}, error: outcome.reason };
}
