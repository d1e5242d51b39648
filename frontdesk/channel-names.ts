import { z } from 'zod';
import type { SlackWeb } from '../mcp-servers/slack/web.ts';

const channelSchema = z.object({ channel: z.object({ name: z.string().optional() }) });

/** @returns `#dev`, or the id when the name cannot be had; asked once per channel */
export function createChannelNames(web: SlackWeb): (channel: string) => Promise<string> {
  const known = new Map<string, Promise<string>>();
  const ask = async (channel: string) => {
    const { name } = channelSchema.parse(await web.call('conversations.info', { channel })).channel;
    return name === undefined ? channel : `#${name}`;
  };
  return (channel) => {
    const asked = known.get(channel) ?? ask(channel).catch(() => (known.delete(channel), channel));
    known.set(channel, asked);
    return asked;
  };
}
