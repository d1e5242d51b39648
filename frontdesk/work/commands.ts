/** `/opencode …` and the same verbs as a mention (IN-8). Pure. */
import { type Suite, suiteSchema } from '../../mcp-servers/kit/tests.ts';
import { nearest } from './nearest.ts';

export type Verb =
  | 'list'
  | 'status'
  | 'pause'
  | 'resume'
  | 'stop'
  | 'plug'
  | 'unplug'
  | 'promote'
  | 'cleanup'
  | 'diff'
  | 'deploy'
  | 'logs'
  | 'undeploy';

export type Command =
  /** `words` '' opens the form; else they are its title. */
  | { readonly verb: 'start'; readonly words: string }
  | { readonly verb: Verb; readonly workspace?: string }
  | { readonly verb: 'events'; readonly on: boolean; readonly workspace?: string }
  /** No suites: all. */
  | { readonly verb: 'test'; readonly suites: readonly Suite[]; readonly workspace?: string }
  | { readonly verb: 'help' };

export type ParsedCommand =
  | { readonly ok: true; readonly command: Command }
  | { readonly ok: false; readonly usage: string };

const verbs: Readonly<Record<Verb, string>> = {
  list: 'every session and where it stands',
  status: 'where this thread’s session stands',
  pause: 'interrupt the agent and keep its place',
  resume: 'let it go on',
  stop: 'end its work and free its place',
  plug: 'move a workspace into this thread',
  unplug: 'take it out of its thread',
  promote: 'push the branch and open a pull request (asks for a click)',
  cleanup: 'remove the workspace (asks for a click)',
  diff: 'what was changed',
  deploy: 'run its code in a lab, and get the URL',
  logs: 'last lines of its lab',
  undeploy: 'end its lab (asks for a click)',
};

const takesName: readonly Verb[] = [
  'status',
  'pause',
  'resume',
  'stop',
  'plug',
  'unplug',
  'promote',
  'cleanup',
  'diff',
  'deploy',
  'logs',
  'undeploy',
];

/** A list: as a mention it is Markdown, which joins single lines. */
export const helpText = [
  '- `/opencode start` — open the form for a new session',
  ...Object.entries(verbs).map(([verb, meaning]) => `- \`/opencode ${usageOf(verb as Verb)}\` — ${meaning}`),
  '- `/opencode test [unit|integration|acceptance] [workspace]` — run its tests; those beyond unit against its lab',
  '- `/opencode events on|off [workspace]` — progress lines in its thread',
  '- `/opencode help` — this',
  '',
  'In a thread, mention me with the same words (`@bot status`), or just say what you want. Without a name, the workspace plugged into the thread is meant; outside of one, the only one of the channel or of all, or you are asked which. `stop` ends what I do there; `mute` keeps me quiet until you mention me.',
].join('\n');

const words = [...Object.keys(verbs), 'start', 'test', 'events', 'help'];

/** @param text what follows `/opencode` */
export function parseCommand(text: string): ParsedCommand {
  const [first = '', ...rest] = text.trim().split(/\s+/);
  const verb = first.toLowerCase();
  if (verb === '' || verb === 'help') return { ok: true, command: { verb: 'help' } };
  if (verb === 'start') return { ok: true, command: { verb, words: rest.join(' ') } };
  if (verb === 'events') return parseEvents(rest);
  if (verb === 'test' || verb === 'tests') return parseTest(rest);
  if (!isVerb(verb)) return refuse(unknown(first));
  const [workspace, extra] = rest;
  if (workspace === undefined) return { ok: true, command: { verb } };
  if (!takesName.includes(verb)) return refuse(`“${clip(workspace)}” is too much: ${usage(verb)}`);
  if (extra !== undefined) return refuse(`“${clip(extra)}” is too much: ${usage(verb)}`);
  return { ok: true, command: { verb, workspace } };
}

/** Characters. What is longer is something else, and need not be looked through. */
export const longestCommand = 300;

/**
 * A mention's words as a command, or null for the agent. Only what can be nothing else: a verb alone, or with the name of a
 * workspace, or with a word that looks like one and is none (which is answered so: an agent might take the one plugged in
 * here instead). `stop` is ours only where there is no turn to end (IN-7).
 */
export function parseMention(text: string, workspaces: readonly string[]): Command | null {
  if (text.length > longestCommand) return null;
  const said = text.trim().replace(/[.!]+$/, '');
  const parsed = parseCommand(said);
  if (said === '' || !parsed.ok) return null;
  const { command } = parsed;
  if (command.verb === 'start') return command.words === '' ? command : null;
  if (command.verb === 'help') return said.toLowerCase() === 'help' ? command : null;
  const { verb, workspace } = command;
  if (workspace === undefined || workspaces.includes(workspace)) return command;
  return verb !== 'test' && likeAName.test(workspace) ? command : null;
}

/** Three parts or more, as `{category}-{project}-{slug}` has: “deploy dark-mode” is a sentence. */
const likeAName = /^[a-z0-9]+(-[a-z0-9]+){2,}$/;

/** The likely word where there is one, else all of them. */
function unknown(said: string): string {
  const meant = nearest(said.toLowerCase(), words);
  const hint =
    meant === null ? helpText : `Did you mean \`/opencode ${meant}\`? \`/opencode help\` lists all there is.`;
  return `I do not know “${clip(said)}”.${meant === null ? '\n\n' : ' '}${hint}`;
}

function parseEvents([state = '', workspace, extra]: readonly string[]): ParsedCommand {
  const wanted = state.toLowerCase();
  if (extra !== undefined || (wanted !== 'on' && wanted !== 'off'))
    return refuse('Say on or off: `/opencode events on|off [workspace]`');
  const on = wanted === 'on';
  return { ok: true, command: { verb: 'events', on, ...(workspace === undefined ? {} : { workspace }) } };
}

/** Suites and a workspace, in any order. */
function parseTest(words: readonly string[]): ParsedCommand {
  const suites: Suite[] = [];
  const names: string[] = [];
  for (const word of words) {
    const suite = suiteSchema.safeParse(word.toLowerCase());
    if (suite.success) suites.push(suite.data);
    else names.push(word);
  }
  const [workspace, extra] = names;
  if (extra !== undefined)
    return refuse(
      `“${clip(extra)}” is too much: \`/opencode test [unit|integration|acceptance] [workspace]\``,
    );
  return { ok: true, command: { verb: 'test', suites, ...(workspace === undefined ? {} : { workspace }) } };
}

/** As it is typed after `/opencode`. */
export function showCommand(command: Command): string {
  const { verb } = command;
  const more =
    verb === 'events' ? [command.on ? 'on' : 'off'] : verb === 'test' ? new Set(command.suites) : [];
  const named = 'workspace' in command ? [command.workspace ?? ''] : [];
  return [verb, ...more, ...named].join(' ').trim();
}

function isVerb(word: string): word is Verb {
  return Object.hasOwn(verbs, word);
}

function usageOf(verb: Verb): string {
  return takesName.includes(verb) ? `${verb} [workspace]` : verb;
}

function usage(verb: Verb): string {
  return `\`/opencode ${usageOf(verb)}\``;
}

function refuse(usage: string): ParsedCommand {
  return { ok: false, usage };
}

function clip(word: string): string {
  return word.length > 40 ? `${word.slice(0, 40)}…` : word;
}
