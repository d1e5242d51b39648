import type { Policy } from '../mcp-servers/kit/policy.ts';
import { showProject } from '../mcp-servers/kit/work.ts';
import type { Workspaces } from '../mcp-servers/workspaces/contract.ts';
import type { Config } from './config/schema.ts';

/** What is set for a workspace's project; else, and for no workspace, what is set for all. */
export function createPolicyOf(
  { projects, policy }: Pick<Config, 'projects' | 'policy'>,
  workspaces: Pick<Workspaces, 'find'>,
): (workspace: string | null) => Policy {
  return (workspace) => {
    const project = workspace === null ? undefined : workspaces.find(workspace)?.state.project;
    if (project === undefined) return policy;
    return projects.find(({ name }) => name === showProject(project))?.policy ?? policy;
  };
}
