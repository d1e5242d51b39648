import { createHash } from 'node:crypto';

/** Longest readable part, in bytes; with mark, hash, `.json` and a damaged file's time it stays under 200. */
const longestReadable = 120;

/**
 * Where a document lives inside its collection's folder.
 * @param id any string
 * @returns `shard` (two hex digits, so 256 sub-folders) and `name` (readable, no separators, never hidden,
 *   at most 160 bytes). Distinct ids give distinct names: short ids are encoded reversibly, long ones carry a hash.
 */
export function buildFileName(id: string): { shard: string; name: string } {
  const hash = createHash('sha256').update(Buffer.from(id, 'utf16le')).digest('hex');
  const readable = encodeReadable(id.toWellFormed());
  const whole = id.isWellFormed() && readable.length <= longestReadable;
  const stem = whole ? readable : `${readable.slice(0, longestReadable)}~${hash.slice(0, 32)}`;
  return { shard: hash.slice(0, 2), name: `${stem}.json` };
}

/** @returns the id a file name stands for; null when the name was cut and only the file itself knows its id. */
export function parseFileName(name: string): string | null {
  const stem = name.slice(0, -'.json'.length);
  if (stem === '%') return '';
  if (stem.includes('~')) return null;
  try {
    return decodeURIComponent(stem.replaceAll('+', ':'));
  } catch {
    return null;
  }
}

/** Letters, digits, `_`, `-`, inner dots stay; `:` becomes `+` (colons break rsync and kubectl cp); the rest is %XX. */
function encodeReadable(id: string): string {
  if (id === '') return '%';
  return encodeURIComponent(id)
    .replace(/[!'()*~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/^\./, '%2E')
    .replaceAll('%3A', '+');
}
