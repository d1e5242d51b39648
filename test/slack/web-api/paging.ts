import { SlackError } from './slack-error.ts';

export interface PageRequest {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export interface Page<T> {
  readonly items: T[];
  readonly more: boolean;
  readonly end: number;
}

/**
 * Cursors are opaque to the app; ours hold the offset of the next item.
 * @throws invalid_cursor
 */
export function offsetOf(cursor: string | undefined): number {
  if (!cursor) return 0;
  const match = /^next:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString());
  if (!match) throw new SlackError('invalid_cursor');
  return Number(match[1]);
}

/**
 * @param sizes the page without a limit, and the largest one
 * @throws invalid_limit, invalid_cursor
 */
export function pageOf<T>(
  all: readonly T[],
  { limit, cursor }: PageRequest,
  sizes: { normal: number; most: number },
): Page<T> {
  const size = limit === undefined || limit === 0 ? sizes.normal : limit;
  if (size > sizes.most) throw new SlackError('invalid_limit');
  const start = offsetOf(cursor);
  const end = start + size;
  return { items: all.slice(start, end), more: end < all.length, end };
}

/** The field that carries the next cursor; '' on the last page. */
export function nextCursor(page: Page<unknown>): { response_metadata: { next_cursor: string } } {
  const next_cursor = page.more ? Buffer.from(`next:${page.end}`).toString('base64') : '';
  return { response_metadata: { next_cursor } };
}
