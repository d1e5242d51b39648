import type { Ask } from '../../mcp-servers/kit/asks.ts';
import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import { type HostAsk, isHostAsk } from './decide.ts';
import type { AskPorts } from './ports.ts';
import type { Rules } from './rules.ts';
import { askTitle, isPerson, oneLine, showAnswer } from './words.ts';

/** `refused`: the host does not know the request (any more); `away`: it could not be asked. */
type Delivery = 'delivered' | 'refused' | 'away';

/** Gives an answer to who asked. May be repeated: OpenCode takes one reply, and a message of one id once. */
export type Deliver = (ask: Ask) => Promise<Delivery>;

export function createDeliver(ports: AskPorts, rules: Rules): Deliver {
  const { hosts, workspaces, chat, acceptWords } = ports;

  const reply = async ({ source, answer, note, by }: HostAsk): Promise<void> => {
    const { host, directory, requestId } = source;
    if (typeof answer !== 'string')
      return await hosts.replyQuestion({ host, directory, requestId, answers: answer });
    if (answer !== 'deny') return await hosts.replyPermission({ host, directory, requestId, reply: 'once' });
    // Without a message the turn would end (notes/opencode.md §5).
    const message =
      isPerson(by) && note !== ''
        ? `A person denied this: ${note}`
        : `${note === '' ? 'A person denied this.' : note} Do without it, or ask what to do instead.`;
    await hosts.replyPermission({ host, directory, requestId, reply: 'reject', message });
  };

  /** OpenCode forgot what it had asked. */
  const tell = async (ask: HostAsk): Promise<void> => {
    const { source, body, answer, by } = ask;
    const info = workspaces.find(ask.workspace ?? '');
    const session = info?.state.session;
    if (!info || !session || session.id !== source.sessionId || answer === null) return;
    if (body.kind === 'permission' && answer !== 'deny')
      await rules.allow(source.sessionId, body.request, by, true);
    const who = by === 'deadline' || by === 'rule' ? '' : ` (${await chat.nameOf(by)})`;
    await hosts.send({
      host: source.host,
      sessionId: source.sessionId,
      directory: source.directory,
      messageId: `${ask.id}/answer`,
      text: messageOf(ask, who),
      agent: session.agent,
      model: session.model,
    });
  };

  return async (ask) => {
    const { source, answer } = ask;
    if (answer === null || source.kind === 'http') return 'delivered';
    if (source.kind === 'desk') {
      if (ask.card !== null && typeof answer !== 'string')
        await acceptWords({
          ref: ask.card.ref,
          messageId: idBefore(ask.endedAt ?? ask.askedAt),
          author: ask.by,
          text: `To “${oneLine(askTitle(ask), 150)}”: ${showAnswer(ask.body, answer, false)}`,
        });
      return 'delivered';
    }
    if (!isHostAsk(ask)) return 'delivered';
    if (answer === 'session' && ask.body.kind === 'permission')
      await rules.allow(source.sessionId, ask.body.request, ask.by, false);
    try {
      await (source.instance === null ? tell(ask) : reply(ask));
      return 'delivered';
    } catch (error) {
      if (!(error instanceof FrontdeskError)) throw error;
      return error.code === 'host_unavailable' ? 'away' : 'refused';
    }
  };
}

/**
 * In the shape of a message's id of the chat, so that it has its place among those of its thread: a little earlier than
 * the moment, because no message written then may seem to be older and read already.
 * @param moment Unix ms
 */
export function idBefore(moment: number): string {
  const at = moment - 2000;
  return `${Math.floor(at / 1000)}.${String((at % 1000) * 1000).padStart(6, '0')}`;
}

function messageOf(ask: Ask, who: string): string {
  const { body, answer, note } = ask;
  const asked = `OpenCode was restarted after you asked: ${oneLine(askTitle(ask), 500)}`;
  const why = note === '' ? '' : `\n${note}`;
  if (answer === null) return asked;
  if (body.kind === 'permission')
    return answer === 'deny'
      ? `${asked}\nThis is denied${who}. Do without it, or ask what to do instead.${why}`
      : `${asked}\nThis is allowed${who}: do it again, and go on.${why}`;
  return `${asked}\nThe answer${who}: ${showAnswer(body, answer, false)}\nGo on with it.${why}`;
}
