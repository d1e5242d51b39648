import { z } from 'zod';
import { defineTool } from '../../kit/tool.ts';
import type { WorkspaceToolDeps } from './deps.ts';
import { showWorkspace, shownSchema } from './shown.ts';

export const list = defineTool({
  name: 'list',
  title: 'List workspaces and projects',
  description: [
    'Lists every workspace with its project, title, work session and where it is plugged, and every project that work can',
    'be started in, with its repositories. Call it when a person asks what is going on, or names a workspace or project',
    'loosely ("the login thing"): find the exact name here instead of guessing it.',
  ].join(' '),
  input: z.object({}),
  output: z.object({
    workspaces: z.array(shownSchema),
    projects: z.array(
      z.object({ project: z.string(), repositories: z.array(z.string()), description: z.string() }),
    ),
    problems: z
      .array(z.string())
      .describe('What could not be read, or was set right when the service started.'),
  }),
  hints: { readOnly: true, destructive: false, idempotent: true },
  async run({ workspaces }: WorkspaceToolDeps, _, call) {
    const { projects, ignored } = await workspaces.projects();
    return {
      workspaces: workspaces.list().map((info) => showWorkspace(info, call)),
      projects: projects.map(({ project, repositories, description }) => ({
        project: `${project.category}/${project.project}`,
        repositories: [...repositories],
        description,
      })),
      problems: [...workspaces.problems.map(({ detail }) => detail), ...ignored],
    };
  },
});
