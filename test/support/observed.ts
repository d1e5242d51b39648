import { policySchema } from '../../mcp-servers/kit/policy.ts';
import type { ObservedSession, ObservedWorkspace } from '../../watcher/contract.ts';

export const observedThread = { team: 'T', channel: 'C', thread: '1.0', dm: false };

/** A session at work, since 0; signs of life all the time. For tests. */
export function observedSession(given: Partial<ObservedSession> = {}): ObservedSession {
  return {
    id: 'ses_1',
    host: 'local',
    status: 'running',
    startedAt: 0,
    todo: null,
    lastSignAt: Number.MAX_SAFE_INTEGER,
    seenAt: 0,
    lastDid: '',
    loop: null,
    blindSince: null,
    ...given,
  };
}

/** A workspace where nothing has happened. @param policy settings other than the defaults */
export function observedWorkspace(
  given: Partial<ObservedWorkspace> = {},
  policy: Parameters<typeof policySchema.parse>[0] = {},
): ObservedWorkspace {
  return {
    name: 'csv',
    life: 'l1',
    thread: observedThread,
    policy: policySchema.parse(policy),
    session: observedSession(),
    news: [],
    milestones: [],
    lab: null,
    tests: [],
    checks: [],
    waiting: [],
    lines: null,
    ...given,
  };
}
