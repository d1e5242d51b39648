import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openCodeVersion } from './binary.ts';
import { foldersOf } from './environment.ts';

const run = promisify(execFile);

/** A lock that already covers the plugin package: OpenCode then skips its `npm install` (notes/opencode.md §1). */
async function seedConfigFolder(folder: string): Promise<void> {
  const dependencies = { '@opencode-ai/plugin': openCodeVersion };
  await mkdir(join(folder, 'node_modules'), { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ dependencies }));
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify({ packages: { '': { dependencies } } }));
}

/** Its own repository gives the folder a project of its own; without git it works as a plain folder. */
async function initRepository(folder: string): Promise<void> {
  if (existsSync(join(folder, '.git'))) return;
  await run('git', ['init', '-q', folder], { timeout: 10_000 }).catch(() => {});
}

/**
 * Makes the folders OpenCode writes to, below `root`.
 * @returns the folder shared by all front-desk sessions: one instance of 30 MB instead of one per thread
 */
export async function prepareFolders(root: string): Promise<string> {
  const folders = foldersOf(root);
  const desk = join(root, 'desk');
  for (const folder of [...Object.values(folders), desk]) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  }
  await seedConfigFolder(join(folders.XDG_CONFIG_HOME, 'opencode'));
  await initRepository(desk);
  return desk;
}
