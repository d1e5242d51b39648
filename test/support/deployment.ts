import { type Deployment, deploymentSchema } from '../../mcp-servers/kit/lab.ts';
import { newRecord } from '../../mcp-servers/lab/record.ts';

/** A deployment that has just begun, or as the test wants it. */
export function deploymentOf(more: Partial<Deployment> = {}): Deployment {
  const { deployment } = newRecord({
    id: 'd1',
    workspace: 'shop',
    repository: 'api',
    target: 'local',
    runtime: 'node',
    by: 'U1',
    ref: null,
    startedAt: 1_700_000_000_000,
  });
  return deploymentSchema.parse({ ...deployment, ...more });
}
