import { escapeText } from './escape-text.ts';
import { neutralise } from './neutralise.ts';
import { cutBefore } from './safe-cut.ts';

/**
 * The text for notifications and for clients that cannot show blocks: no Markdown signs, no mention, `& < >`
 * escaped, cut with `…` at `max` UTF-16 units.
 */
export function plainFallback(markdown: string, max = 3000): string {
  const plain = neutralise(stripMarkdown(markdown.slice(0, max * 4)));
  const escaped = escapeText(plain);
  if (escaped.length <= max) return escaped;
  // The longest beginning whose escaped form leaves room for the dots; entities are never cut.
  let low = 0;
  let high = Math.min(plain.length, max);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (escapeText(plain.slice(0, middle)).length < max) low = middle;
    else high = middle - 1;
  }
  return `${escapeText(plain.slice(0, cutBefore(plain, low)).trimEnd())}…`;
}

function stripMarkdown(markdown: string): string {
  return markdown
    .replace(/\r\n?/g, '\n')
    .replace(/^[ \t>]{0,40}(?:`{3,}|~{3,})[^\n]{0,200}$/gm, '')
    .replace(/^ {0,3}#{1,6} +/gm, '')
    .replace(/^(?:[ \t]*\|)?(?:[ \t]*:?-{2,}:?[ \t]*\|)+[ \t:|-]*$/gm, '')
    .replace(/!?\[([^\][\n]{1,300})\]\(([^()\s]{1,2000})\)/g, '$1 ($2)')
    .replace(/(\*\*|__|~~)(?=\S)([^\n]{1,1000}?)(?<=\S)\1/g, '$2')
    .replace(/`([^`\n]{1,1000})`/g, '$1')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
