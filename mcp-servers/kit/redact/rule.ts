/** A known shape of secret. */
export interface Rule {
  /** Shown in its place. */
  readonly kind: string;
  /**
   * Flags `dg` or `dgi`. Must be linear in practice: begin with a literal or a class behind a boundary, and every
   * repetition bounded or followed by what it cannot contain. A group `secret` narrows what is masked.
   */
  readonly pattern: RegExp;
  /** Refuses matches that are not secrets. */
  readonly accepts?: (secret: string) => boolean;
}

/** Not inside a longer word: `left` also refuses the characters tokens are made of. */
export const left = '(?<![A-Za-z0-9_-])';
const right = '(?![A-Za-z0-9_-])';

export function token(kind: string, body: string, end = right): Rule {
  return { kind, pattern: new RegExp(`${left}(?:${body})${end}`, 'dg') };
}

/** Bits per character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
