/** Workspaces as their state files tell of them, for a server that runs beside the service or without it. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { WorkspaceInfo } from '../../mcp-servers/kit/work.ts';
import { parseState, stateFileName } from '../../mcp-servers/workspaces/state/state-text.ts';

/** @param root FRONTDESK_WORKSPACE_ROOT. Those whose file cannot be read are left out: the service tells of them. */
export async function readWorkspaces(root: string): Promise<WorkspaceInfo[]> {
  const builders = path.join(root, '.builders');
  const found: WorkspaceInfo[] = [];
  for (const name of (await readdir(builders).catch((): string[] => [])).toSorted()) {
    const folder = path.join(builders, name);
    const text = await readFile(path.join(folder, stateFileName), 'utf8').catch(() => null);
    const parsed = text === null ? null : parseState(text, name);
    if (parsed !== null && 'state' in parsed) found.push({ name, folder, state: parsed.state });
  }
  return found;
}

/** Worktrees of a workspace. */
export function repositoriesOf({ folder, state }: WorkspaceInfo): { repository: string; folder: string }[] {
  return state.repositories.map((repository) => ({
    repository,
    folder: path.join(folder, 'repos', repository),
  }));
}
