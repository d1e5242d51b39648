import { z } from 'zod';

import { sendEvent, isSubscribed } from '../hub/fan-out.ts';
import { sessionStatuses, setAssistantStatus, setSessionStatus } from '../store/sessions.ts';
import type { Channel } from '../store/model.ts';
import type { World } from '../store/world.ts';
import { jsonArg, textArg } from './args.ts';
import { requireAuthorScope, resolveThread } from './chat.ts';
import { findWritable, method } from './method.ts';
import { SlackError } from './slack-error.ts';

/** For assistant.threads `assistant:write` is being phased out in favour of `chat:write`; either will do. */
const scopes = ['chat:write', 'assistant:write'];
const authorArgs = {
  icon_emoji: textArg.optional(),
  icon_url: textArg.optional(),
  username: textArg.max(200).optional(),
};

function threadOf(
  world: World,
  args: { channel_id: string; thread_ts: string },
): { channel: Channel; root: string } {
  const channel = findWritable(world, args.channel_id);
  return { channel, root: resolveThread(world, channel, args.thread_ts) ?? '' };
}

function requireAgent(world: World): void {
  if (!world.manifest.agentView) throw new SlackError('feature_not_enabled');
}

const missingStop = 'missing_agent_session_stopped_event_subscription';

const setStatus = method({
  name: 'agents.sessions.setStatus',
  tier: 3,
  scopes: ['chat:write'],
  args: z.object({
    channel_id: textArg,
    thread_ts: textArg,
    status: z.enum(sessionStatuses),
    title: textArg.max(200).optional(),
    initiator_user_id: textArg.optional(),
    ...authorArgs,
  }),
  run(world, args) {
    requireAgent(world);
    requireAuthorScope(world, args);
    const { channel, root } = threadOf(world, args);
    if (args.initiator_user_id !== undefined && !channel.members.has(args.initiator_user_id)) {
      throw new SlackError('user_not_in_channel');
    }
    const key = `${channel.id}:${root}`;
    if (args.title !== undefined && !world.titles.has(key)) world.titles.set(key, args.title);
    setSessionStatus(world, channel.id, root, args.status);
    const answer = { status: args.status, title: world.titles.get(key) ?? '' };
    if (isSubscribed(world, 'agent_session_stopped')) return answer;
    return { ...answer, warning: missingStop, response_metadata: { warnings: [missingStop] } };
  },
});

const rename = method({
  name: 'agents.sessions.rename',
  tier: 3,
  scopes: ['chat:write'],
  args: z.object({ channel_id: textArg, thread_ts: textArg, title: textArg.min(1).max(200) }),
  run(world, args) {
    requireAgent(world);
    const { channel, root } = threadOf(world, args);
    const key = `${channel.id}:${root}`;
    if (!world.statuses.has(key)) throw new SlackError('session_not_found');
    const previous = world.titles.get(key);
    world.titles.set(key, args.title);
    world.changes.emit({ kind: 'status', channel: channel.id, thread: root });
    sendEvent(
      world,
      'agent_session_title_changed',
      {
        type: 'agent_session_title_changed',
        channel: channel.id,
        user: world.id.botUserId,
        team_id: world.id.teamId,
        thread_ts: root,
        title: args.title,
        previous_title: previous,
        event_ts: world.clock.nextTs(),
      },
      channel,
    );
    return {};
  },
});

const assistantStatus = method({
  name: 'assistant.threads.setStatus',
  tier: 4,
  scopes,
  args: z.object({
    channel_id: textArg,
    thread_ts: textArg,
    status: textArg,
    loading_messages: jsonArg(z.array(z.string()).max(10)).optional(),
    ...authorArgs,
  }),
  run(world, args) {
    requireAuthorScope(world, args);
    const { channel, root } = threadOf(world, args);
    setAssistantStatus(world, channel.id, root, args.status, args.loading_messages ?? []);
    return {};
  },
});

const setTitle = method({
  name: 'assistant.threads.setTitle',
  tier: 4,
  scopes: ['assistant:write', 'chat:write'],
  args: z.object({ channel_id: textArg, thread_ts: textArg, title: textArg }),
  run(world, args) {
    const { channel, root } = threadOf(world, args);
    world.titles.set(`${channel.id}:${root}`, args.title);
    world.changes.emit({ kind: 'status', channel: channel.id, thread: root });
    return {};
  },
});

const prompts = jsonArg(
  z
    .array(z.object({ title: z.string().min(1), message: z.string().min(1) }))
    .min(1)
    .max(4),
);

const setSuggestedPrompts = method({
  name: 'assistant.threads.setSuggestedPrompts',
  tier: 4,
  scopes: ['assistant:write', 'chat:write'],
  args: z.object({ channel_id: textArg, thread_ts: textArg.optional(), title: textArg.optional(), prompts }),
  run(world, args) {
    const channel = findWritable(world, args.channel_id);
    const root = resolveThread(world, channel, args.thread_ts) ?? '';
    world.prompts.set(`${channel.id}:${root}`, args.prompts);
    world.changes.emit({ kind: 'status', channel: channel.id, thread: root });
    return {};
  },
});

export const agentMethods = [setStatus, rename, assistantStatus, setTitle, setSuggestedPrompts];
