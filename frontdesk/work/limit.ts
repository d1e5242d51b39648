/** SE-5: how many sessions there may be at once. Pure. */
import type { SessionStatus, WorkspaceInfo } from '../../mcp-servers/kit/work.ts';

/** These hold a place; a stopped, crashed or complete one does not. */
const holding: readonly SessionStatus[] = ['starting', 'idle', 'running', 'paused', 'unreachable'];

export function isHolding(status: SessionStatus | undefined): boolean {
  return status !== undefined && holding.includes(status);
}

/** What to finish first: what waits comes before what works. */
const order: readonly SessionStatus[] = ['paused', 'idle', 'unreachable', 'running', 'starting'];

/**
 * @param starting workspaces whose start is under way, whether they exist yet or not
 * @param candidate the workspace that wants a place; it may hold one already
 * @returns null when there is a place, else the refusal with what could be finished
 */
export function refuseAbove(
  max: number,
  infos: readonly WorkspaceInfo[],
  starting: ReadonlySet<string>,
  candidate: string,
): string | null {
  const active = infos.filter(({ state }) => isHolding(state.session?.status));
  const names = new Set([...active.map(({ name }) => name), ...starting]);
  names.delete(candidate);
  if (names.size < max) return null;
  const finishable = active
    .filter(({ name }) => name !== candidate)
    .toSorted((a, b) => rank(a) - rank(b))
    .slice(0, 5)
    .map(({ name, state }) => `\`${name}\` (${state.session?.status})`);
  const advice = finishable.length === 0 ? '' : ` Could be finished: ${finishable.join(', ')}.`;
  return `Maximum concurrent sessions reached (${max}).${advice}`;
}

function rank({ state }: WorkspaceInfo): number {
  return state.session === null ? order.length : order.indexOf(state.session.status);
}
