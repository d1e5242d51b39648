/** Output of programs, as a card or a message can show it. Pure. */
import { stripVTControlCharacters } from 'node:util';

/** Longest line shown; minified code and progress bars have no end. */
const lineLimit = 300;

/** @returns a line without colours, cursor moves and what would end the fence it stands in */
export function plainLine(line: string): string {
  const text = stripVTControlCharacters(line.slice(0, lineLimit * 4))
    // A progress bar's last state.
    .replace(/^.*\r(?!$)/s, '')
    .replaceAll(/[\u0000-\u0008\u000B-\u001F\u007F]/g, '')
    .replaceAll('```', "'''")
    .trimEnd();
  return text.length > lineLimit ? `${text.slice(0, lineLimit)}…` : text;
}

/** @returns the last lines that fit into `limit` characters, in a fence; '' for none */
export function fenceLog(lines: readonly string[], limit = 6000): string {
  const kept: string[] = [];
  let size = 0;
  for (const line of lines.map(plainLine).toReversed()) {
    size += line.length + 1;
    if (size > limit) break;
    kept.unshift(line);
  }
  return kept.every((line) => line === '') ? '' : ['```', ...kept, '```'].join('\n');
}
