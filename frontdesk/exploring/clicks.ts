import { z } from 'zod';
import type { Lanes } from '../../mcp-servers/kit/lanes.ts';
import type { StartRequest } from '../../mcp-servers/sessions/request.ts';
import type { ProjectEntry } from '../../mcp-servers/workspaces/contract.ts';
import type { Room } from '../slack-in/rooms.ts';
import { parseStartForm, plain, renderStartForm } from '../work/start-form.ts';
import type { ExploringPorts } from './exploring.ts';
import { guessFor, parseAnswers } from './form.ts';
import type { Exploring } from './record.ts';
import { lateText } from './texts.ts';

export interface ClickParts extends Pick<ExploringPorts, 'records' | 'isAllowed'> {
  readonly lanes: Lanes;
  readonly projectsNow: () => Promise<readonly ProjectEntry[]>;
  /** @returns why not */
  readonly configure: (record: Exploring, by: string, request: StartRequest) => Promise<string | null>;
}

const formId = 'exploring.setup';
const viewSchema = z.object({ private_metadata: z.string() });
const metadataSchema = z.object({ session: z.string() });

/** The card's buttons and the form behind it: the one of `/opencode start`, filled in. */
export function createExploringClicks({
  records,
  isAllowed,
  lanes,
  projectsNow,
  configure,
}: ClickParts): Room {
  const inLane = async <T>(id: string, task: (record: Exploring) => Promise<T>): Promise<T | string> =>
    await lanes(id, async () => {
      const record = await records.get(id);
      return record === undefined ? 'This card is too old.' : await task(record);
    });

  return {
    prefix: 'exploring',
    async click(by, action, value) {
      if (!isAllowed(by.person)) return null;
      const projects = await projectsNow();
      const told = await inLane(value, async (record) => {
        if (record.status !== 'asking') return lateText(record);
        const { project, repositories, title } = guessFor(record, projects);
        if (action === 'exploring.use' && project !== undefined) {
          const answers = [[`${project.category}/${project.project}`], [title], repositories];
          const parsed = parseAnswers(record, answers, projects);
          return parsed.ok ? await configure(record, by.person, parsed.request) : parsed.problem;
        }
        const description = record.said;
        const view = renderStartForm({
          projects,
          askedIn: by.ref,
          title,
          description,
          project,
          repositories,
        });
        const metadata = JSON.stringify({ askedIn: by.ref, session: record.id });
        return {
          ...view,
          title: plain('Set up a workspace'),
          callback_id: formId,
          private_metadata: metadata,
        };
      });
      if (told === null) return null;
      return typeof told === 'string' ? { text: told } : { view: told };
    },

    async submit(by, callbackId, view) {
      if (callbackId !== formId || !isAllowed(by.person)) return null;
      const form = parseStartForm(view, await projectsNow());
      if (!form.ok) return { errors: form.errors };
      const { private_metadata: metadata } = viewSchema.parse(view);
      const { session } = metadataSchema.parse(JSON.parse(metadata));
      const refused = await inLane(
        session,
        async (record) => await configure(record, by.person, form.request),
      );
      return refused === null ? null : { errors: { title: refused } };
    },
  };
}
