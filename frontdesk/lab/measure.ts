import type { Lab } from '../../mcp-servers/kit/lab.ts';
import type { Metrics } from '../http/metrics.ts';

/** Ends that say nothing of how long a deploy takes. */
const cutShort = new Set(['cancelled', 'interrupted']);

/**
 * OP-2: `deployment_duration_seconds{namespace}`, from each deployment's beginning to its end, ready or failed, once; one
 * that goes down and comes back later is not deployed again.
 */
export function measureDeployments(
  lab: Pick<Lab, 'onChange'>,
  metrics: Pick<Metrics, 'observe'>,
): Disposable {
  const underWay = new Set<string>();
  return lab.onChange(({ id, workspace, status, startedAt, endedAt, cause }) => {
    if (status === 'deploying') return void underWay.add(id);
    if (!underWay.delete(id) || endedAt === null) return;
    if ((status !== 'ready' && status !== 'failed') || cutShort.has(cause?.kind ?? '')) return;
    const namespace = `${workspace}-lab`;
    metrics.observe('deployment_duration_seconds', (endedAt - startedAt) / 1000, { namespace });
  });
}
