/** [Discuss] (AS-5): a thread for one question. What is written there belongs to the question, not to an agent. */
import type { Ask } from '../../mcp-servers/kit/asks.ts';
import { type Chat, type ThreadRef, threadKey } from '../../mcp-servers/kit/chat.ts';
import { describeError, FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import { createLanes } from '../../mcp-servers/kit/lanes.ts';
import type { Log } from '../../mcp-servers/kit/log.ts';
import type { AskExtension, Asks } from './contract.ts';
import { renderDiscussion, renderUse } from './discussion-card.ts';
import { parseAnswer } from './document.ts';
import type { Written } from './documents.ts';
import { askTitle, oneLine } from './words.ts';

export interface DiscussPorts {
  readonly chat: Pick<Chat, 'say' | 'change' | 'withdraw' | 'history' | 'nameOf'>;
  /** Posts the root of a new thread in the same channel; the same id once more finds it. null: it could not be posted. */
  readonly openThread: (beside: ThreadRef, id: string, markdown: string) => Promise<ThreadRef | null>;
  /** For people to open; null when the chat gives none. */
  readonly linkTo: (ref: ThreadRef) => Promise<string | null>;
  readonly isAllowed: (person: string) => boolean;
  readonly log: Log;
}

export interface Discussions {
  readonly extension: AskExtension;
  /** @returns whether it was written in a question's thread, and is dealt with */
  take(message: Written): Promise<boolean>;
}

/** Words of a discussion that can be used as they were written; others are read back from the chat. */
const mostRemembered = 500;

export function createDiscussions(
  { chat, openThread, linkTo, isAllowed, log }: DiscussPorts,
  asks: Pick<Asks, 'get' | 'pending' | 'change' | 'respond'>,
): Discussions {
  const lanes = createLanes();
  /** By thread. Those that ended before this life are not known: nobody waits there. */
  const askIn = new Map<string, string>();
  const links = new Map<string, string>();
  const words = new Map<string, string>();
  /** By thread, the message that bears the button. */
  const offered = new Map<string, string>();

  const know = async ({ id, discussion }: Ask): Promise<void> => {
    if (discussion === null) return;
    askIn.set(threadKey(discussion), id);
    const link = links.get(id) ?? (await linkTo(discussion));
    if (link !== null) links.set(id, link);
  };

  const cardId = ({ id }: Ask) => `ask/${id}/discussion/card`;

  /** The question as it stands now, in its own thread. */
  const show = async (ask: Ask): Promise<void> => {
    if (ask.discussion === null) return;
    const who = ask.answer === null || ask.status === 'open' ? '' : await chat.nameOf(ask.by);
    const message = { kind: 'card', card: renderDiscussion(ask, who) } as const;
    await chat.say(ask.discussion, cardId(ask), message);
    if (ask.status === 'open') return;
    await chat.change(ask.discussion, cardId(ask), message);
    const last = offered.get(threadKey(ask.discussion));
    if (last !== undefined) await chat.withdraw(ask.discussion, useId(ask.id, last));
  };

  const inBackground = (id: string, task: () => Promise<void>): void => {
    lanes(id, task).catch((error: unknown) =>
      log.error({ err: describeError(error), ask: id }, 'asks.discussion.failed'),
    );
  };

  const open = async (id: string): Promise<void> => {
    const ask = await asks.get(id);
    if (ask?.card == null || ask.status !== 'open' || ask.discussion !== null) return;
    const title = `💬 **${ask.workspace ?? 'A tool'}** asks: ${oneLine(askTitle(ask), 500)}`;
    const discussion = await openThread(ask.card.ref, `ask/${id}/discussion`, title);
    if (discussion === null) return;
    await know({ ...ask, discussion });
    await asks.change(id, (latest) => (latest.discussion === null ? { ...latest, discussion } : latest));
  };

  const respond = async (message: Written, ask: Ask, given: string): Promise<string> => {
    if (ask.body.kind !== 'question') return '';
    const [question, ...more] = ask.body.questions;
    if (question === undefined || more.length > 0)
      return 'These are several questions: use [Answer…] on the card above.';
    const answer = parseAnswer(given, question);
    if (typeof answer === 'string') return `❌ Nothing was taken: ${answer}.`;
    try {
      return (await asks.respond(message.author, ask.id, [answer])) ?? '';
    } catch (error) {
      if (error instanceof FrontdeskError) return `❌ ${error.advice}`;
      throw error;
    }
  };

  /** Only the last message bears the button: a thread full of them could not be read. */
  const offer = async (ask: Ask, ref: ThreadRef, messageId: string, text: string): Promise<void> => {
    words.set(messageId, text);
    for (const oldest of words.keys()) if (words.size > mostRemembered) words.delete(oldest);
    const last = offered.get(threadKey(ref));
    if (last !== undefined && last > messageId) return;
    await chat.say(ref, useId(ask.id, messageId), { kind: 'card', card: renderUse(ask, messageId, text) });
    if (last !== undefined && last !== messageId) await chat.withdraw(ref, useId(ask.id, last));
    offered.set(threadKey(ref), messageId);
  };

  const readBack = async (ref: ThreadRef, messageId: string): Promise<string> => {
    const known = words.get(messageId);
    if (known !== undefined) return known;
    return (await chat.history(ref, '')).find(({ id }) => id === messageId)?.text ?? '';
  };

  return {
    extension: {
      card(ask, card) {
        if (ask.body.kind !== 'question' || ask.source.kind !== 'host' || ask.status !== 'open') return card;
        const url = links.get(ask.id);
        if (ask.discussion === null)
          return {
            ...card,
            buttons: [...(card.buttons ?? []), { action: 'ask.discuss', label: 'Discuss', value: ask.id }],
          };
        const link = {
          action: 'ask.discuss',
          label: 'Open discussion',
          value: ask.id,
          ...(url === undefined ? {} : { url }),
        };
        return {
          ...card,
          facts: [...(card.facts ?? []), '💬 is being discussed'],
          buttons: [...(card.buttons ?? []), link],
        };
      },
      async click(by, verb, value) {
        if (verb !== 'discuss' && verb !== 'take') return undefined;
        if (!isAllowed(by.person)) return null;
        const [id = '', messageId = ''] = value.split(' ');
        const ask = await asks.get(id);
        if (ask === undefined) return { text: 'This question is too old.' };
        if (verb === 'discuss') {
          const url = links.get(id);
          if (ask.discussion !== null)
            return {
              text:
                url === undefined
                  ? 'It is discussed in a thread of this channel.'
                  : `It is discussed here: ${url}`,
            };
          if (ask.status !== 'open') return { text: 'This was decided already.' };
          inBackground(id, () => open(id));
          return null;
        }
        const [question] = ask.body.kind === 'question' ? ask.body.questions : [];
        const text = ask.discussion === null ? '' : await readBack(ask.discussion, messageId);
        const answer = question === undefined ? '' : parseAnswer(text, question);
        if (typeof answer === 'string')
          return { text: 'This message cannot be read any more; write `answer: …`.' };
        const told = await asks.respond(by.person, id, [answer]);
        return told === null ? null : { text: told };
      },
      changed(ask) {
        if (ask.discussion !== null) inBackground(ask.id, () => show(ask));
      },
      async resumeAll() {
        for (const ask of asks.pending()) {
          await know(ask);
          await show(ask);
        }
      },
      drain: () => lanes.settle(),
    },

    async take(message) {
      const { ref, messageId, text } = message;
      const ask = await asks.get(askIn.get(threadKey(ref)) ?? '');
      if (ask === undefined) return false;
      const given = /^\s*answer\s*:\s*(.+)$/is.exec(text)?.[1];
      if (given === undefined) {
        if (ask.status === 'open' && isSingle(ask) && text.trim() !== '')
          await offer(ask, ref, messageId, text);
        return true;
      }
      const told = await respond(message, ask, given);
      if (told !== '')
        await chat.say(ref, `ask/${ask.id}/told/${messageId}`, { kind: 'text', markdown: told });
      return true;
    },
  };
}

function isSingle({ body }: Ask): boolean {
  return body.kind === 'question' && body.questions.length === 1;
}

function useId(id: string, messageId: string): string {
  return `ask/${id}/use/${messageId}`;
}
