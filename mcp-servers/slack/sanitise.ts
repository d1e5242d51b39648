import type { ChatFile, ChatMessage } from '../kit/chat.ts';
import type { Redactor } from '../kit/redact/redactor.ts';
import { neutralise, neutraliseDeep } from './text/neutralise.ts';

/**
 * The one point every word to Slack passes, before it is stored: secrets are masked (OUT-3) and pings disarmed
 * (OUT-2). It works on whole messages, so that a secret cannot hide across the parts a long one is cut into.
 */
export interface Sanitiser {
  text(text: string): string;
  message(message: ChatMessage): ChatMessage;
  /** @throws FrontdeskError `file_unchecked` */
  file(file: ChatFile): Promise<ChatFile>;
  /** For text that comes in pieces. */
  stream(): { push(text: string): string; end(): string };
}

export function createSanitiser(redactor: Redactor): Sanitiser {
  const text = (raw: string) => neutralise(redactor.redact(raw));
  return {
    text,
    message: (message) => neutraliseDeep(redactor.redactDeep(message)),
    async file({ name, title, comment, content }) {
      return {
        name: text(name),
        ...(title === undefined ? {} : { title: text(title) }),
        ...(comment === undefined ? {} : { comment: text(comment) }),
        content: await redactor.redactBytes(content),
      };
    },
    stream() {
      const pieces = redactor.createStreamRedactor();
      // What is let go ends at whitespace, so no mention is cut in two.
      return {
        push: (piece) => neutralise(pieces.push(piece)),
        end: () => neutralise(pieces.end()),
      };
    },
  };
}
