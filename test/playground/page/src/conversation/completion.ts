import { findEmoji } from '../emoji.ts';
import type { Channel, Person, SlashCommand } from '../wire.ts';

interface Suggestion {
  /** What takes the place of the typed part. */
  readonly insert: string;
  readonly label: string;
  readonly detail: string;
}

export interface Completion {
  /** Where the part begins that is completed. */
  readonly from: number;
  readonly suggestions: readonly Suggestion[];
  /** Enter takes the first one; otherwise only Tab, arrows and clicks do, and Enter sends. */
  readonly eager: boolean;
  /** Usage of the command that is being typed. */
  readonly hint?: string;
}

interface Known {
  readonly people: readonly Person[];
  readonly channels: readonly Channel[];
  readonly commands: readonly SlashCommand[];
}

const maxShown = 8;

/** @returns the verbs of a hint such as `start | list | events on|off` */
export function verbsOf(usageHint: string): string[] {
  return usageHint
    .replaceAll(/^\[|\]$/g, '')
    .split(/\s\|\s|(?<!\w\s?\S*)\|/)
    .map((verb) => verb.trim())
    .filter((verb) => /^[a-z]/.test(verb));
}

/** What could be meant by the text before the caret: a command, its verb, a person, a channel, an emoji. */
export function completeAt(text: string, caret: number, known: Known): Completion | undefined {
  const before = text.slice(0, caret);
  if (before.startsWith('/') && !before.includes('\n')) return completeCommand(before, known.commands);
  const match = /(?:^|[\s(])([@#:])([\w+.-]*)$/.exec(before);
  if (!match) return undefined;
  const [, sign = '', typed = ''] = match;
  const from = caret - typed.length - 1;
  const suggestions = suggest(sign, typed.toLowerCase(), known).slice(0, maxShown);
  return suggestions.length === 0 ? undefined : { from, suggestions, eager: true };
}

function suggest(sign: string, typed: string, { people, channels }: Known): Suggestion[] {
  if (sign === '@') {
    return people
      .filter(({ name, real_name }) => name.startsWith(typed) || real_name.toLowerCase().startsWith(typed))
      .map(({ name, real_name, is_bot }) => ({
        insert: `@${name} `,
        label: real_name,
        detail: is_bot ? 'app' : `@${name}`,
      }));
  }
  if (sign === '#') {
    return channels.flatMap(({ id, name }) =>
      name?.startsWith(typed) ? [{ insert: `<#${id}> `, label: `#${name}`, detail: '' }] : [],
    );
  }
  if (typed.length < 2) return [];
  return findEmoji(typed, maxShown).map((name) => ({
    insert: `:${name}: `,
    label: `:${name}:`,
    detail: name,
  }));
}

function completeCommand(before: string, commands: readonly SlashCommand[]): Completion | undefined {
  const [word = '', ...rest] = before.split(' ');
  if (rest.length === 0) {
    const suggestions = commands
      .filter(({ command }) => command.startsWith(word))
      .map(({ command, description, usageHint }) => ({
        insert: `${command} `,
        label: `${command} ${usageHint}`,
        detail: description,
      }));
    const eager = !commands.some(({ command }) => command === word);
    return suggestions.length === 0 ? undefined : { from: 0, suggestions, eager };
  }
  const command = commands.find((one) => one.command === word);
  if (!command) return undefined;
  const typed = rest.join(' ');
  const verbs = verbsOf(command.usageHint).filter((verb) => verb.startsWith(typed) && verb !== typed);
  return {
    from: word.length + 1,
    suggestions: verbs
      .slice(0, maxShown + 6)
      .map((verb) => ({ insert: `${verb} `, label: verb, detail: '' })),
    eager: false,
    hint: `${command.command} ${command.usageHint}`,
  };
}
