import { findFirst } from '../../kit/redact/ranges.ts';
import { cutBefore } from './safe-cut.ts';

export interface Cut {
  readonly head: string;
  readonly rest: string;
}

/** Spans that lose their meaning when cut: inline code, links, addresses, bold. */
const whole =
  /(?<!`)(`+)(?!`)[^`\n]{1,400}\1|!?\[[^\][\n]{0,400}\]\([^()\s]{0,2000}\)|<[^<>\s]{1,2000}>|https?:\/\/\S{1,2000}|\*\*[^*\n]{1,200}\*\*/g;

/** Of one of them, in characters: a link with its text. */
const longestSpan = 2500;

/**
 * Cuts prose at a line end, else at a space outside links and code, else at any space, else between characters.
 * @param room greatest length of `head`, at least 2
 * @param breaks whether a line, standing first or last, would turn into something else (a fence)
 */
export function cutText(text: string, room: number, breaks: (line: string) => boolean): Cut {
  const spans = Array.from(
    text.slice(0, room + longestSpan).matchAll(whole),
    (match) => [match.index, match.index + match[0].length] as const,
  );
  const isWhole = (at: number): boolean => {
    const [, end = 0] = spans[findFirst(spans.length, (index) => (spans[index]?.[0] ?? 0) >= at) - 1] ?? [];
    return at >= end;
  };
  const spaces = Array.from(text.slice(0, room + 1).matchAll(/\s+/g), ({ index }) => index)
    .filter((at) => at > 0 && at <= room)
    .toReversed();
  const candidates = [
    ...spaces.filter((at) => at > room / 2 && /^[^\S\n]*\n/.test(text.slice(at, at + 20))),
    ...spaces.filter((at) => at > room / 4 && isWhole(at)),
    ...spaces.filter((at) => at > room / 4),
    ...cutsBetweenCharacters(text, room),
  ];
  for (const at of candidates) {
    const cut = { head: text.slice(0, at).trimEnd(), rest: text.slice(at).replace(/^\s+/, '') };
    if (cut.head !== '' && !breaks(lastLine(cut.head)) && !breaks(firstLine(cut.rest))) return cut;
  }
  // Nothing but fence marks: they are made harmless.
  const at = cutBefore(text, room - 1);
  return { head: `\u200b${text.slice(0, at)}`, rest: `\u200b${text.slice(at)}` };
}

/** Cuts a line of code: nothing is trimmed, the line break is all that is added. */
export function cutCode(line: string, room: number, breaks: (line: string) => boolean): Cut {
  for (const at of cutsBetweenCharacters(line, room)) {
    const cut = { head: line.slice(0, at), rest: line.slice(at) };
    if (!breaks(cut.head) && !breaks(cut.rest)) return cut;
  }
  const at = cutBefore(line, room - 1);
  return { head: `\u200b${line.slice(0, at)}`, rest: `\u200b${line.slice(at)}` };
}

/** The last 64 places within `room` where no character is cut, last first. */
function cutsBetweenCharacters(text: string, room: number): number[] {
  const cuts: number[] = [];
  for (let at = cutBefore(text, room); at > 0 && cuts.length < 64; at = cutBefore(text, at - 1))
    cuts.push(at);
  return cuts;
}

function firstLine(text: string): string {
  return text.slice(0, (text.indexOf('\n') + 1 || text.length + 1) - 1);
}

function lastLine(text: string): string {
  return text.slice(text.lastIndexOf('\n') + 1);
}
