/** What follows from how labs stand. Pure. */
import type { Deployment, LabCause, LabCondition } from '../kit/lab.ts';
import { expired, vanished } from './causes.ts';
import { isStanding } from './record.ts';

export type Verdict =
  | { readonly to: 'same' }
  | { readonly to: 'ready' }
  | { readonly to: 'down' | 'removed'; readonly cause: LabCause };

/**
 * @param deployment one that is ready or down
 * @param expireAfterMs null: it stays until somebody removes it (LAB-6)
 */
export function decideStanding(
  deployment: Deployment,
  { state, cause }: LabCondition,
  now: number,
  expireAfterMs: number | null,
): Verdict {
  const { status, endedAt, startedAt } = deployment;
  if (expireAfterMs !== null && now >= (endedAt ?? startedAt) + expireAfterMs)
    return { to: 'removed', cause: expired(expireAfterMs) };
  if (state === 'ready') return { to: status === 'ready' ? 'same' : 'ready' };
  // Started again after a crash: it is told when that fails, not each time.
  if (state === 'starting') return { to: 'same' };
  return status === 'down' ? { to: 'same' } : { to: 'down', cause: cause ?? vanished };
}

/** Of several that stand in one workspace, all but the newest were to be removed when the service ended. */
export function decideReplaced(deployments: readonly Deployment[]): Deployment[] {
  const newest = new Map<string, Deployment>();
  for (const each of deployments) {
    const { status, workspace, startedAt } = each;
    if (status === 'ready' && (newest.get(workspace)?.startedAt ?? -1) < startedAt)
      newest.set(workspace, each);
  }
  return deployments.filter((each) => {
    const found = newest.get(each.workspace);
    return found !== undefined && isStanding(each) && each.startedAt < found.startedAt;
  });
}

/** What a list of labs shows of one workspace's deployments, oldest first: the latest, and what runs beside it. */
export function decideShown(deployments: readonly Deployment[]): Deployment[] {
  const latest = deployments.at(-1);
  if (latest === undefined || latest.status === 'removed') return [];
  const standing = deployments.findLast(isStanding);
  return standing === undefined || standing === latest ? [latest] : [latest, standing];
}
