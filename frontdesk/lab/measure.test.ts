import { expect, it } from 'vitest';
import type { Deployment } from '../../mcp-servers/kit/lab.ts';
import { deploymentOf } from '../../test/support/deployment.ts';
import { createMetrics } from '../http/metrics.ts';
import { measureDeployments } from './measure.ts';

const begun = deploymentOf({ startedAt: 1000 });

it('OP-2: the duration of each deployment, once; not of those cut short', async () => {
  const metrics = createMetrics({ processMetrics: false });
  let tell: (deployment: Deployment) => void = () => {};
  const lab = { onChange: (listener: typeof tell) => ((tell = listener), new DisposableStack()) };
  using _measuring = measureDeployments(lab, metrics);
  const ready = { ...begun, status: 'ready', endedAt: 3500 } as const;
  for (const change of [begun, begun, ready, { ...ready, status: 'down' } as const, ready]) tell(change);
  const cause = { kind: 'cancelled', text: '', fix: '' } as const;
  for (const change of [begun, { ...begun, status: 'failed', endedAt: 9000, cause } as const])
    tell({ ...change, id: 'd2' });
  const { text } = await metrics.render();
  expect(text).toContain('deployment_duration_seconds_sum{namespace="shop-lab"} 2.5');
  expect(text).toContain('deployment_duration_seconds_count{namespace="shop-lab"} 1');
});
