/** Sends the document of many questions, and takes it back filled in (AS-5). */
import type { Ask } from '../../mcp-servers/kit/asks.ts';
import { type Chat, threadKey } from '../../mcp-servers/kit/chat.ts';
import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import type { FileRef, Incoming, LoadedFile } from '../threads/incoming.ts';
import type { Asks, AskExtension } from './contract.ts';
import {
  askIdInText,
  askIdOfDocument,
  documentName,
  hasDocument,
  parseDocument,
  renderDocument,
} from './document.ts';
import { fitsForm } from './form.ts';

export type Written = Extract<Incoming, { kind: 'message' }>;

export interface DocumentPorts {
  readonly chat: Pick<Chat, 'say' | 'attach'>;
  readonly loadFile: (file: FileRef) => Promise<LoadedFile>;
}

export interface Documents {
  readonly extension: AskExtension;
  /** @returns whether it was a filled-in document, which is then dealt with */
  take(message: Written): Promise<boolean>;
}

export function createDocuments(
  { chat, loadFile }: DocumentPorts,
  asks: Pick<Asks, 'get' | 'respond'>,
): Documents {
  /** Slack sends an event again while a file is still being loaded. */
  const taking = new Map<string, Promise<void>>();

  const find = async ({
    ref,
    text,
    files,
  }: Written): Promise<{ ask: Ask; file: FileRef | undefined } | null> => {
    const file = files.find(({ name }) => askIdOfDocument(name) !== undefined);
    const id = file === undefined ? askIdInText(text) : askIdOfDocument(file.name);
    const ask = id === undefined ? undefined : await asks.get(id);
    const places = [ask?.card?.ref, ask?.discussion].map((place) => place && threadKey(place));
    return ask !== undefined && places.includes(threadKey(ref)) ? { ask, file } : null;
  };

  const read = async (message: Written, ask: Ask, file: FileRef | undefined): Promise<string> => {
    if (ask.body.kind !== 'question') return '';
    let { text } = message;
    if (file !== undefined) {
      const loaded = await loadFile(file);
      if (!loaded.ok) return `❌ \`${file.name}\` could not be read: ${loaded.reason}.`;
      text = new TextDecoder().decode(loaded.content);
    }
    const parsed = parseDocument(text, ask.body.questions);
    if (!parsed.ok)
      return [
        '❌ Nothing was taken from it yet:',
        ...parsed.errors.map((line) => `- ${line}`),
        '',
        'Correct it and send it again.',
      ].join('\n');
    try {
      return (
        (await asks.respond(message.author, ask.id, parsed.answer)) ?? '📝 The answers are read from it.'
      );
    } catch (error) {
      if (error instanceof FrontdeskError) return `❌ ${error.advice}`;
      throw error;
    }
  };

  return {
    extension: {
      async present(ask) {
        if (!hasDocument(ask) || ask.card === null || ask.body.kind !== 'question') return;
        await chat.attach(ask.card.ref, `${ask.card.id}/document`, {
          name: documentName(ask),
          content: Buffer.from(renderDocument(ask)),
          comment: `📝 ${ask.body.questions.length} questions: fill in the \`Answer:\` lines and upload the file here${fitsForm(ask) ? ', or use [Answer…] above' : ''}.`,
        });
      },
    },
    async take(message) {
      const found = await find(message);
      if (found === null) return false;
      const { ref, messageId } = message;
      const task =
        taking.get(messageId) ??
        read(message, found.ask, found.file).then((markdown) =>
          chat.say(ref, `ask/${found.ask.id}/read/${messageId}`, { kind: 'text', markdown }),
        );
      taking.set(messageId, task);
      try {
        await task;
      } finally {
        taking.delete(messageId);
      }
      return true;
    },
  };
}
