/** Which workspace or project a person means. Pure. */
import { type ThreadRef, threadKey } from '../../mcp-servers/kit/chat.ts';
import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import { showProject, type WorkspaceInfo, type WorkSession } from '../../mcp-servers/kit/work.ts';
import { startRequestSchema, type StartRequest } from '../../mcp-servers/sessions/request.ts';
import type { StartWords } from '../../mcp-servers/sessions/server.ts';
import type { ProjectEntry } from '../../mcp-servers/workspaces/contract.ts';

export function pluggedIn(infos: readonly WorkspaceInfo[], ref: ThreadRef): WorkspaceInfo[] {
  const here = threadKey(ref);
  return infos.filter(({ state }) => state.thread !== null && threadKey(state.thread) === here);
}

/**
 * By name, by an unambiguous part of name or title, or the one plugged into the thread.
 * @throws FrontdeskError workspace_none; workspace_unknown, naming what there is
 */
export function findWorkspace(
  infos: readonly WorkspaceInfo[],
  ref: ThreadRef,
  words: string | undefined,
): WorkspaceInfo {
  const wanted = words?.trim().toLowerCase() ?? '';
  const here = pluggedIn(infos, ref);
  const candidates =
    wanted === ''
      ? here
      : (matching(infos, ({ name }) => name === wanted) ??
        matching(here, (info) => mentions(info, wanted)) ??
        matching(infos, (info) => mentions(info, wanted)) ??
        []);
  const [only, ...others] = candidates;
  if (only !== undefined && others.length === 0) return only;
  if (infos.length === 0) throw new FrontdeskError('workspace_none');
  if (only !== undefined)
    throw new FrontdeskError('workspace_unknown', `Several could be meant: ${namesOf(candidates)}.`);
  const why = wanted === '' ? 'None is plugged into this thread' : `None is called “${wanted.slice(0, 80)}”`;
  const there = `There ${infos.length === 1 ? 'is' : 'are'} ${namesOf(infos)}.`;
  throw new FrontdeskError('workspace_unknown', `${why}. ${there}`);
}

/** A phone shows about as many. */
const mostNames = 10;

function namesOf(infos: readonly WorkspaceInfo[]): string {
  const names = infos.map(({ name }) => `\`${name}\``);
  const more = names.length - mostNames;
  return `${names.slice(0, mostNames).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** @throws FrontdeskError workspace_unknown */
export function sessionOf(info: WorkspaceInfo): WorkSession {
  if (info.state.session !== null) return info.state.session;
  throw new FrontdeskError('workspace_unknown', `\`${info.name}\` has no session.`);
}

/**
 * The project as people say it: `category/project`, its name alone, or a repository's.
 * @throws FrontdeskError workspace_invalid, naming what there is
 */
export function completeRequest(words: StartWords, projects: readonly ProjectEntry[]): StartRequest {
  const entry = findProject(projects, words.project);
  const { title, description, priority } = words;
  const unknown = words.repositories?.filter((name) => !entry.repositories.includes(name)) ?? [];
  // Only where the list knows them: `create` looks for folders by name as well, and says what it does not find.
  const named = words.repositories?.length ? [...words.repositories] : [...entry.repositories];
  if (unknown.length > 0 && entry.repositories.length > 0)
    throw new FrontdeskError(
      'workspace_invalid',
      `${showProject(entry.project)} has no repository ${unknown.map((name) => `“${name}”`).join(', ')}; it has ${entry.repositories.join(', ')}.`,
    );
  const parsed = startRequestSchema.safeParse({
    project: entry.project,
    repositories: named,
    title,
    description,
    priority,
  });
  if (parsed.success) return parsed.data;
  const what = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  throw new FrontdeskError('workspace_invalid', `${what}.`);
}

function findProject(projects: readonly ProjectEntry[], words: string): ProjectEntry {
  const wanted = words.trim().toLowerCase();
  const found =
    matching(projects, ({ project }) => showProject(project) === wanted) ??
    matching(
      projects,
      ({ project: { category, project } }) => project === wanted || `${category}-${project}` === wanted,
    ) ??
    matching(projects, ({ repositories }) => repositories.some((name) => name.toLowerCase() === wanted)) ??
    [];
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  const names = (found.length > 0 ? found : projects).map(({ project }) => showProject(project)).join(', ');
  throw new FrontdeskError(
    'workspace_invalid',
    found.length > 0
      ? `“${words}” could be ${names}; say which.`
      : `“${words}” is no project. ${names === '' ? 'None is configured yet.' : `There are ${names}.`}`,
  );
}

function matching<T>(all: readonly T[], fits: (item: T) => boolean): T[] | null {
  const found = all.filter(fits);
  return found.length === 0 ? null : found;
}

function mentions({ name, state }: WorkspaceInfo, wanted: string): boolean {
  return name.includes(wanted) || state.title.toLowerCase().includes(wanted);
}
