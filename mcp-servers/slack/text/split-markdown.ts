import { cutCode, cutText } from './cut-text.ts';
import { type Block, closesFence, parseBlocks, parseFence, renderBlock } from './markdown-blocks.ts';

/** Below this there is no room for the lines that open and close a fence. */
const shortestPart = 80;

/**
 * Splits Markdown into messages. Fences are closed and opened again with their info string, a table that is cut
 * repeats its header row, words, links and characters stay whole where they can.
 * @param maxLength of each part in UTF-16 units, at least 80; the number of {@link numberParts} included
 * @returns parts with balanced fences, none empty; none at all for blank text
 * @throws RangeError when `maxLength` is under 80
 */
export function splitMarkdown(text: string, maxLength: number): string[] {
  if (maxLength < shortestPart)
    throw new RangeError(`parts of ${maxLength} are too short, at least ${shortestPart}`);
  const single = split(text, maxLength);
  if (single.length <= 1) return single;
  for (let digits = 1; ; digits += 1) {
    const room = `(${'9'.repeat(digits)}/${'9'.repeat(digits)})\n\n`.length;
    const parts = split(text, maxLength - room);
    if (String(parts.length).length <= digits) return parts;
  }
}

/** @returns the parts with `(1/3)` above each; a single part stays as it is */
export function numberParts(parts: readonly string[]): string[] {
  if (parts.length <= 1) return [...parts];
  // The empty line keeps a heading rule or a table at the top of a part from joining the number.
  return parts.map((part, index) => `(${index + 1}/${parts.length})\n\n${part}`);
}

function split(text: string, max: number): string[] {
  const parts: string[] = [];
  let current = '';
  /** Where the last block of `current` begins. */
  let lastAt = 0;
  const flush = (): void => {
    const part = current.replace(/^(?:[^\S\n]*\n)+/, '').trimEnd();
    if (part !== '') parts.push(part);
    current = '';
  };
  for (const { block, gap } of parseBlocks(text, Math.floor(max / 8))) {
    const whole = renderBlock(block);
    if (current !== '' && current.length + gap.length + whole.length > max) {
      // A heading goes with what it is about.
      const last = current.slice(lastAt);
      const carried = lastAt > 0 && isHeading(last) && last.length + gap.length + whole.length <= max;
      if (carried) current = current.slice(0, lastAt);
      flush();
      if (carried) current = last;
    }
    if (whole.length <= max) {
      current += current === '' ? '' : gap;
      lastAt = current.length;
      current += whole;
      continue;
    }
    let rest: Block | null = block;
    while (rest) {
      const cut: Cut = cutBlock(rest, max);
      current = cut.head;
      lastAt = 0;
      rest = cut.rest;
      if (rest) flush();
    }
  }
  flush();
  return parts;
}

function isHeading(block: string): boolean {
  return /^#{1,6}\s[^\n]*$/.test(block);
}

interface Cut {
  readonly head: string;
  readonly rest: Block | null;
}

/** @returns as much of the block as fits into `max`, and what is left */
function cutBlock(block: Block, max: number): Cut {
  const whole = renderBlock(block);
  if (whole.length <= max) return { head: whole, rest: null };
  if (block.kind === 'fence') return cutFence(block, max);
  if (block.kind === 'table') return cutTable(block, max);
  const { head, rest } = cutText(block.text, max, (line) => parseFence(line) !== null);
  return { head, rest: rest === '' ? null : { kind: 'text', text: rest } };
}

function cutFence(block: Block & { kind: 'fence' }, max: number): Cut {
  const { open, reopen, close, lines } = block;
  const room = max - open.length - close.length - 2;
  const fitting = countFitting(lines, room);
  let [head, rest] = [lines.slice(0, fitting), lines.slice(fitting)];
  const [long, ...others] = rest;
  if (fitting === 0 && long !== undefined) {
    const marker = close.trimStart().replace(/^[>\s]+/, '');
    const cut = cutCode(long, room, (line) => closesFence(line, marker));
    head = [cut.head];
    // A fence in a quote ends where the quote mark is missing.
    const quote = close.includes('>') ? close.slice(0, close.indexOf(marker)) : '';
    rest = cut.rest === '' ? others : [quote + cut.rest, ...others];
  }
  const next: Block | null = rest.length === 0 ? null : { ...block, open: reopen, lines: rest };
  return { head: [open, ...head, close].join('\n'), rest: next };
}

/** A table whose header and one row do not fit together is only text. */
function cutTable(block: Block & { kind: 'table' }, max: number): Cut {
  const { head, rows } = block;
  const widest = Math.max(0, ...rows.map((row) => row.length));
  if (head.length + 1 + widest > max) return cutBlock({ kind: 'text', text: renderBlock(block) }, max);
  const fitting = countFitting(rows, max - head.length - 1);
  const rest = rows.slice(fitting);
  return {
    head: [head, ...rows.slice(0, fitting)].join('\n'),
    rest: rest.length === 0 ? null : { ...block, rows: rest },
  };
}

/** @returns how many of the lines, joined, fit into `room` */
function countFitting(lines: readonly string[], room: number): number {
  let length = -1;
  for (const [index, line] of lines.entries()) {
    length += 1 + line.length;
    if (length > room) return index;
  }
  return lines.length;
}
