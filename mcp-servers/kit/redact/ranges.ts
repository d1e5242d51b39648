/** A stretch of text to be masked. */
export interface Range {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** What stands in its place: `[redacted:label]`. */
  readonly label: string;
}

/** Sorted, without overlaps; of ranges that overlap the first given names the whole. */
export function mergeRanges(ranges: readonly Range[]): Range[] {
  const order = new Map(ranges.map((range, index) => [range, index]));
  const rank = (range: Range): number => order.get(range) ?? 0;
  const merged: Range[] = [];
  let naming: Range | undefined;
  for (const range of ranges.toSorted((a, b) => a.start - b.start || rank(a) - rank(b))) {
    const last = merged.at(-1);
    if (!last || !naming || range.start >= last.end) {
      merged.push(range);
      naming = range;
      continue;
    }
    if (rank(range) < rank(naming)) naming = range;
    merged[merged.length - 1] = {
      start: last.start,
      end: Math.max(last.end, range.end),
      label: naming.label,
    };
  }
  return merged;
}

/** @returns `text` from `from` to `to` with the merged `ranges` masked. */
export function maskRanges(text: string, ranges: readonly Range[], from = 0, to = text.length): string {
  let out = '';
  let at = from;
  for (const { start, end, label } of ranges) {
    if (end <= at) continue;
    if (start >= to) break;
    out += `${text.slice(at, Math.max(at, start))}[redacted:${label}]`;
    at = Math.min(end, to);
  }
  return out + text.slice(at, to);
}

/** @returns the first index below `count` for which `isPast` holds, and all after it; `count` when there is none */
export function findFirst(count: number, isPast: (index: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isPast(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
