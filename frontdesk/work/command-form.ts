/** The form behind the shortcut "OpenCode: this thread": the verbs, for a thread with a workspace. Pure. */
import { z } from 'zod';
import { type ThreadRef, threadRefSchema } from '../../mcp-servers/kit/chat.ts';
import { type Command, parseCommand } from './commands.ts';
import { plain } from './start-form.ts';

export const commandFormId = 'work.command-form';

const choices: readonly (readonly [words: string, label: string])[] = [
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
  return {
    type: 'modal',
    callback_id: commandFormId,
    private_metadata: JSON.stringify({ ref }),
    title: plain('This thread'),
    submit: plain('Do it'),
    close: plain('Cancel'),
    blocks: [
      { type: 'section', text: plain(plugged.slice(0, 2900)) },
      {
        type: 'input',
        block_id: 'command',
        label: plain('What shall I do?'),
        element: {
          type: 'static_select',
          action_id: 'command',
          options: choices.map(([value, label]) => ({ text: plain(label), value })),
          initial_option: { text: plain(choices[0]?.[1] ?? ''), value: choices[0]?.[0] ?? '' },
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
