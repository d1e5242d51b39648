import { z } from 'zod';
import { defineTool } from '../../kit/tool.ts';
import type { LabToolDeps } from './deps.ts';
import { showDeployment, shownDeployment } from './shown.ts';

export const list = defineTool({
  name: 'list',
  title: 'All labs',
  description:
    'Lists the labs of all workspaces, newest first: what runs, what is deployed now, what failed.',
  input: z.object({}),
  output: z.object({ labs: z.array(shownDeployment) }),
  hints: { readOnly: true, destructive: false, idempotent: true },
  async run(deps: LabToolDeps) {
    await deps.lab.observe();
    return { labs: (await deps.lab.list()).map((each) => showDeployment(each, Date.now())) };
  },
});
