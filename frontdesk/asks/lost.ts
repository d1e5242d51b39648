import type { Ask } from '../../mcp-servers/kit/asks.ts';
import { describeError } from '../../mcp-servers/kit/errors.ts';
import type { HostEvent } from '../../mcp-servers/kit/work.ts';
import type { AskBook } from './book.ts';
import { findLost, type HostAsk, isHostAsk } from './decide.ts';
import type { Deliveries } from './deliveries.ts';
import type { AskPorts } from './ports.ts';
import { askTitle, showAnswer } from './words.ts';

/**
 * Answers that OpenCode took and was killed before it stored: when its agent asks the same again, it gets the same answer,
 * and nobody is asked twice.
 */
export interface LostAnswers {
  /** What a host tells of a session shows that its turn went on with the answer. */
  heard(host: string, event: HostEvent): void;
  /** Gives the answer of an ask like this one once more. @returns false: there is none, people are to be asked */
  giveAgain(body: Ask['body'], source: HostAsk['source']): Promise<boolean>;
}

export function createLostAnswers(
  { hosts, isAllowed, remember, audit, log, now }: AskPorts,
  { book, deliveries }: { book: AskBook; deliveries: Pick<Deliveries, 'begin'> },
): LostAnswers {
  const noteWentOn = (ask: HostAsk): void => {
    // Lost by a kill it costs nothing: then the answer may be given again, which is no harm to who has it.
    book
      .change(ask.id, (latest) => (latest.wentOn ? latest : { ...latest, wentOn: true }), { durable: false })
      .catch((error: unknown) => log.error({ err: describeError(error), ask: ask.id }, 'asks.wentOn.failed'));
  };

  return {
    heard(host, event) {
      if (!showsProgress(event)) return;
      const instance = hosts.instanceOf(host);
      // Its delivery may not be stored yet.
      const answered = [...book.live.values()].filter(({ status }) => status === 'answered');
      for (const ask of [...book.recent.values(), ...answered].filter(isHostAsk)) {
        const { source } = ask;
        if (source.sessionId === event.sessionId && source.host === host && source.instance === instance)
          noteWentOn(ask);
      }
    },

    async giveAgain(body, source) {
      const lost = findLost([...book.recent.values()], { body, source, now: now(), isAllowed });
      if (lost === undefined) return false;
      let given = false;
      const { ask } = await book.change(lost.id, (latest) => {
        given = findLost([latest], { body, source, now: now(), isAllowed }) !== undefined;
        return given ? { ...latest, source, status: 'answered', again: true, stale: true } : latest;
      });
      if (!given || ask.answer === null) return false;
      deliveries.begin(ask);
      const outcome = showAnswer(ask.body, ask.answer);
      if (ask.workspace !== null)
        remember(
          ask.workspace,
          `❓ Asked again after OpenCode was cut off, answered as before: ${outcome} (${askTitle(ask)})`,
        );
      audit({ person: ask.by, action: 'ask.again', target: `${ask.workspace}/${ask.id}`, outcome });
      return true;
    },
  };
}

/** An agent does nothing of this while it waits; another of its tools may end, and then people are asked again. */
function showsProgress(event: HostEvent): boolean {
  switch (event.kind) {
    case 'tool':
      return event.status !== 'running';
    case 'message':
    case 'idle':
    case 'error':
    case 'milestone':
    case 'todo':
    case 'question':
    case 'permission':
      return true;
    default:
      return false;
  }
}
