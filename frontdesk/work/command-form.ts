/**
 * Two forms of one field whose choices are commands: the verbs for a thread's workspace, behind the shortcut "OpenCode: this
 * thread", and the workspaces for a verb that names none. Pure.
 */
import { z } from 'zod';
import { type ThreadRef, threadRefSchema } from '../../mcp-servers/kit/chat.ts';
import { clip } from '../../mcp-servers/slack/blocks.ts';
import type { WorkspaceInfo } from '../../mcp-servers/kit/work.ts';
import { type Command, parseCommand, showCommand } from './commands.ts';
import { plain } from './start-form.ts';

export const commandFormId = 'work.command-form';

/** Slack's limit of an option's text. */
const longestLabel = 75;

const choices: readonly Choice[] = [
  ['status', 'Status: where it stands'],
  ['diff', 'Diff: what was changed'],
  ['pause', 'Pause'],
  ['resume', 'Resume'],
  ['stop', 'Stop its session'],
  ['deploy', 'Deploy to its lab'],
  ['test', 'Run its tests'],
  ['logs', 'Logs of its lab'],
  ['events on', 'Progress lines on'],
  ['events off', 'Progress lines off'],
  ['unplug', 'Unplug from this thread'],
  ['promote', 'Promote: push and open a pull request'],
  ['undeploy', 'End its lab'],
  ['cleanup', 'Clean up'],
];

/** @param plugged what is plugged into the thread, in one line */
export function renderCommandForm(ref: ThreadRef, plugged: string): Record<string, unknown> {
  return renderForm(ref, { title: 'This thread', intro: plugged, label: 'What shall I do?', choices });
}

/** @param command without a workspace @param infos the likely ones first; Slack shows 100 */
export function renderWhichForm(
  ref: ThreadRef,
  command: Command,
  infos: readonly WorkspaceInfo[],
): Record<string, unknown> {
  const words = showCommand(command);
  return renderForm(ref, {
    title: 'Which workspace?',
    intro: `For /opencode ${words}`,
    label: 'Workspace',
    choices: infos.slice(0, 100).map(({ name, state }) => [`${words} ${name}`, `${name}: ${state.title}`]),
  });
}

type Choice = readonly [words: string, label: string];

function renderForm(
  ref: ThreadRef,
  form: {
    readonly title: string;
    readonly intro: string;
    readonly label: string;
    readonly choices: readonly Choice[];
  },
): Record<string, unknown> {
  const options = form.choices.map(([value, label]) => ({ text: plain(clip(label, longestLabel)), value }));
  return {
    type: 'modal',
    callback_id: commandFormId,
    private_metadata: JSON.stringify({ ref }),
    title: plain(form.title),
    submit: plain('Do it'),
    close: plain('Cancel'),
    blocks: [
      { type: 'section', text: plain(form.intro.slice(0, 2900)) },
      {
        type: 'input',
        block_id: 'command',
        label: plain(form.label),
        element: {
          type: 'static_select',
          action_id: 'command',
          options,
          initial_option: options[0],
        },
      },
    ],
  };
}

const viewSchema = z.object({
  private_metadata: z.string(),
  state: z.object({
    values: z.object({
      command: z.object({ command: z.object({ selected_option: z.object({ value: z.string() }) }) }),
    }),
  }),
});

/** @throws ZodError when it is no submission of this form */
export function parseCommandForm(view: unknown): { ref: ThreadRef; command: Command } {
  const { private_metadata: metadata, state } = viewSchema.parse(view);
  const { ref } = z.object({ ref: threadRefSchema }).parse(JSON.parse(metadata));
  const parsed = parseCommand(state.values.command.command.selected_option.value);
  return { ref, command: parsed.ok ? parsed.command : { verb: 'help' } };
}
