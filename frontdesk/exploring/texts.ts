/** What is said about sessions begun in OpenCode's own UI (WS-6). Pure. */
import type { Card } from '../../mcp-servers/kit/chat.ts';
import { showProject } from '../../mcp-servers/kit/work.ts';
import type { ProjectEntry } from '../../mcp-servers/workspaces/contract.ts';
import { guessFor } from './form.ts';
import { type Exploring, inOpenCode } from './record.ts';

/**
 * To the model, instead of its write. The form's words are ours: the bridge puts them into its question.
 * What is before the colon is what OpenCode's UI shows of it to the person.
 */
export const askInOpenCode =
  'No workspace yet: nothing was written. Before its first write this session gets a workspace of its own, and only the person can say which. ' +
  'Call the `question` tool now with any one question; it is shown to the person as the form that is needed. ' +
  'Do not write in another way. Once they have answered, the session moves into its workspace by itself, and you are told to go on.';

export function failedText(note: string): string {
  return `No workspace: nothing was written. The session could not be given its workspace: ${note} Tell the person. The next write asks anew.`;
}

/** Why its workspace was not made; for the thread that was opened for it. */
export const stoppedText = 'The turn was stopped in OpenCode.';

/** @param name of who configured it */
export function exploringCard(record: Exploring, projects: readonly ProjectEntry[], name: string): Card {
  const { id, status, hold, directory, workspace, request, note, by } = record;
  const { project, repositories, title } = guessFor(record, projects);
  const what = request?.title ?? title;
  const who = by === inOpenCode ? 'in OpenCode' : `by ${name}`;
  const facts = [directory, ...(hold === null ? [] : [`${hold.tool} ${hold.what}`.trim()])];
  switch (status) {
    case 'asking':
      return {
        title: [
          `✋ A session in OpenCode wants to write and has no workspace yet: ${what}`,
          ...(note === '' ? [] : [`⚠️ ${note}`]),
        ].join('\n'),
        facts,
        buttons: [
          ...(project === undefined
            ? []
            : [
                {
                  action: 'exploring.use',
                  label:
                    `Use ${[showProject(project), ...repositories.filter((each) => each !== project.project)].join(' · ')}`.slice(
                      0,
                      75,
                    ),
                  value: id,
                  style: 'primary' as const,
                },
              ]),
          { action: 'exploring.form', label: 'Set up workspace', value: id },
        ],
      };
    case 'starting':
      return { title: `⏳ Configured ${who}, moving into its workspace: ${what}`, facts };
    case 'done':
      return { title: `✅ Configured ${who}: ${what}`, facts: [workspace ?? '', directory] };
    case 'exploring':
      return {
        title:
          note === ''
            ? `⏹️ The turn was stopped in OpenCode; nothing was written: ${what}`
            : `❌ ${what}\n${note} It is asked again at the next write.`,
        facts: [directory],
      };
  }
}

export function lateText({ status, workspace }: Exploring): string {
  switch (status) {
    case 'starting':
      return 'It was configured already; its workspace is being made.';
    case 'done':
      return `It works in \`${workspace}\` already.`;
    default:
      return 'Nothing waits here any more.';
  }
}
