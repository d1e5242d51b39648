/** What the splitter sees of Markdown: stretches that must not be cut just anywhere. */
export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'table'; readonly head: string; readonly rows: readonly string[] }
  | {
      readonly kind: 'fence';
      /** First line, with indent or quote marks and info string. */
      readonly open: string;
      /** First line of a continuation. */
      readonly reopen: string;
      readonly close: string;
      readonly lines: readonly string[];
    };

export interface Spaced {
  readonly block: Block;
  /** What separates it from the block before: newlines. */
  readonly gap: string;
}

const fenceLine = /^((?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])))*[ \t]*)(`{3,}|~{3,})(.*)$/;
const delimiterRow = /^[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

/** Characters: some hundred columns. */
const longestRule = 2000;

/** @returns indent, marker and info of a line that opens a fence; null for any other line */
export function parseFence(line: string): { indent: string; marker: string; info: string } | null {
  const [, indent = '', marker = '', info = ''] = fenceLine.exec(line) ?? [];
  if (marker === '' || (marker.startsWith('`') && info.includes('`'))) return null;
  return { indent, marker, info: info.trim() };
}

/** @returns whether the line ends a fence that was opened with `marker` */
export function closesFence(line: string, marker: string): boolean {
  const fence = parseFence(line);
  return fence !== null && fence.info === '' && fence.marker.startsWith(marker);
}

/**
 * Takes Markdown apart. Text with the blocks joined again is the same but for white space and fence lines: an
 * open fence is closed, and no part of a fence line is longer than `longestEdge`.
 */
export function parseBlocks(markdown: string, longestEdge: number): Spaced[] {
  const lines = markdown.replace(/\r\n?/g, '\n').split('\n');
  const blocks: Spaced[] = [];
  let gap = '';
  let at = 0;
  const add = (block: Block, used: number): void => {
    blocks.push({ block, gap: blocks.length === 0 ? '' : `${gap}\n` });
    gap = '';
    at += used;
  };
  while (at < lines.length) {
    const line = lines[at] ?? '';
    const fence = parseFence(line);
    if (line.trim() === '') {
      gap = '\n';
      at += 1;
    } else if (fence && fence.marker.length <= longestEdge) {
      const { block, used } = takeFence(lines, at, fence, longestEdge);
      add(block, used);
    } else if (isTableHead(lines, at)) {
      const end = findEnd(lines, at + 2, (next) => next.trim() === '' || parseFence(next) !== null);
      add(
        { kind: 'table', head: `${line}\n${lines[at + 1] ?? ''}`, rows: lines.slice(at + 2, end) },
        end - at,
      );
    } else if (fence) {
      // A fence mark too long to be repeated: shown as it is, but no longer a fence.
      add({ kind: 'text', text: `\u200b${line}` }, 1);
    } else {
      const end = findEnd(
        lines,
        at + 1,
        (next, index) => next.trim() === '' || parseFence(next) !== null || isTableHead(lines, index),
      );
      add({ kind: 'text', text: lines.slice(at, end).join('\n') }, end - at);
    }
  }
  return blocks;
}

export function renderBlock(block: Block): string {
  if (block.kind === 'text') return block.text;
  if (block.kind === 'table') return [block.head, ...block.rows].join('\n');
  return [block.open, ...block.lines, block.close].join('\n');
}

function takeFence(
  lines: readonly string[],
  at: number,
  { indent, marker, info }: { indent: string; marker: string; info: string },
  longestEdge: number,
): { block: Block; used: number } {
  const first = indent.length <= longestEdge ? indent : '';
  // A list's mark opens an item; the lines after it are indented.
  const next = first.replace(/[^>\s]/g, ' ');
  const quoted = indent.includes('>');
  const end = findEnd(
    lines,
    at + 1,
    (line) => closesFence(line, marker) || (quoted && !line.trimStart().startsWith('>')),
  );
  const closed = end < lines.length && closesFence(lines[end] ?? '', marker);
  const block: Block = {
    kind: 'fence',
    open: first + marker + shorten(info, longestEdge),
    reopen: next + marker + shorten(info.split(/\s/)[0] ?? '', longestEdge),
    close: next + marker,
    lines: lines.slice(at + 1, end),
  };
  return { block, used: end - at + (closed ? 1 : 0) };
}

function shorten(info: string, length: number): string {
  return info.length <= length ? info : info.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
}

function isTableHead(lines: readonly string[], at: number): boolean {
  const next = lines[at + 1] ?? '';
  // A row of rules is short; what is long and nearly one would take quadratic time.
  if (next.length > longestRule) return false;
  return (lines[at] ?? '').includes('|') && next.includes('|') && delimiterRow.test(next);
}

function findEnd(
  lines: readonly string[],
  from: number,
  isEnd: (line: string, index: number) => boolean,
): number {
  let at = from;
  while (at < lines.length && !isEnd(lines[at] ?? '', at)) at += 1;
  return at;
}
