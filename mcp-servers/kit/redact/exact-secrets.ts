import { buildForms, readAs, type SecretForm } from './exact-forms.ts';
import { findFirst, type Range } from './ranges.ts';

/** A shorter value would mask ordinary words. */
const shortestSecret = 8;

export interface Secret {
  /** Shown in its place, e.g. `SLACK_BOT_TOKEN`. */
  readonly name: string;
  readonly value: string;
}

type Needle = SecretForm & { readonly label: string };

/** The secrets we hold, found exactly in any of their forms, also where a line break was put into them. */
export interface ExactSecrets {
  add(secret: Secret): void;
  /** Those looked for. */
  secrets(): readonly Secret[];
  labels(): Iterable<string>;
  find(text: string): Range[];
  /** @returns where a form begins that the end of `text` cuts off; the text's length when none does */
  findCutOff(text: string): number;
}

export function createExactSecrets(secrets: Iterable<Secret>): ExactSecrets {
  const needles: Needle[] = [];
  const held: Secret[] = [];
  const labels = new Set<string>();
  const add = ({ name, value }: Secret): void => {
    if (value.length < shortestSecret) return;
    held.push({ name, value });
    const label = name.replace(/[^\w.-]/g, '_').slice(0, 60);
    labels.add(label);
    // A value read from a file often ends in a newline that the copy in a log does not have.
    for (const text of new Set([value, value.trim()])) {
      if (text.length >= shortestSecret)
        for (const form of buildForms(text)) needles.push({ ...form, label });
    }
  };
  for (const secret of secrets) add(secret);

  return {
    add,
    secrets: () => held,
    labels: () => labels,
    find: (text) => buildViews(text).flatMap((view) => findIn(view, needles)),
    findCutOff: (text) =>
      Math.min(...buildViews(text).map((view) => findCutOffIn(view, needles)), text.length),
  };
}

/** A text without its line breaks, or as it is; `at` tells where its characters stand in the original. */
interface View {
  readonly text: string;
  readonly at: (index: number) => number;
}

function buildViews(text: string): View[] {
  const asIs: View = { text, at: (index) => index };
  if (!text.includes('\n')) return [asIs];
  /** Where each piece begins: in the joined text, and in the original. */
  const pieces: { joined: number; original: number }[] = [{ joined: 0, original: 0 }];
  let joined = '';
  let from = 0;
  for (const gap of text.matchAll(/\r?\n[ \t]*/g)) {
    joined += text.slice(from, gap.index);
    from = gap.index + gap[0].length;
    pieces.push({ joined: joined.length, original: from });
  }
  joined += text.slice(from);
  const at = (index: number): number => {
    const next = findFirst(pieces.length, (piece) => (pieces[piece]?.joined ?? 0) > index);
    const { joined: start, original } = pieces[next - 1] ?? { joined: 0, original: 0 };
    return original + index - start;
  };
  return [asIs, { text: joined, at }];
}

function findIn(view: View, needles: readonly Needle[]): Range[] {
  const ranges: Range[] = [];
  const readings = buildReadings(view.text);
  for (const { reading, needle, before, after, label } of needles) {
    const text = readings[reading];
    for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + 1)) {
      const start = Math.max(0, at - before);
      let end = at + needle.length;
      if (after > 0)
        end += /^[\w+/-]?(?:={1,2}|(?:%3[dD]){1,2})?/.exec(view.text.slice(end, end + 8))?.[0].length ?? 0;
      ranges.push({ start: view.at(start), end: view.at(end - 1) + 1, label });
    }
  }
  return ranges;
}

function findCutOffIn(view: View, needles: readonly Needle[]): number {
  const readings = buildReadings(view.text);
  let earliest = view.text.length;
  for (const { reading, needle, before } of needles) {
    const text = readings[reading];
    const head = needle[0] ?? '';
    for (
      let at = text.indexOf(head, text.length - needle.length + 1);
      at !== -1;
      at = text.indexOf(head, at + 1)
    ) {
      if (!needle.startsWith(text.slice(at))) continue;
      earliest = Math.min(earliest, Math.max(0, at - before));
      break;
    }
  }
  return view.at(earliest);
}

function buildReadings(text: string): Record<SecretForm['reading'], string> {
  return { 'as-is': text, hex: readAs('hex', text), base64: readAs('base64', text) };
}
