import type { Chat } from '../mcp-servers/kit/chat.ts';
import { describeError, FrontdeskError } from '../mcp-servers/kit/errors.ts';
import type { Log } from '../mcp-servers/kit/log.ts';
import type { Incoming } from './threads/incoming.ts';

export interface UntakenPorts {
  readonly chat: Pick<Chat, 'whisper'>;
  /** Reads what was missed, until all of it is taken. */
  readonly readMissed: () => void;
  readonly log: Log;
}

/** A whisper for each is enough: Slack sends what is not acknowledged three times more. */
const mostTold = 1000;

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'its file system is read-only',
  EACCES: 'it may not write there',
  EPERM: 'it may not write there',
};

/**
 * For what came in and could not be stored. Slack gives a message up after some minutes; here it is read again until it is taken,
 * or a newer one would hide it for ever. Who wrote is told past the store when it is the disk.
 */
export function createUntaken({
  chat,
  readMissed,
  log,
}: UntakenPorts): (incoming: Incoming, error: unknown) => void {
  const told = new Set<string>();
  return (incoming, error) => {
    const { kind, ref, author } = incoming;
    const reason = reasons[(error as NodeJS.ErrnoException).code ?? ''];
    const err =
      reason === undefined ? describeError(error) : new FrontdeskError('state_unwritable', reason).advice;
    log.error({ err, kind, channel: ref.channel, thread: ref.thread }, 'slack.incoming.untaken');
    if (kind === 'message') readMissed();
    if (reason === undefined || (kind === 'message' && incoming.addressing === 'other')) return;
    const key = 'messageId' in incoming ? `${ref.channel}/${incoming.messageId}` : '';
    if (told.has(key)) return;
    if (key !== '' && told.size < mostTold) told.add(key);
    const text =
      kind === 'message'
        ? `⚠️ I cannot write down what you said: ${reason}. It is not lost: I take it up as soon as I can write again.`
        : `⚠️ I cannot write anything down: ${reason}. Nothing was done; try again later.`;
    chat
      .whisper(ref, author, text)
      .catch((failed: unknown) => log.debug({ err: describeError(failed) }, 'slack.untaken.unsaid'));
  };
}
