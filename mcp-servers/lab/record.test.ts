import { describe, expect, it } from 'vitest';
import { type DeploymentRecord, newRecord, tidyDeployment, withFailed } from './record.ts';

const begun = newRecord({
  id: 'd1',
  workspace: 'w',
  repository: 'api',
  target: 'local',
  runtime: 'node',
  by: 'U1',
  ref: null,
  startedAt: 1,
});
const failedAt = (at: number) => withFailed(begun, { kind: 'exited', text: 'It ended.', fix: '' }, [], at);

describe('which deployments are forgotten', () => {
  it.each<[string, DeploymentRecord, boolean]>([
    ['failed long ago', failedAt(999), false],
    ['failed lately', failedAt(1000), true],
    ['under way for ever so long', begun, true],
    [
      'a lab that stands',
      { ...begun, deployment: { ...begun.deployment, status: 'ready', endedAt: 2 } },
      true,
    ],
    [
      'a lab that is down',
      { ...begun, deployment: { ...begun.deployment, status: 'down', endedAt: 2 } },
      true,
    ],
  ])('LAB-6: %s', (_, record, kept) => {
    expect(tidyDeployment(record, 'd1', { now: 2000, before: 1000 })).toBe(kept ? record : undefined);
  });
});
