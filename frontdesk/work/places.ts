import { z } from 'zod';
import type { ThreadRef } from '../../mcp-servers/kit/chat.ts';
import { describeError } from '../../mcp-servers/kit/errors.ts';
import type { Log } from '../../mcp-servers/kit/log.ts';
import type { SlackChat } from '../../mcp-servers/slack/chat.ts';
import type { SlackWeb } from '../../mcp-servers/slack/web.ts';
import type { Places } from './ports.ts';

export interface PlacesOptions {
  readonly web: SlackWeb;
  readonly chat: Pick<SlackChat, 'root'>;
  readonly teamId: string;
  readonly log: Log;
}

const listSchema = z.object({
  channels: z.array(
    z.object({ id: z.string(), name: z.string().optional(), is_member: z.boolean().optional() }),
  ),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});
const openSchema = z.object({ channel: z.object({ id: z.string() }) });

/** Of the message that opens a thread for a proposal: another one in the DM, where it may be said after the channel failed. */
export function rootIdOf(id: string, { dm }: Pick<ThreadRef, 'dm'>): string {
  return `${id}/${dm ? 'dm' : 'root'}`;
}

/** The person's DM with us; null when Slack opens none. */
export function createDm({ web, teamId, log }: Omit<PlacesOptions, 'chat'>) {
  return async (person: string): Promise<ThreadRef | null> => {
    try {
      const { id } = openSchema.parse(await web.call('conversations.open', { users: person })).channel;
      return { team: teamId, channel: id, thread: '', dm: true };
    } catch (error) {
      log.warn({ err: describeError(error) }, 'work.place.dm.failed');
      return null;
    }
  };
}

/** Threads for what was begun outside of one (IN-9): in `#ai-dev-proj-name`, else in the person's DM. */
export function createPlaces({ web, chat, teamId, log }: PlacesOptions): Places {
  const openDm = createDm({ web, teamId, log });
  const channelNamed = async (name: string): Promise<string | null> => {
    let cursor = '';
    do {
      const args = { types: 'public_channel,private_channel', exclude_archived: true, limit: 200, cursor };
      const page = listSchema.parse(await web.call('conversations.list', args));
      const found = page.channels.find((channel) => channel.name === name && channel.is_member !== false);
      if (found !== undefined) return found.id;
      cursor = page.response_metadata?.next_cursor ?? '';
    } while (cursor !== '');
    return null;
  };

  return {
    async openIn({ id, ref, text }) {
      const root = await chat.root(ref, rootIdOf(id, ref), text);
      return root === null ? null : { ...ref, thread: root };
    },

    async open({ id, person, project, text }) {
      try {
        const channel = await channelNamed(`${project.category}-${project.project}`);
        const top = { team: teamId, channel: channel ?? '', thread: '', dm: false };
        const root = channel === null ? null : await chat.root(top, rootIdOf(id, top), text);
        if (channel !== null && root !== null) return { team: teamId, channel, thread: root, dm: false };
      } catch (error) {
        log.warn({ err: describeError(error) }, 'work.place.channel.failed');
      }
      const ref = await openDm(person);
      if (ref === null) return null;
      const root = await chat.root(ref, rootIdOf(id, ref), text);
      return root === null ? null : { ...ref, thread: root };
    },
  };
}
