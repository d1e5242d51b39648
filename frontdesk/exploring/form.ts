/** What is asked about a session before its first write: project, title, repositories. Pure. */
import { z } from 'zod';
import type { Question } from '../../mcp-servers/kit/asks.ts';
import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import { type ProjectRef, showProject } from '../../mcp-servers/kit/work.ts';
import type { StartRequest } from '../../mcp-servers/sessions/request.ts';
import type { ProjectEntry } from '../../mcp-servers/workspaces/contract.ts';
import { buildWorkspaceName } from '../../mcp-servers/workspaces/names.ts';
import { completeRequest } from '../work/find.ts';
import type { Exploring } from './record.ts';

/** OpenCode's form has no search: more are chosen by writing the name. */
const mostOptions = 12;
const recommended = ' (Recommended)';
const allOfThem = 'All of the project';

const formSchema = z.object({
  questions: z
    .tuple([z.object({ header: z.literal('Project') }), z.object({ header: z.literal('Title') })])
    .rest(z.unknown()),
});

/** @returns whether OpenCode's question is the form, and not one of the agent's own */
export function isForm(request: unknown): boolean {
  return formSchema.safeParse(request).success;
}

/** What the person would most likely choose. */
export interface Guess {
  readonly project: ProjectRef | undefined;
  readonly repositories: readonly string[];
  readonly title: string;
}

/** OpenCode's title before it has made one. */
const untitled = /^(New session\b.*|)$/;

/** As OpenCode shows the session, or what was said in it. */
export function titleOf({ title, said }: Pick<Exploring, 'title' | 'said'>): string {
  const [firstLine = ''] = said.trim().split('\n');
  return (untitled.test(title) ? firstLine : title).trim().slice(0, 150) || 'Untitled work';
}

/** The project is the only one, or has the repository in whose folder the session began. */
export function guessFor(record: Exploring, projects: readonly ProjectEntry[]): Guess {
  const folders = record.directory.split('/');
  const inFolder = projects
    .map((entry) => ({ entry, repository: entry.repositories.findLast((name) => folders.includes(name)) }))
    .filter(({ repository }) => repository !== undefined);
  const [found] = inFolder.length === 1 ? inFolder : [];
  const only = projects.length === 1 ? projects[0] : undefined;
  return {
    project: (found?.entry ?? only)?.project,
    repositories: found?.repository === undefined ? [] : [found.repository],
    title: titleOf(record),
  };
}

/** For OpenCode's `question` tool; free words are always possible there, and so is no answer. */
export function buildForm(record: Exploring, projects: readonly ProjectEntry[]): Question[] {
  const { project, title } = guessFor(record, projects);
  const guessed = project === undefined ? '' : showProject(project);
  const names = projects.map((entry) => ({ ...entry, name: showProject(entry.project) }));
  const sorted = [
    ...names.filter(({ name }) => name === guessed),
    ...names.filter(({ name }) => name !== guessed),
  ].slice(0, mostOptions);
  const named = project === undefined ? 'project and title.' : `it, e.g. ${nameOf(project, title)}.`;
  const again = record.note === '' ? '' : `⚠️ ${record.note}\n`;
  const open = project === undefined ? '' : ' What you leave open is taken as recommended.';
  return [
    {
      header: 'Project',
      question: `${again}Before it writes, this session gets a workspace of its own. For which project?${open}`,
      options: sorted.map((entry) => ({
        label: `${entry.name}${entry.name === guessed ? recommended : ''}`,
        description: [entry.description, entry.repositories.join(', ')].filter(Boolean).join(' · '),
      })),
      multiple: false,
    },
    {
      header: 'Title',
      question: `What is it about? The workspace is named after ${named}`,
      options: [{ label: `${title}${recommended}`, description: 'As this session is called' }],
      multiple: false,
    },
    ...buildRepositories(record, projects),
  ];
}

/** Asked where a project leaves a choice. */
function buildRepositories(record: Exploring, projects: readonly ProjectEntry[]): Question[] {
  if (projects.every(({ repositories }) => repositories.length === 1)) return [];
  const began = guessFor(record, projects).repositories;
  const several = projects.filter(({ repositories }) => repositories.length > 1);
  const known = new Map(
    several.flatMap(({ project, repositories }) => repositories.map((name) => [name, showProject(project)])),
  );
  const here = began.filter((name) => known.has(name));
  return [
    {
      header: 'Repositories',
      question: 'Which repositories of it?',
      options: [
        ...here.map((name) => ({
          label: `${name}${recommended}`,
          description: 'Where this session began',
        })),
        { label: `${allOfThem}${here.length === 0 ? recommended : ''}`, description: '' },
        ...[...known]
          .filter(([name]) => !here.includes(name))
          .map(([name, project]) => ({ label: name, description: `Of ${project}` })),
      ].slice(0, mostOptions),
      multiple: true,
    },
  ];
}

function nameOf(project: ProjectRef, title: string): string {
  try {
    return buildWorkspaceName(project, title);
  } catch {
    return `${project.category}-${project.project}`;
  }
}

/** The form filled in with what was said elsewhere. */
export function answersOf({ project, title, repositories }: StartRequest, questions: number): string[][] {
  return [[showProject(project)], [title], [...repositories]].slice(0, questions);
}

export type Parsed =
  | { readonly ok: true; readonly request: StartRequest }
  | { readonly ok: false; readonly problem: string };

/** @param answers labels or free words, question by question */
export function parseAnswers(
  record: Exploring,
  answers: readonly (readonly string[])[],
  projects: readonly ProjectEntry[],
): Parsed {
  const [[project = ''] = [], [title = ''] = [], repositories = []] = answers.map((labels) =>
    labels.map((label) => label.replace(recommended, '').trim()),
  );
  const guess = guessFor(record, projects);
  const guessed = guess.project === undefined ? '' : showProject(guess.project);
  const asGuessed = project === '' || project === guessed;
  const open = asGuessed ? guess.repositories : [];
  const chosen = repositories.flatMap((label) => label.split(/[\s,]+/)).filter((name) => name !== '');
  const words = {
    project: project || guessed,
    title: (title || guess.title).slice(0, 150),
    description: record.said.slice(0, 6000),
    priority: 'normal' as const,
    repositories: repositories.includes(allOfThem) ? [] : chosen.length > 0 ? chosen : open,
  };
  try {
    return { ok: true, request: completeRequest(words, projects) };
  } catch (error) {
    if (error instanceof FrontdeskError) return { ok: false, problem: error.detail || error.advice };
    throw error;
  }
}
