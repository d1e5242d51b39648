import { z } from 'zod';
import { defineTool } from '../../kit/tool.ts';
import { parseProjectName } from '../names.ts';
import { describeReset } from './confirmed.ts';
import type { WorkspaceToolDeps } from './deps.ts';

export const create = defineTool({
  name: 'create',
  title: 'Create a workspace',
  description: [
    'Prepares a workspace: git worktrees of the repositories on a branch of their own. It starts no coding agent and does',
    'not plug anything; to have work done, start a session, which makes its workspace itself. A workspace of the same',
    'project and title is used again with the work in it (reused: true). With clean, uncommitted work in a reused one is',
    'put away after a person has clicked; nothing is lost.',
    'Takes seconds, minutes for large repositories. When it fails nothing is left behind.',
  ].join(' '),
  input: z.object({
    project: z.string().max(100).describe('category/project as list gives it, e.g. ai-dev/domain-apis.'),
    title: z.string().min(1).max(200).describe('What is to be done, in a few words; it names the workspace.'),
    repositories: z
      .array(z.string().max(100))
      .max(20)
      .default([])
      .describe("Names of repositories; none for all of the project's."),
    description: z.string().max(10_000).default('').describe('What is to be done, in full.'),
    priority: z.enum(['low', 'normal', 'high']).default('normal'),
    clean: z.boolean().default(false).describe('Reset a reused workspace to its last commits.'),
  }),
  output: z.object({
    workspace: z.string(),
    branch: z.string(),
    repositories: z.array(z.string()),
    reused: z.boolean().describe('It was there already, with its work in it.'),
    resetAsked: z
      .boolean()
      .describe('A person was asked by a card whether to reset it; nothing was reset yet.'),
  }),
  hints: { readOnly: false, destructive: false, idempotent: true },
  async run(deps: WorkspaceToolDeps, { clean, project, ...wish }, call) {
    const createdBy = await deps.personOf(call);
    const request = { ...wish, project: parseProjectName(project), createdBy };
    const { info, reused } = await deps.workspaces.create(request, call.progress, call.signal);
    const { repositories } = await deps.workspaces.diff(info.name);
    const dirty = repositories.some(({ uncommitted }) => uncommitted > 0);
    const resetAsked = clean && reused && dirty;
    if (resetAsked) await deps.confirm(call, describeReset(info, repositories));
    return {
      workspace: info.name,
      branch: info.state.branch,
      repositories: info.state.repositories,
      reused,
      resetAsked,
    };
  },
});
