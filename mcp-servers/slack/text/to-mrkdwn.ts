import { escapeText } from './escape-text.ts';

/**
 * Common Markdown in Slack's own, for places that take no `markdown` block (forms, App Home, answers to commands): bold,
 * links and lists; fences and code are the same in both, the rest is plain. Nothing in it pings. Pure.
 */
export function toMrkdwn(markdown: string): string {
  return escapeText(markdown)
    .replaceAll(/\[([^\][\n]*)\]\((https?:[^\s()]+)\)/g, '<$2|$1>')
    .replaceAll(/&lt;(https?:[^\s|&]+)&gt;/g, '<$1>')
    .replaceAll(/\*\*([^*\n]+)\*\*/g, '*$1*')
    .replaceAll(/^- /gm, '• ');
}
