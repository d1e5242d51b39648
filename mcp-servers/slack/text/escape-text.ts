/** Slack's three escapes: in text that it parses, `& < >` stand for themselves and begin no mention or link. */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
