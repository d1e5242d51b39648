import { policySchema } from '../../mcp-servers/kit/policy.ts';
import {
  defaultLimits,
  type Draft,
  type ObservedSession,
  type ObservedWorkspace,
} from '../../watcher/contract.ts';
import { decide, hold, isHeld } from '../../watcher/decide.ts';
import type { Told } from '../../watcher/told.ts';

export const observedThread = { team: 'T', channel: 'C', thread: '1.0', dm: false };

/** A session at work, since 0; signs of life all the time. For tests. */
export function observedSession(given: Partial<ObservedSession> = {}): ObservedSession {
  return {
    id: 'ses_1',
    host: 'local',
    status: 'running',
    startedAt: 0,
    runsSince: 0,
    doing: '',
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
    commits: null,
    lab: null,
    tests: [],
    checks: [],
    waiting: [],
    lines: null,
    ...given,
  };
}

type Looks = readonly (readonly [now: number, observed: ObservedWorkspace])[];

/** What is said over several looks, each `[time, what is seen]`. */
export function watch(...looks: Looks): Draft[][] {
  let told: Told | undefined;
  return looks.map(([now, observed]) => {
    const decision = decide(observed, told, now, defaultLimits);
    const waits = decision.drafts.filter((each) => !each.inSight && isHeld(observed, each, now));
    told = hold(
      decision.told,
      waits.map(({ markdown }) => markdown),
    );
    return decision.drafts.filter((each) => !each.inSight && !waits.includes(each));
  });
}
export const texts = (...looks: Looks): string[][] =>
  watch(...looks).map((drafts) => drafts.map(({ markdown }) => markdown));
