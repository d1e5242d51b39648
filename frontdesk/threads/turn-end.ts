import { threadKey } from '../../mcp-servers/kit/chat.ts';
import type { Usage } from '../opencode/agent.ts';
import { cardIdOf, type LiveTurn, silenceIdsOf } from './live-turn.ts';
import type { ThreadPorts } from './ports.ts';
import type { ThreadRecord } from './record.ts';
import { footerOf, texts } from './texts.ts';
import { agentPosts, shownId } from './turn-posts.ts';
import type { Outcome } from './turn-run.ts';

/**
 * Says how the turn ended (OUT-5: never in silence), and takes its marks away. Every wish is stored and idempotent, so
 * that after a crash the whole of it is simply done again.
 */
export async function endTurn(
  ports: ThreadPorts,
  record: ThreadRecord,
  live: LiveTurn,
  outcome: Outcome,
): Promise<void> {
  const { chat, now } = ports;
  const { ref, turn, posts } = live;
  const endId = `${turn.id}/end`;
  const stop = record.turn?.stop ?? null;
  const said = await agentPosts(ports, live);
  const usage: Usage | null = 'usage' in outcome ? outcome.usage : null;
  const footer = footerOf(usage, now() - turn.startedAt);
  const say = (markdown: string, withFooter = false) =>
    chat.say(ref, endId, { kind: 'text', markdown, ...(withFooter ? { footer } : {}) });

  if (stop !== null) {
    await (posts.text === '' ? posts.stream?.abandon() : posts.stream?.finish(posts.text));
    const name = stop.why === 'limit' ? '' : await chat.nameOf(stop.by);
    const waiting = record.queue.length;
    const markdown =
      stop.why === 'limit'
        ? texts.limit(stop.note)
        : stop.why === 'interrupt'
          ? texts.interrupted(name)
          : texts.stopped(name, waiting);
    await chat.say(ref, `${turn.id}/stopped`, { kind: 'text', markdown });
  } else if (outcome.kind === 'given-up') {
    await say(outcome.error);
  } else if (outcome.kind === 'failed') {
    await (posts.text === '' ? posts.stream?.abandon() : posts.stream?.finish(posts.text));
    await chat.say(ref, `${turn.id}/failed`, { kind: 'text', markdown: texts.failed(outcome.error), footer });
  } else if (outcome.kind === 'stopped') {
    return; // The record says by whom; without that the turn is not over.
  } else if (posts.stream !== null && posts.text !== '') {
    await posts.stream.finish(posts.text, footer);
  } else if (said.length > 0 || posts.replies.some(({ id }) => id === shownId)) {
    await posts.stream?.abandon();
    const last = posts.replies.findLast(({ id }) => id.includes('/r-') && said.includes(id));
    if (last !== undefined && last.markdown !== '')
      await chat.change(ref, last.id, { kind: 'text', markdown: last.markdown, footer });
  } else {
    await say(outcome.text === '' ? texts.silent : outcome.text, outcome.text !== '');
  }

  // Text that an earlier process began to show, and this one had no reason to end.
  if (!posts.streamed) await chat.stream(ref, endId, turn.message.author)?.abandon();
  // Also what an earlier process said: [Wait] under a turn that is over would puzzle.
  for (const id of await chat.said(ref, silenceIdsOf(turn))) await chat.withdraw(ref, id);
  const more = record.queue.length > 0;
  await Promise.all([
    live.carded ? chat.withdraw(ref, cardIdOf(turn)) : undefined,
    chat.mark(ref, turn.message.messageId, 'eyes', false),
    more ? undefined : chat.status(ref, 'idle'),
  ]);
  ports.log.info({ thread: threadKey(ref), turn: turn.id, outcome: stop?.why ?? outcome.kind }, 'turn.ended');
}
