import type { AskAnswer } from '../../mcp-servers/kit/asks.ts';
import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import type { Shown } from '../slack-in/surfaces.ts';
import type { AskExtension, Asks } from './contract.ts';
import { optionNamed } from './decide.ts';
import { documentName } from './document.ts';
import { askFormId, askIdOfForm, fitsForm, parseAskForm, renderAskForm } from './form.ts';
import type { AskPorts } from './ports.ts';

const permissionVerbs = { once: 'once', session: 'session', deny: 'deny' } as const;

/** Buttons and forms of asks onto the one way to answer. */
export function createClicks(
  { isAllowed }: AskPorts,
  asks: Asks,
  extensions: readonly AskExtension[],
): Pick<Asks, 'click' | 'submit'> {
  const respond = async (person: string, id: string, answer: AskAnswer): Promise<Shown> => {
    const told = await asks.respond(person, id, answer);
    return told === null ? null : { text: told };
  };

  const press = async (person: string, verb: string, value: string): Promise<Shown> => {
    const [id = '', messageId = ''] = value.split(' ');
    const ask = await asks.get(id);
    if (ask === undefined) return { text: 'This card is too old.' };
    if (verb in permissionVerbs) return await respond(person, id, permissionVerbs[verb as 'once']);
    if (verb === 'form') {
      // A late answer is welcome (AS-4); any other is refused, with who chose what, before a form is filled in for nothing.
      if (ask.status !== 'open' && ask.by !== 'deadline') return { text: await asks.outcome(ask) };
      if (fitsForm(ask)) return { view: renderAskForm(ask) };
      const file = documentName(ask);
      return {
        text: `These are too many questions for a form. Write the answers into \`${file}\`, which is in the thread, and upload it there.`,
      };
    }
    if (ask.body.kind !== 'question') return null;
    const [question] = ask.body.questions;
    const [name, index] = verb.split('.');
    if (name === 'choose') {
      const label = question?.options[Number(index)]?.label;
      return label === undefined ? { text: 'This card is too old.' } : await respond(person, id, [[label]]);
    }
    if (verb === 'use') {
      const text = ask.offers.find((offer) => offer.messageId === messageId)?.text ?? '';
      const label = question && optionNamed(question, text);
      return await respond(person, id, [[label ?? text]]);
    }
    return { text: 'This card is too old.' };
  };

  const inWords = async <T>(run: () => Promise<T>): Promise<T | { text: string }> => {
    try {
      return await run();
    } catch (error) {
      if (error instanceof FrontdeskError) return { text: error.advice };
      throw error;
    }
  };

  return {
    click: async (by, action, value) => {
      if (!isAllowed(by.person)) return null;
      const verb = action.replace(/^ask\./, '');
      return await inWords(async () => {
        for (const { click } of extensions) {
          const shown = await click?.(by, verb, value);
          if (shown !== undefined) return shown;
        }
        return await press(by.person, verb, value);
      });
    },
    submit: async (by, callbackId, view) => {
      if (!isAllowed(by.person)) return null;
      return await inWords(async () => {
        for (const { submit } of extensions) {
          const shown = await submit?.(by, callbackId, view);
          if (shown !== undefined) return shown;
        }
        if (callbackId !== askFormId) return null;
        const id = askIdOfForm(view);
        const ask = await asks.get(id);
        if (ask === undefined) return { text: 'This question is too old.' };
        const form = parseAskForm(view, ask.body);
        if (!form.ok) return { errors: form.errors };
        const told = await respond(by.person, id, form.answer);
        return told !== null && 'text' in told && ask.card !== null ? { ...told, ref: ask.card.ref } : told;
      });
    },
  };
}
