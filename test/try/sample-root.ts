/** Something to work on: three small apps (node, python, static), each with a bare repository beside it to push to, and the list of projects. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Sample, samples } from './sample-apps.ts';

const run = promisify(execFile);

/**
 * Makes the sample root unless it is there, and never half of it.
 * @returns the folder for FRONTDESK_WORKSPACE_ROOT: `repos/<name>`, their remotes in `remotes/<name>.git`
 */
export async function makeSampleRoot(root: string): Promise<string> {
  if (existsSync(root)) return root;
  const making = `${root}.making`;
  await rm(making, { recursive: true, force: true });
  await Promise.all(samples.map((sample) => makeRepository(making, root, sample)));
  const list = samples.map(({ name, about }) => `- ai-dev/${name}: ${name} — ${about}`);
  await write(join(making, '.ai', 'projectlist.md'), `# Projects\n\n${list.join('\n')}\n`);
  await rename(making, root);
  return root;
}

/** @param root what `making` will be called */
async function makeRepository(making: string, root: string, { name, files }: Sample): Promise<void> {
  const folder = join(making, 'repos', name);
  const remote = join(making, 'remotes', `${name}.git`);
  for (const [path, text] of Object.entries(files)) await write(join(folder, path), text);
  await mkdir(remote, { recursive: true });
  await git(remote, 'init', '-q', '--bare', '-b', 'main');
  await git(folder, 'init', '-q', '-b', 'main');
  await git(folder, 'config', 'user.name', 'Anna');
  await git(folder, 'config', 'user.email', 'anna@example.com');
  await git(folder, 'add', '.');
  await git(folder, 'commit', '-q', '-m', 'First version');
  await git(folder, 'push', '-q', remote, 'main');
  await git(folder, 'remote', 'add', 'origin', join(root, 'remotes', `${name}.git`));
  await git(folder, 'update-ref', 'refs/remotes/origin/main', 'HEAD');
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

/**
 * Signing and hooks of the person's own have no business here.
 * @throws Error that says so where there is no git
 */
async function git(cwd: string, ...args: readonly string[]): Promise<void> {
  const plain = ['-c', 'commit.gpgSign=false', '-c', 'core.hooksPath=/dev/null'];
  try {
    await run('git', [...plain, ...args], { cwd });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Error('There is no git on this machine (in PATH); install it and try again.', { cause: error });
  }
}
