import { isUtf8 } from 'node:buffer';
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
  file(file: ChatFile): ChatFile;
  /** For text that comes in pieces. */
  stream(): { push(text: string): string; end(): string };
}

export function createSanitiser(redactor: Redactor): Sanitiser {
  const text = (raw: string) => neutralise(redactor.redact(raw));
  return {
    text,
    message: (message) => neutraliseDeep(redactor.redactDeep(message)),
    file({ name, title, comment, content }) {
      return {
        name: text(name),
        ...(title === undefined ? {} : { title: text(title) }),
        ...(comment === undefined ? {} : { comment: text(comment) }),
        content: sanitiseContent(content, redactor),
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

/**
 * Text is masked, in whatever way it is written down: one stray byte in a log must not let all of it through. Of what is no
 * text (an image, an archive) only the secrets we hold are, for a changed byte would spoil it.
 */
function sanitiseContent(content: Uint8Array, redactor: Redactor): Uint8Array {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const encoding = encodingOf(bytes);
  const text = bytes.toString(encoding ?? 'latin1');
  const masked = encoding === null ? redactor.redactExact(text) : redactor.redact(text);
  return masked === text ? content : Buffer.from(masked, encoding ?? 'latin1');
}

/** Of 1,000 bytes of a text so many may be controls that no text has. */
const strayBytes = 20;

/** @returns null for what is no text; each gives back the same bytes */
function encodingOf(bytes: Buffer): BufferEncoding | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe && bytes.length % 2 === 0) return 'utf16le';
  let stray = 0;
  for (const byte of bytes) if (byte < 0x20 && !(byte >= 0x07 && byte <= 0x0d) && byte !== 0x1b) stray += 1;
  if (stray * 1000 > bytes.length * strayBytes) return null;
  return isUtf8(bytes) ? 'utf8' : 'latin1';
}
