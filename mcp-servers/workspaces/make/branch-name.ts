/** The branch a workspace's worktrees are on (WS-1). */
export function branchOf(workspace: string): string {
  return `frontdesk/${workspace}`;
}
