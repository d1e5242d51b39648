/** Slash command, shortcut, forms and mentions onto the one implementation of the work commands (IN-8, IN-9). */
import { type Chat, threadKey } from '../../mcp-servers/kit/chat.ts';
import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import { createLanes } from '../../mcp-servers/kit/lanes.ts';
import type { Workspaces } from '../../mcp-servers/workspaces/contract.ts';
import type { Rooms } from '../slack-in/rooms.ts';
import type { Shown, Surfaces } from '../slack-in/surfaces.ts';
import type { ThreadPorts } from '../threads/ports.ts';
import { commandFormId, parseCommandForm, renderCommandForm, renderWhichForm } from './command-form.ts';
import { parseCommand, parseMention } from './commands.ts';
import type { Work } from './contract.ts';
import { decideMeant } from './meant.ts';
import type { By } from './ports.ts';
import { isOrder } from './orders.ts';
import { orStarting } from './run-command.ts';
import { parseStartForm, renderStartForm, startFormId } from './start-form.ts';

export interface SurfaceParts {
  /** Undefined while the service starts. */
  readonly work: () => Work | undefined;
  readonly workspaces: Workspaces;
  readonly chat: Chat;
}

export function createWorkSurfaces({
  work: find,
  workspaces,
  chat,
  rooms,
}: SurfaceParts & { readonly rooms: Pick<Rooms, 'submit'> }): Surfaces {
  const work = () => orStarting(find());
  const startForm = async (by: By, title: string, description: string): Promise<Shown> => {
    const { projects } = await workspaces.projects();
    return { view: renderStartForm({ projects, askedIn: by.ref, title, description }) };
  };
  return {
    async command(by, text) {
      const parsed = parseCommand(text);
      if (!parsed.ok) return { text: parsed.usage };
      if (parsed.command.verb === 'start') return await startForm(by, parsed.command.words, '');
      const meant = decideMeant(parsed.command, workspaces.list(), by.ref);
      if (meant.is === 'open') return { view: renderWhichForm(by.ref, parsed.command, meant.choices) };
      return await inWords(async () => (await work().run(by, meant.command)).text);
    },

    async shortcut(by, message) {
      const plugged = work().pluggedSummary(by.ref);
      return plugged === 'none'
        ? await startForm(by, message, message)
        : { view: renderCommandForm(by.ref, plugged) };
    },

    async submit(by, callbackId, view) {
      if (callbackId === startFormId) {
        const form = parseStartForm(view, (await workspaces.projects()).projects);
        if (!form.ok) return { errors: form.errors };
        const refused = await work().submit({ ...by, ref: form.askedIn }, form.request);
        return refused === null ? null : { errors: { title: refused } };
      }
      if (callbackId !== commandFormId) return await rooms.submit(by, callbackId, view);
      const { ref, command } = parseCommandForm(view);
      const answer = await inWords(async () => {
        const { text, shown } = await work().run({ ...by, ref }, command);
        return shown ? '' : text;
      });
      if (answer !== null && 'text' in answer && answer.text !== '')
        await chat.whisper(ref, by.person, answer.text);
      return null;
    },

    async whisper({ ref, person }, text) {
      await chat.whisper(ref, person, text);
    },
  };
}

export interface WorkMentions extends NonNullable<ThreadPorts['commands']> {
  /** Whether it tells the front desk to do something, without a mention, too; see {@link isOrder}. */
  readonly isOrder: (text: string) => boolean;
}

/**
 * The same verbs as a mention: `@bot status`. The answer is for the whole thread. Those of one thread run in the order they
 * were written, so that "plug x" and "deploy" right after it mean x; `stop` waits for nothing.
 */
export function createWorkMentions({ work: find, workspaces, chat }: SurfaceParts): WorkMentions {
  const work = () => orStarting(find());
  const lanes = createLanes();
  const names = () => workspaces.list().map(({ name }) => name);
  const parse = (text: string) => parseMention(text, names());
  return {
    isOrder: (text) => isOrder(text, names()),
    isCommand: (text) => parse(text) !== null,
    async run({ ref, messageId, author, text }) {
      const command = parse(text);
      if (command === null) return;
      const by: By = { person: author, ref, requestId: messageId };
      const run = async () =>
        await inWords(async () => {
          const { text: words, shown } = await work().run(by, command);
          return shown ? '' : words;
        });
      const answer = await (command.verb === 'stop' ? run() : lanes(threadKey(ref), run));
      if (answer !== null && 'text' in answer && answer.text !== '')
        await chat.say(ref, `work/mention/${ref.channel}/${messageId}`, {
          kind: 'text',
          markdown: answer.text,
        });
    },
  };
}

/** Without a workspace root there is no work to command; it is said how to switch it on. */
export function createIdleSurfaces(running: () => number): Surfaces {
  const off =
    'Work sessions are switched off here: set `FRONTDESK_WORKSPACE_ROOT` to a folder with your repositories.';
  return {
    command: async (_, text) => ({
      text:
        text.trim() === 'status'
          ? `Frontdesk is up. ${running()} turn(s) running.`
          : `Mention me in a channel or write me a DM and say what you need. ${off}`,
    }),
    shortcut: async () => ({ text: off }),
    submit: async () => null,
    whisper: async () => {},
  };
}

async function inWords(run: () => Promise<string>): Promise<Shown> {
  try {
    return { text: await run() };
  } catch (error) {
    if (error instanceof FrontdeskError) return { text: error.advice };
    throw error;
  }
}
