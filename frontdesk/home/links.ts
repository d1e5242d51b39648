import { z } from 'zod';
import { type ThreadRef, threadKey } from '../../mcp-servers/kit/chat.ts';
import { describeError } from '../../mcp-servers/kit/errors.ts';
import type { Log } from '../../mcp-servers/kit/log.ts';
import type { SlackWeb } from '../../mcp-servers/slack/web.ts';

const permalinkSchema = z.object({ permalink: z.url({ protocol: /^https?$/ }) });
/** One that could not be had is asked for again after this long. */
const retryMs = 60_000;
const kept = 2000;

/** Links to threads, asked for once. */
export function createLinks({
  web,
  log,
  now,
}: {
  readonly web: Pick<SlackWeb, 'call'>;
  readonly log: Log;
  readonly now: () => number;
}): (ref: ThreadRef) => Promise<string | null> {
  const known = new Map<string, { readonly link: string | null; readonly until: number }>();
  return async (ref) => {
    // A DM's top level is no message that could be linked to.
    if (ref.thread === '') return null;
    const key = threadKey(ref);
    const found = known.get(key);
    if (found !== undefined && now() < found.until) return found.link;
    let link: string | null = null;
    try {
      const args = { channel: ref.channel, message_ts: ref.thread };
      link = permalinkSchema.parse(await web.call('chat.getPermalink', args)).permalink;
    } catch (error) {
      log.warn({ err: describeError(error), thread: key }, 'home.link.failed');
    }
    const [oldest] = known.keys();
    if (known.size >= kept && oldest !== undefined) known.delete(oldest);
    known.set(key, { link, until: link === null ? now() + retryMs : Infinity });
    return link;
  };
}
