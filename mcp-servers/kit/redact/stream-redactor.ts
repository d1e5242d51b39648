import { maskRanges, type Range } from './ranges.ts';

export interface StreamRedactor {
  /** @returns what can be shown now, masked; '' when nothing can */
  push(chunk: string): string;
  /** @returns the rest, masked */
  end(): string;
}

/** No token without whitespace is longer. */
const longestTail = 4_096;
/** Text shown already that can still explain what follows (`Authorization: Bearer`, `password =`). */
const contextLength = 1_024;
/** A find that never ends is not held for ever. */
const longestFind = 65_536;

/**
 * Redacts a text that arrives in pieces. Held back: everything after the last whitespace (at most 4 kB), an exact
 * secret or private key that has begun, and any find that the next piece could lengthen.
 */
export function createStreamRedactor(o: {
  /** Merged ranges to mask. */
  find: (text: string) => Range[];
  /** Where something begins that is cut off by the end of the text; its length when nothing is. */
  findUnfinished: (text: string) => number;
}): StreamRedactor {
  /** Context that was shown, then what is held. */
  let text = '';
  let shown = 0;

  const showUpTo = (cut: number, ranges: readonly Range[]): string => {
    const out = maskRanges(text, ranges, shown, cut);
    const keepFrom = Math.max(0, cut - contextLength);
    text = text.slice(keepFrom);
    shown = cut - keepFrom;
    return out;
  };

  return {
    push: (chunk) => {
      text += chunk;
      const ranges = o.find(text);
      let cut = Math.max(text.length - longestTail, lastWhitespace(text) + 1);
      cut = Math.min(cut, o.findUnfinished(text));
      for (const { start, end } of ranges.toReversed()) {
        const mayGrow = end === text.length && end - start < longestFind;
        if (start < cut && (end > cut || mayGrow)) cut = start;
      }
      // Never between the halves of a surrogate pair.
      if (/[\uD800-\uDBFF]/.test(text[cut - 1] ?? '')) cut -= 1;
      return cut > shown ? showUpTo(cut, ranges) : '';
    },
    end: () => {
      const out = showUpTo(text.length, o.find(text));
      text = '';
      shown = 0;
      return out;
    },
  };
}

function lastWhitespace(text: string): number {
  for (let at = text.length - 1; at >= 0; at -= 1) if (/\s/.test(text[at] ?? '')) return at;
  return -1;
}
