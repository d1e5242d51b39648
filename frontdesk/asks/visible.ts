/**
 * Characters that are not seen, or let what stands around them be read in another order: controls, marks of direction,
 * joiners, tags. Line ends and tabs are seen. Emoji need one joiner between two of their parts.
 */
const unseen =
  /(?<!\p{Extended_Pictographic}\ufe0f?[\u{1f3fb}-\u{1f3ff}]?)\u200d|(?!\n|\t|\u200d|\ufe0e|\ufe0f)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Said below what holds such characters. */
export const unseenNote =
  '⚠️ It holds characters that are not seen or that hide the order of others; here they stand as ⟨U+…⟩.';

/**
 * What a person is to allow, as it will run (AS-1): each character that an agent, or a file it read, could hide something
 * with stands there as `⟨U+202E⟩`. Pure.
 */
export function showUnseen(text: string): { readonly text: string; readonly any: boolean } {
  const lines = text.replaceAll('\r\n', '\n');
  const shown = lines.replaceAll(unseen, nameOf);
  return { text: shown, any: shown !== lines };
}

function nameOf(char: string): string {
  return `⟨U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;
}
