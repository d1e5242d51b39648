import type { Workspaces } from '../../mcp-servers/workspaces/contract.ts';
import type { Asks } from '../asks/contract.ts';

/** Sessions at work; those that wait for a person do nothing. */
export function countAtWork(workspaces: Workspaces | null, asks: Asks | undefined): number {
  const sessions = workspaces?.list().flatMap(({ state }) => state.session ?? []) ?? [];
  const isWaiting = (sessionId: string) =>
    asks?.pending({ sessionId }).some(({ status }) => status === 'open') ?? false;
  return sessions.filter(
    ({ id, status }) => (status === 'running' || status === 'starting') && !isWaiting(id),
  ).length;
}
