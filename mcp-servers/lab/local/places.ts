/**
 * Where labs are on this machine: `<labs>/<workspace>/<deployment>/` with `app/` (the snapshot), `tmp/`, its log and its keeper's
 * status; `home/` and `kept/` beside them are for all of a workspace's deployments.
 */
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';

export interface Place {
  readonly root: string;
  readonly app: string;
  readonly tmp: string;
  /** HOME of its programs: what they keep between deploys. */
  readonly home: string;
  /** What installs made, by what they made it from. */
  readonly kept: string;
}

/** @throws TypeError for names that would lead elsewhere */
export function placeOf(labs: string, workspace: string, id: string): Place {
  const inside = workspaceFolder(labs, workspace);
  if (!/^[a-z0-9]+$/.test(id)) throw new TypeError(`"${id}" is no deployment`);
  const root = path.join(inside, id);
  return {
    root,
    app: path.join(root, 'app'),
    tmp: path.join(root, 'tmp'),
    home: path.join(inside, 'home'),
    kept: path.join(inside, 'kept'),
  };
}

export function workspaceFolder(labs: string, workspace: string): string {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(workspace)) throw new TypeError(`"${workspace}" is no workspace`);
  return path.join(labs, workspace);
}

/** Of what node has compiled of ours. */
export function cacheFolder({ home }: Place): string {
  return path.join(home, '.frontdesk-cache');
}

export async function makePlace({ app, tmp, home, kept }: Place): Promise<void> {
  for (const folder of [app, tmp, home, kept]) await mkdir(folder, { recursive: true, mode: 0o700 });
}

/** Names there are: workspaces, or deployments of one. */
export async function listFolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name);
}

export function isDeploymentFolder(name: string): boolean {
  return name !== 'home' && name !== 'kept';
}

export async function removeFolder(folder: string): Promise<void> {
  // What was just ended may be writing its last still.
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}
