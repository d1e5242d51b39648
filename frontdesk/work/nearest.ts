/** What a mistyped word was meant to be. Pure. */

/** Of a word of so many letters so many may be wrong: “depoly”, “statsu”, “promte”. */
const lettersPerSlip = 3;
/** Nothing longer is a typo, and comparing costs its length. */
const longest = 20;

/** @returns the word that needs the fewest slips (a letter left out, put in, changed, or two swapped); null when none is near */
export function nearest(said: string, words: readonly string[]): string | null {
  if (said.length > longest) return null;
  const near = words
    .map((word) => ({ word, slips: countSlips(said, word) }))
    .filter(({ word, slips }) => slips <= Math.floor(word.length / lettersPerSlip))
    .toSorted((a, b) => a.slips - b.slips);
  return near[0]?.word ?? null;
}

/** Optimal string alignment: Levenshtein's table, with a swap of neighbours as one slip. */
function countSlips(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const [left = 0, above = 0, corner = 0] = [row[j - 1], rows[i - 1]?.[j], rows[i - 1]?.[j - 1]];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? (rows[i - 2]?.[j - 2] ?? 0) + 1 : Infinity;
      row.push(Math.min(left + 1, above + 1, corner + same, swap));
    }
    rows.push(row);
  }
  return rows.at(-1)?.at(-1) ?? 0;
}
