import type { Json, StoredMessage } from './store/model.ts';
import { changeMessage, deleteMessage } from './store/post.ts';
import type { ResponseUrl, World } from './store/world.ts';
import { parseContent } from './limits/content.ts';
import { respond } from './people/interactions.ts';
import { SlackError } from './web-api/slack-error.ts';

const maxUses = 5;
const lifeMs = 30 * 60_000;

/**
 * A post to a response_url.
 * @returns HTTP status and body as Slack gives them: 404 once it is used up or too old
 */
export function useResponseUrl(world: World, id: string, payload: Json): { status: number; body: string } {
  const entry = world.responseUrls.get(id);
  const problem = entry === undefined ? 'invalid_url' : problemOf(world, entry);
  if (problem !== undefined || entry === undefined) {
    world.journal.add({ kind: 'response_url', name: 'refused', outcome: problem });
    return { status: 404, body: JSON.stringify({ ok: false, error: problem }) };
  }
  entry.uses++;
  try {
    apply(world, entry, payload);
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    world.journal.add({ kind: 'response_url', name: 'refused', channel: entry.channel, outcome: error.code });
    return { status: 400, body: JSON.stringify({ ok: false, error: error.code }) };
  }
  world.journal.add({ kind: 'response_url', name: 'used', channel: entry.channel, outcome: 'ok' });
  return { status: 200, body: 'ok' };
}

function problemOf(world: World, entry: ResponseUrl): string | undefined {
  if (entry.uses >= maxUses) return 'used_url';
  if (world.clock.now() - entry.at > world.clock.real(lifeMs)) return 'expired_url';
  return undefined;
}

function apply(world: World, entry: ResponseUrl, payload: Json): void {
  const original: StoredMessage | undefined =
    entry.messageTs === undefined ? undefined : world.messages.get(entry.channel, entry.messageTs);
  if (payload['delete_original'] === true) {
    if (original) deleteMessage(world, original);
    return;
  }
  if (payload['replace_original'] === true && original?.bot) {
    const { text, blocks, attachments } = parseContent(payload, 'post');
    changeMessage(world, original, () => Object.assign(original, { text, blocks, attachments }));
    return;
  }
  const threadTs = typeof payload['thread_ts'] === 'string' ? payload['thread_ts'] : entry.threadTs;
  respond(world, payload, { user: entry.user, channel: entry.channel, threadTs });
}
