import { z } from 'zod';
import { defineTool } from '../../kit/tool.ts';
import { pickWorkspace, type WorkspaceToolDeps } from './deps.ts';
import { workspaceArgument } from './shown.ts';

export const toggleEventUpdates = defineTool({
  name: 'toggle_event_updates',
  title: 'Switch event updates on or off',
  description: [
    "Switches the stream of the coding agent's single steps (files written, tests run) in this thread on or off. Milestones,",
    'questions and the end are always told. Switch it on only when a person asks to watch closely.',
  ].join(' '),
  input: z.object({ on: z.boolean(), workspace: workspaceArgument }),
  output: z.object({ workspace: z.string(), on: z.boolean() }),
  hints: { readOnly: false, destructive: false, idempotent: true },
  text: ({ workspace, on }) => `Event updates of ${workspace} are ${on ? 'on' : 'off'} in this thread.`,
  async run(deps: WorkspaceToolDeps, { workspace, on }, call) {
    const info = pickWorkspace(deps, call, workspace);
    await deps.setEventUpdates(call, info.name, on);
    return { workspace: info.name, on };
  },
});
