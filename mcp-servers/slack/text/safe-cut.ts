const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** No grapheme that people write is longer; heaps of combining marks are, and are cut. */
const longestGrapheme = 128;

/** @returns the last place at or before `at` (UTF-16 units) where no character is cut in two; 0 only for `at` 0. */
export function cutBefore(text: string, at: number): number {
  if (at >= text.length) return text.length;
  const from = Math.max(0, at - longestGrapheme);
  const segment = graphemes.segment(text.slice(from, at + longestGrapheme)).containing(at - from);
  const cut = from + (segment?.index ?? at - from);
  if (cut > from) return cut;
  const splitsPair = /^[\uD800-\uDBFF][\uDC00-\uDFFF]/.test(text.slice(at - 1, at + 1));
  return splitsPair && at > 1 ? at - 1 : at;
}
