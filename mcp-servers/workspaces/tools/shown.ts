import { z } from 'zod';
import { threadKey } from '../../kit/chat.ts';
import type { ToolCall } from '../../kit/tool.ts';
import { showProject, type WorkspaceInfo } from '../../kit/work.ts';

/** What the model is told of a workspace in a list. */
export const shownSchema = z.object({
  workspace: z.string(),
  project: z.string().describe('category/project'),
  title: z.string(),
  plugged: z
    .enum(['here', 'elsewhere', 'no'])
    .describe('Whether it is plugged into this thread, into another one, or into none.'),
  session: z
    .object({ id: z.string(), agent: z.string(), model: z.string(), status: z.string() })
    .nullable()
    .describe('Its work session; null when none was started.'),
});

export function showWorkspace(
  { name, state }: WorkspaceInfo,
  { caller }: ToolCall,
): z.infer<typeof shownSchema> {
  const { session, thread } = state;
  return {
    workspace: name,
    project: showProject(state.project),
    title: state.title,
    plugged: thread === null ? 'no' : threadKey(thread) === threadKey(caller.thread) ? 'here' : 'elsewhere',
    session: session && {
      id: session.id,
      agent: session.agent,
      model: session.model,
      status: session.status,
    },
  };
}

/** Optional in every tool that works on one workspace. */
export const workspaceArgument = z
  .string()
  .max(100)
  .optional()
  .describe('Name of the workspace as `list` gives it. Leave it out for the one plugged into this thread.');

/** What tools say that asked a person for a click (MCP-5). */
export const askedSchema = z.object({
  outcome: z.literal('asked'),
  workspace: z.string(),
});

export function describeAsked(what: string) {
  return ({ workspace }: z.infer<typeof askedSchema>): string =>
    `A card with a button was posted in the thread: a person has to click before ${workspace} is ${what}. Nothing was done yet. The outcome is posted in the thread by itself; do not call this again and do not claim it is done.`;
}
