import type { Range } from './ranges.ts';

const begin = /-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----/g;
const end = /-----END (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----/g;
/** Begin of a block that may still become a private key when more text arrives. */
const beginning = /-----BEGIN(?: [A-Z0-9 ]{0,80})?-{0,5}$/;
/** Longer than any key in use (a PGP key with photos aside). */
const longestKey = 65_536;

/** Whole blocks; of a block without its end, all that reads like key material. */
export function findPrivateKeys(text: string): Range[] {
  const ranges: Range[] = [];
  const findEnd = createFindEnd(text);
  let from = 0;
  begin.lastIndex = 0;
  for (let match = begin.exec(text); match; match = begin.exec(text)) {
    if (match.index < from) continue;
    from = findEnd(begin.lastIndex) ?? findBodyEnd(text, begin.lastIndex);
    ranges.push({ start: match.index, end: from, label: 'private-key' });
    begin.lastIndex = from;
  }
  return ranges;
}

/** @returns where a block begins whose end has not come yet; the text's length when there is none */
export function findOpenPrivateKey(text: string): number {
  const findEnd = createFindEnd(text);
  let open = text.length;
  begin.lastIndex = 0;
  for (let match = begin.exec(text); match; match = begin.exec(text)) {
    const closed = findEnd(begin.lastIndex);
    if (closed === null) {
      if (text.length - match.index < longestKey) open = match.index;
      break;
    }
    begin.lastIndex = closed;
  }
  return Math.min(open, beginning.exec(text)?.index ?? text.length);
}

/** For places asked in ascending order: a text full of beginnings is looked through once, not once for each. */
function createFindEnd(text: string): (from: number) => number | null {
  let next: { readonly at: number; readonly end: number } | null | undefined;
  return (from) => {
    if (next === undefined || (next !== null && next.at < from)) {
      end.lastIndex = from;
      const match = end.exec(text);
      next = match && { at: match.index, end: end.lastIndex };
    }
    return next !== null && next.at - from < longestKey ? next.end : null;
  };
}

/**
 * A cut-off key: runs of base64 between line breaks (real or escaped), quotes, margins and line numbers. Ends
 * before the first word of prose; a short last run counts only when it is alone on its line.
 */
function findBodyEnd(text: string, from: number): number {
  const step =
    /((?:\\{1,4}[nrt]|[^A-Za-z0-9+/=\\]){0,64})(?:((?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset|MessageID):[^\n\\]{0,200})|([A-Za-z0-9+/=]+))/y;
  let at = from;
  for (;;) {
    step.lastIndex = at;
    const match = step.exec(text);
    if (!match) return at;
    const [, gap = '', header, run = ''] = match;
    const next = step.lastIndex;
    const startsLine = /\n|\\n/.test(gap);
    const endsLine = /^(?:$|["'`\s\\]{0,8}(?:$|\n)|\\{1,4}n)/.test(text.slice(next, next + 12));
    if (header !== undefined || run.length >= 16 || (startsLine && /^\d{1,5}$/.test(run) && !endsLine))
      at = next;
    else return startsLine && endsLine ? next : at;
  }
}
