/** The form behind `/opencode start` (IN-9), as Block Kit JSON in and out. Pure and quick: a trigger lives 3 s. */
import { z } from 'zod';
import { type ThreadRef, threadRefSchema } from '../../mcp-servers/kit/chat.ts';
import { type ProjectRef, showProject } from '../../mcp-servers/kit/work.ts';
import { type StartRequest, startRequestSchema } from '../../mcp-servers/sessions/request.ts';
import type { ProjectEntry } from '../../mcp-servers/workspaces/contract.ts';

export const startFormId = 'work.start-form';

/** Slack takes at most this many options in one select. */
const optionLimit = 100;

export interface StartFormOptions {
  readonly projects: readonly ProjectEntry[];
  /** Where it was asked for; told there when no thread can be opened. */
  readonly askedIn: ThreadRef;
  /** E.g. of the message a shortcut was used on. */
  readonly title?: string;
  readonly description?: string;
  /** Chosen beforehand. */
  readonly project?: ProjectRef | undefined;
  readonly repositories?: readonly string[];
}

/** @returns the view for `views.open` */
export function renderStartForm({
  projects,
  askedIn,
  title = '',
  description = '',
  project,
  repositories: chosen = [],
}: StartFormOptions): Record<string, unknown> {
  const categories = unique(projects.map(({ project }) => project.category));
  const names = unique(projects.map(({ project }) => project.project));
  const repositories = unique(projects.flatMap((entry) => entry.repositories));
  const initial = { category: onlyOf(categories), project: onlyOf(names), ...project };
  const picked = chosen.filter((name) => repositories.includes(name));
  const text = (value: string, max: number) => (value === '' ? {} : { initial_value: value.slice(0, max) });
  return {
    type: 'modal',
    callback_id: startFormId,
    private_metadata: JSON.stringify({ askedIn }),
    title: plain('Start a session'),
    submit: plain('Start'),
    close: plain('Cancel'),
    blocks: [
      choice('category', 'Category', categories, initial.category),
      choice('project', 'Project', names, initial.project),
      repositories.length === 0
        ? input(
            'repositories',
            'Repositories',
            { type: 'plain_text_input', ...hint('names, separated by commas') },
            { optional: true },
          )
        : input(
            'repositories',
            'Repositories',
            {
              type: 'multi_static_select',
              options: options(repositories),
              ...(picked.length === 0 ? {} : { initial_options: options(picked) }),
              ...hint('All of the project'),
            },
            { optional: true },
          ),
      input('title', 'Title', {
        type: 'plain_text_input',
        max_length: 150,
        ...hint('JWT authentication'),
        ...text(firstLine(title), 150),
      }),
      input(
        'description',
        'Description',
        {
          type: 'plain_text_input',
          multiline: true,
          max_length: 3000,
          ...hint('What the agent should know'),
          ...text(description, 3000),
        },
        { optional: true },
      ),
      input('priority', 'Priority', {
        type: 'static_select',
        options: options(['low', 'normal', 'high']),
        initial_option: option('normal'),
      }),
    ],
  };
}

/** Where there is nothing to choose, it is chosen. */
function onlyOf(values: readonly string[]): string | undefined {
  return values.length === 1 ? values[0] : undefined;
}

const field = z.looseObject({
  value: z.string().nullish(),
  selected_option: z.object({ value: z.string() }).nullish(),
  selected_options: z.array(z.object({ value: z.string() })).nullish(),
});
const viewSchema = z.object({
  private_metadata: z.string(),
  state: z.object({ values: z.record(z.string(), z.record(z.string(), field)) }),
});
const metadataSchema = z.object({ askedIn: threadRefSchema });

export type StartForm =
  | { readonly ok: true; readonly request: StartRequest; readonly askedIn: ThreadRef }
  /** By block_id, for `response_action: errors`: Slack keeps what was typed. */
  | { readonly ok: false; readonly errors: Readonly<Record<string, string>> };

/** @throws ZodError when it is no submission of this form */
export function parseStartForm(view: unknown, projects: readonly ProjectEntry[]): StartForm {
  const { private_metadata: metadata, state } = viewSchema.parse(view);
  const { askedIn } = metadataSchema.parse(JSON.parse(metadata));
  const fieldOf = (block: string) => Object.values(state.values[block] ?? {})[0];
  const one = (block: string) =>
    (fieldOf(block)?.selected_option?.value ?? fieldOf(block)?.value ?? '').trim();
  const chosen = fieldOf('repositories')?.selected_options?.map(({ value }) => value);
  const many =
    chosen ??
    one('repositories')
      .split(/[\s,]+/)
      .filter((name) => name !== '');

  const errors: Record<string, string> = {};
  const [category, project] = [one('category'), one('project')];
  const entry = projects.find(
    (each) => each.project.category === category && each.project.project === project,
  );
  if (category === '') errors['category'] = 'Choose a category.';
  if (project === '') errors['project'] = 'Choose a project.';
  if (entry === undefined && category !== '' && project !== '' && projects.length > 0) {
    const there = projects.filter((each) => each.project.category === category);
    errors['project'] =
      `${category} has ${there.map((each) => each.project.project).join(', ') || 'no projects'}.`;
  }
  const known = entry?.repositories ?? [];
  const unknown = known.length === 0 ? [] : many.filter((name) => !known.includes(name));
  if (entry !== undefined && unknown.length > 0)
    errors['repositories'] =
      `${showProject(entry.project)} has ${known.join(', ')}, not ${unknown.join(', ')}.`;
  if (entry === undefined && many.length === 0 && projects.length === 0)
    errors['repositories'] = 'Name at least one.';

  const parsed = startRequestSchema.safeParse({
    project: { category, project },
    repositories: many.length > 0 ? many : [...known],
    title: one('title'),
    description: one('description'),
    priority: one('priority') || 'normal',
  });
  for (const { path, message } of parsed.error?.issues ?? []) {
    const block = String(path[0]);
    const words =
      block === 'title'
        ? 'Say in one line what is to be done (at most 150 characters).'
        : block === 'repositories'
          ? 'Choose at least one.'
          : message;
    errors[block] ??= words;
  }
  if (!parsed.success || Object.keys(errors).length > 0) return { ok: false, errors };
  return { ok: true, request: parsed.data, askedIn };
}

function choice(block: string, label: string, values: readonly string[], initial: string | undefined) {
  // Slack refuses a select without options.
  if (values.length === 0) return input(block, label, { type: 'plain_text_input', max_length: 40 });
  return input(block, label, {
    type: 'static_select',
    options: options(values),
    ...(initial === undefined ? {} : { initial_option: option(initial) }),
  });
}

function input(
  block: string,
  label: string,
  element: Record<string, unknown>,
  more: Record<string, unknown> = {},
) {
  return {
    type: 'input',
    block_id: block,
    label: plain(label),
    element: { action_id: block, ...element },
    ...more,
  };
}

function options(values: readonly string[]) {
  return values.slice(0, optionLimit).map(option);
}

function option(value: string) {
  return { text: plain(value.slice(0, 75)), value: value.slice(0, 150) };
}

function hint(text: string) {
  return { placeholder: plain(text) };
}

/** Slack's text object in which nothing is parsed. */
export function plain(text: string) {
  return { type: 'plain_text', text, emoji: true };
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)].toSorted();
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0]?.trim() ?? '';
}
