import { isUtf8 } from 'node:buffer';

/** The two ways of masking a file needs. */
export interface TextMasks {
  readonly redact: (text: string) => string;
  readonly redactExact: (text: string) => string;
}

/**
 * Text is masked, in whatever way it is written down: one stray byte in a log must not let all of it through. Of what is no
 * text (an image, an archive) only the secrets we hold are, for a changed byte would spoil it.
 * @returns `content` itself when there is nothing to mask
 */
export function maskBytes(content: Uint8Array, { redact, redactExact }: TextMasks): Uint8Array {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const encoding = encodingOf(bytes);
  const text = bytes.toString(encoding ?? 'latin1');
  const masked = encoding === null ? redactExact(text) : redact(text);
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
