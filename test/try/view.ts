import type { Shown, ShownButton, ShownMessage, ShownPlace } from './shown.ts';

/** Something to print. A line with the key of the line printed last may take its place. */
export interface Line {
  readonly key: string;
  readonly text: string;
  /** Progress: shown only where it can be replaced, so that a pipe gets results only. */
  readonly passing: boolean;
}

/** Buttons seen so far; a button's number is its index + 1 and never changes. */
export type Numbered = readonly string[];

/** @returns `known` and the new buttons of `shown` after them. */
export function numberButtons(known: Numbered, shown: Shown): Numbered {
  const keys = shown.flatMap((place) =>
    place.messages.flatMap(({ buttons }) => buttons.map(({ key }) => key)),
  );
  return [...new Set([...known, ...keys])];
}

/**
 * What to print so that somebody who saw `before` knows `after`: new messages whole, changed ones again, and
 * a heading wherever the place is not the one printed last.
 * @param place key of the place printed last
 */
export function decideLines(
  before: Shown,
  after: Shown,
  numbers: Numbered,
  place: string,
): { lines: Line[]; place: string } {
  const lines: Line[] = [];
  let current = place;
  for (const now of after) {
    const was = before.find(({ key }) => key === now.key);
    const news = placeLines(was, now, numbers);
    if (news.length === 0) continue;
    if (now.key !== current)
      lines.push({ key: `title ${now.key}`, text: `\n── ${now.title} ──`, passing: false });
    current = now.key;
    lines.push(...news);
  }
  return { lines, place: current };
}

/** The whole of a place as text, for the end of a piped run. */
export function renderPlace(place: ShownPlace, numbers: Numbered): string {
  const messages = place.messages.flatMap((message) => [
    ...messageLines(message, numbers, ''),
    ...message.reactions.map((reaction) => `    ${reaction}`),
  ]);
  return [`── ${place.title} ──`, ...messages, ...(place.status ? [`    … ${place.status}`] : [])].join('\n');
}

function placeLines(was: ShownPlace | undefined, now: ShownPlace, numbers: Numbered): Line[] {
  const ids = new Set(now.messages.map(({ id }) => id));
  const gone = (was?.messages ?? []).filter(({ id }) => !ids.has(id));
  const status = (was?.status ?? '') === now.status ? [] : [statusLine(now)];
  return [
    ...gone.map(({ id, text }) => line(`gone ${id}`, `~ (removed) ${firstLine(text)}`)),
    ...now.messages.flatMap((message) => {
      const old = was?.messages.find(({ id }) => id === message.id);
      return [...textLines(old, message, numbers), ...reactionLines(old, message)];
    }),
    ...status,
  ];
}

function textLines(old: ShownMessage | undefined, now: ShownMessage, numbers: Numbered): Line[] {
  if (now.growing) {
    if (old?.text === now.text) return [];
    return [line(now.id, `~ ${now.author} writes: …${now.text.replace(/\s+/g, ' ').slice(-60)}`, true)];
  }
  if (!old || old.growing) return messageLines(now, numbers, '').map((text) => line(now.id, text));
  if (old.text === now.text && labels(old) === labels(now)) return [];
  if (now.text.startsWith(`${old.text}\n`) && labels(old) === labels(now)) {
    return [line(now.id, `~ (added) ${now.text.slice(old.text.length).trim()}`)];
  }
  // A card changes every few seconds; one line of it is enough, and takes the place of the one before.
  const flat = now.text.replaceAll(/\s+/g, ' ');
  if (flat.length < 100) {
    const buttons = now.buttons.length > 0 ? ` ${renderButtons(now.buttons, numbers)}` : '';
    return [line(now.id, `~ ${now.author} (edited): ${flat}${buttons}`, isProgress(old, now))];
  }
  return messageLines(now, numbers, '~ (edited) ').map((text) => line(now.id, text));
}

/** The same message with other digits is progress (seconds, percentages), anything else is news. */
function isProgress(old: ShownMessage, now: ShownMessage): boolean {
  const still = (message: ShownMessage) => message.text.replace(/\d+/g, '0');
  return still(old) === still(now) && labels(old) === labels(now);
}

function messageLines(message: ShownMessage, numbers: Numbered, prefix: string): string[] {
  const [first = '', ...rest] = message.text.split('\n');
  const indent = message.reply ? '  ↳ ' : '';
  const buttons = message.buttons.length > 0 ? [`    ${renderButtons(message.buttons, numbers)}`] : [];
  return [`${prefix}${indent}${message.author}: ${first}`, ...rest.map((text) => `    ${text}`), ...buttons];
}

function reactionLines(old: ShownMessage | undefined, now: ShownMessage): Line[] {
  const added = now.reactions.filter((reaction) => !old?.reactions.includes(reaction));
  const removed = (old?.reactions ?? []).filter((reaction) => !now.reactions.includes(reaction));
  return [
    ...added.map((reaction) => line(`${now.id} reaction`, `    ${reaction}`)),
    ...removed.map((reaction) => line(`${now.id} reaction`, `    (${reaction}, taken away)`)),
  ];
}

function statusLine(place: ShownPlace): Line {
  return line(`status ${place.key}`, `    … ${place.status || '(status cleared)'}`, true);
}

function renderButtons(buttons: readonly ShownButton[], numbers: Numbered): string {
  return buttons.map(({ key, label }) => `[${numbers.indexOf(key) + 1}: ${label}]`).join(' ');
}

function labels({ buttons }: ShownMessage): string {
  return buttons.map(({ label }) => label).join('|');
}

function firstLine(text: string): string {
  const [first = ''] = text.split('\n');
  return first.length > 80 ? `${first.slice(0, 80)}…` : first;
}

function line(key: string, text: string, passing = false): Line {
  return { key, text, passing };
}
