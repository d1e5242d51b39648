/** What a line typed at the try prompt means. */
export type Command =
  | { readonly kind: 'say'; readonly text: string; readonly wait: boolean }
  | { readonly kind: 'click'; readonly number: number }
  | { readonly kind: 'press'; readonly label: string }
  | { readonly kind: 'as'; readonly person: string }
  | { readonly kind: 'edit'; readonly text: string }
  | { readonly kind: 'file'; readonly path: string; readonly text: string }
  | { readonly kind: 'react'; readonly emoji: string }
  /** `/opencode …`, as Slack sends it. */
  | { readonly kind: 'slash'; readonly text: string }
  /** '' shows the open form. */
  | { readonly kind: 'form'; readonly fields: string }
  | { readonly kind: 'journal'; readonly count: number }
  | { readonly kind: PlainCommand }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'wrong'; readonly why: string };

const plainCommands = [
  'dm',
  'channel',
  'new',
  'stop',
  'restart',
  'wait',
  'log',
  'help',
  'quit',
  'home',
  'shortcut',
] as const;
type PlainCommand = (typeof plainCommands)[number];

const plain = new Set<string>(plainCommands);

export const help = `Type to talk. In #dev the first line is posted as a mention and opens a thread; later lines need none.
  1, 2 … or /click N     press a numbered button; /click Start: the last one called so
  /as ben                speak as U_BEN (allowlisted), U_STRANGER (not), U_ANNA
  /dm, /channel          go to the direct messages with the bot, or back to #dev
  /new                   the next line opens a new thread
  /edit TEXT             change your last message here
  /file PATH [TEXT]      send a file
  /react EMOJI           react to the bot's last message here, e.g. /react octagonal_sign
  /opencode start        Slack's command, e.g. start, list, help; /shortcut does what “OpenCode: this thread” does
  /form NAME=VALUE; …    fill in and send the form that is open; /form shows it
  /home                  App Home: what needs you, what runs
  /stop                  say stop
  /restart               kill -9 the service and start it again
  /journal [N], /log     the last N things that passed between Slack and the service; its log
  /help, /quit           (Ctrl-C ends everything too)
From a pipe each line waits until the bot has finished; "TEXT &" only waits until it has begun, /wait for the rest.`;

/** @returns the command of one line; `//text` says `/text`. */
export function parseCommand(line: string): Command {
  const text = line.trim();
  if (text === '') return { kind: 'nothing' };
  if (/^\d{1,3}$/.test(text)) return { kind: 'click', number: Number(text) };
  if (text.startsWith('//')) return { kind: 'say', text: text.slice(1), wait: true };
  if (!text.startsWith('/')) return parseWords(text);
  const [, name = '', rest = ''] = /^\/(\S*)\s*([\s\S]*)$/.exec(text) ?? [];
  return parseSlash(name.toLowerCase(), rest);
}

function parseWords(text: string): Command {
  const background = /\s&$/.test(text);
  return { kind: 'say', text: background ? text.slice(0, -1).trim() : text, wait: !background };
}

function parseSlash(name: string, rest: string): Command {
  if (plain.has(name)) return { kind: name as PlainCommand };
  switch (name) {
    case 'click':
      if (/^\d+$/.test(rest)) return { kind: 'click', number: Number(rest) };
      return rest ? { kind: 'press', label: rest } : needs('/click N, N as listed');
    case 'as':
      return rest ? { kind: 'as', person: personId(rest) } : needs('/as ben');
    case 'edit':
      return rest ? { kind: 'edit', text: rest } : needs('/edit the new text');
    case 'file': {
      const [, path = '', text = ''] = /^("[^"]+"|\S+)\s*([\s\S]*)$/.exec(rest) ?? [];
      return path ? { kind: 'file', path: path.replaceAll('"', ''), text } : needs('/file PATH');
    }
    case 'react':
      return rest ? { kind: 'react', emoji: rest.replaceAll(':', '') } : needs('/react EMOJI');
    case 'opencode':
      return { kind: 'slash', text: rest };
    case 'form':
      return { kind: 'form', fields: rest };
    case 'journal':
      return { kind: 'journal', count: /^\d+$/.test(rest) ? Number(rest) : 20 };
    default:
      return {
        kind: 'wrong',
        why: `There is no /${name} here; /help lists what there is. (//${name} says it to the bot.)`,
      };
  }
}

function personId(name: string): string {
  return /^[UW]_?[A-Z0-9_]+$/.test(name) ? name : `U_${name.replace(/^@/, '').toUpperCase()}`;
}

function needs(usage: string): Command {
  return { kind: 'wrong', why: `Like this: ${usage}` };
}
