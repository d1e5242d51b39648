import { z } from 'zod';
import { type ThreadRef, threadKey } from '../../mcp-servers/kit/chat.ts';
import { describeError } from '../../mcp-servers/kit/errors.ts';
import type { Log } from '../../mcp-servers/kit/log.ts';
import type { SlackWeb } from '../../mcp-servers/slack/web.ts';

const permalinkSchema = z.object({ permalink: z.string().regex(/^https?:\/\/[^\s|<>]+\/archives\//) });
/** A thread that Slack had no link to is asked for again after this long. */
const retryMs = 60_000;

export interface LinksOptions {
  readonly web: Pick<SlackWeb, 'call'>;
  readonly log: Log;
  readonly now: () => number;
}

/**
 * Links to threads. Slack is asked for one; the others differ from it in channel and ts only
 * (`https://team.slack.com/archives/C0123/p1700000000000100`), and fifty questions at once would be refused.
 */
export function createLinks({ web, log, now }: LinksOptions): (ref: ThreadRef) => Promise<string | null> {
  const failed = new Map<string, number>();
  let base: string | undefined;
  let asking: Promise<void> = Promise.resolve();

  const ask = async (ref: ThreadRef): Promise<void> => {
    const key = threadKey(ref);
    if (base !== undefined || (failed.get(key) ?? 0) > now()) return;
    try {
      const args = { channel: ref.channel, message_ts: ref.thread };
      const { permalink } = permalinkSchema.parse(await web.call('chat.getPermalink', args));
      base = permalink.slice(0, permalink.indexOf('/archives/'));
    } catch (error) {
      failed.set(key, now() + retryMs);
      log.warn({ err: describeError(error), thread: key }, 'home.link.failed');
    }
  };

  return async (ref) => {
    // A DM's top level is no message that could be linked to.
    if (ref.thread === '') return null;
    if (base === undefined) {
      asking = asking.then(() => ask(ref));
      await asking;
    }
    return base === undefined ? null : `${base}/archives/${ref.channel}/p${ref.thread.replace('.', '')}`;
  };
}
