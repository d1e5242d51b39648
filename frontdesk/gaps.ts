/** What is allowed to be missing, and makes the service do less than its operator may expect. Pure. */
export interface Gap {
  /** The log's message: its event, and what follows from it. */
  readonly msg: string;
  readonly fix: string;
}

export function findGaps(o: {
  readonly allowedUsers: readonly string[];
  readonly workspaceRoot?: string | undefined;
  /** Known projects; nothing without a workspace root. */
  readonly projects: number;
}): Gap[] {
  const gaps: Gap[] = [];
  if (o.allowedUsers.length === 0)
    gaps.push({ msg: 'frontdesk.allowlist.empty: nobody will be served', fix: 'Set SLACK_ALLOWED_USERS.' });
  if (o.workspaceRoot === undefined)
    gaps.push({
      msg: 'frontdesk.workspaces.off: there will be no coding agents',
      fix: 'Set FRONTDESK_WORKSPACE_ROOT to a folder with your git repositories in repos/.',
    });
  else if (o.projects === 0)
    gaps.push({
      msg: 'frontdesk.projects.none: whoever starts a session has to name the repositories',
      fix: `List projects in ${o.workspaceRoot}/.ai/projectlist.md, or set FRONTDESK_PROJECTS.`,
    });
  return gaps;
}
