/**
 * What a model can be given of a file. OpenCode hands on every part that is not `text/plain` as it is, and a model's provider
 * refuses the whole request for a kind it does not know ("file part media type application/zip functionality not
 * supported"). The part stays in the session, so that every later turn of the thread would fail as well. Pure.
 */
import type { LoadedFile } from './incoming.ts';

/** Kinds OpenCode knows: where the model cannot take one, it puts words in its place. */
const asItIs = /^(image|audio|video)\/|^application\/pdf$/;

/** A quarter as many tokens: what a small context still takes, beside a conversation. */
const mostCharacters = 100_000;

/** @returns the file as text, as it is, or as one that cannot be read */
export function toReadable(file: LoadedFile): LoadedFile {
  if (!file.ok) return file;
  // Providers refuse an empty part, too.
  if (file.content.length === 0) return { ok: false, name: file.name, reason: 'it is empty' };
  const text = readText(file.content, file.mime);
  if (text !== null) return { ...file, mime: 'text/plain', content: Buffer.from(cut(text)) };
  if (asItIs.test(file.mime)) return file;
  return {
    ok: false,
    name: file.name,
    reason: `it is neither text nor a picture nor a PDF (${file.mime}); what is in it can be sent as one of these`,
  };
}

/** What a file says of its kind is a guess by its name: a LICENSE is `application/octet-stream`. @returns null for no text */
function readText(content: Uint8Array, mime: string): string | null {
  // What PowerShell writes.
  const utf16 = content[0] === 0xff && content[1] === 0xfe;
  try {
    const text = new TextDecoder(utf16 ? 'utf-16le' : 'utf-8', { fatal: true }).decode(content);
    if (!text.includes('\0')) return text;
  } catch {
    // Not of this encoding.
  }
  return mime.startsWith('text/') ? new TextDecoder().decode(content).replaceAll('\0', '') : null;
}

/** Of a log both ends count. */
function cut(text: string): string {
  const half = mostCharacters / 2;
  const left = text.length - mostCharacters;
  if (left <= 0) return text;
  return `${text.slice(0, half)}\n… ${left} characters left out here …\n${text.slice(-half)}`;
}
