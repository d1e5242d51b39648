import { copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { foldersOf } from '../opencode/environment.ts';
import { prepareFolders } from '../opencode/folders.ts';

/** Not work agents: the one that answers in Slack, and the folder's own description. */
const others = new Set(['frontdesk.md', 'README.md']);

/** Used where neither a repository nor the machine says who commits. */
const gitConfig = `[user]
\tname = Frontdesk
\temail = frontdesk@localhost
[init]
\tdefaultBranch = main
[advice]
\tdetachedHead = false
`;

/**
 * Makes the folders the local host writes to, and gives it every agent of `agentsDir`: one `.md` file each, read by
 * OpenCode itself.
 * @returns the agents' names
 */
export async function prepareLocalFolders(root: string, agentsDir: string): Promise<string[]> {
  await prepareFolders(root);
  const { HOME, XDG_CONFIG_HOME } = foldersOf(root);
  await writeFile(join(HOME, '.gitconfig'), gitConfig);
  const folder = join(XDG_CONFIG_HOME, 'opencode', 'agents');
  // Anew each time: an agent taken away must not stay.
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const files = (await readdir(agentsDir)).filter((name) => name.endsWith('.md') && !others.has(name));
  for (const name of files) await copyFile(join(agentsDir, name), join(folder, name));
  return files.map((name) => name.slice(0, -'.md'.length)).sort();
}
