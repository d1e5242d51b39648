import { z } from 'zod';
import type { Deployment } from '../../kit/lab.ts';

/** Optional in every tool that works on one workspace. */
export const workspaceArgument = z
  .string()
  .max(100)
  .optional()
  .describe('Name of the workspace. Leave it out for the one plugged into this thread.');

/** What the model is told of a deployment. */
export const shownDeployment = z.object({
  id: z.string(),
  workspace: z.string(),
  repository: z.string(),
  runtime: z.string(),
  status: z
    .enum(['deploying', 'ready', 'failed', 'down', 'replaced', 'removed'])
    .describe('down: it was ready and is not any more.'),
  url: z.string().nullable(),
  /** In words. */
  cause: z.string().describe('Why it is not ready, and what to do; empty when there is nothing to say.'),
  steps: z.array(z.string()).describe('What was done, with seconds; the last one may be under way.'),
});

export function showDeployment(deployment: Deployment, now: number): z.infer<typeof shownDeployment> {
  const { id, workspace, repository, runtime, status, url, cause, steps } = deployment;
  return {
    id,
    workspace,
    repository,
    runtime,
    status,
    url: status === 'ready' ? url : null,
    cause: cause === null ? '' : `${cause.text} ${cause.fix}`,
    steps: steps.map((step) => {
      const ms = step.status === 'running' ? now - step.startedAt : step.ms;
      const mark = step.status === 'running' ? ' (under way)' : step.status === 'failed' ? ' (failed)' : '';
      return `${step.label}${step.detail === '' ? '' : ` ${step.detail}`}: ${(ms / 1000).toFixed(1)} s${mark}`;
    }),
  };
}
