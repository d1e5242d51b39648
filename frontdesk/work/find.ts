/** Which project a person means. Pure. */
import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import { matching } from '../../mcp-servers/kit/find-workspace.ts';
import { showProject, type WorkspaceInfo, type WorkSession } from '../../mcp-servers/kit/work.ts';
import { startRequestSchema, type StartRequest } from '../../mcp-servers/sessions/request.ts';
import type { StartWords } from '../../mcp-servers/sessions/server.ts';
import type { ProjectEntry } from '../../mcp-servers/workspaces/contract.ts';

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
