import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import type { CreateRequest } from '../../mcp-servers/workspaces/contract.ts';
import { openWorkspaces } from '../../mcp-servers/workspaces/open.ts';
import type { WorkspacesOptions } from '../../mcp-servers/workspaces/options.ts';

const exec = promisify(execFile);

/** Git as nobody's own: no configuration of whoever runs the tests. */
export const gitEnvironment = {
  PATH: process.env.PATH ?? '',
  HOME: '/nonexistent',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
};
/** In memory where there is such a place: these tests write thousands of files. */
const quickFolder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const author = ['-c', 'user.name=Dev', '-c', 'user.email=dev@example.com'];

export async function git(cwd: string, ...args: string[]): Promise<string> {
  const { stdout } = await exec('git', [...author, ...args], {
    cwd,
    env: gitEnvironment,
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout.trimEnd();
}

export interface Ground extends AsyncDisposable {
  /** The workspace root. */
  readonly root: string;
  readonly builders: string;
  /** A repository below `repos/` with the files given and a bare remote. @returns its folder */
  addRepository(name: string, files?: Readonly<Record<string, string>>): Promise<string>;
  /** Where the remote of a repository is. */
  remoteOf(name: string): string;
  open(options?: Partial<WorkspacesOptions>): ReturnType<typeof openWorkspaces>;
}

/** A workspace root with real repositories, in a temporary folder or in `parent`. */
export async function createGround(parent = quickFolder): Promise<Ground> {
  const base = await realpath(await mkdtemp(path.join(parent, 'frontdesk-ws-')));
  const root = path.join(base, 'root');
  await mkdir(path.join(root, 'repos'), { recursive: true });
  const remoteOf = (name: string) => path.join(base, 'remotes', `${name}.git`);
  return {
    root,
    builders: path.join(root, '.builders'),
    remoteOf,
    async addRepository(name, files = { 'README.md': `# ${name}\n` }) {
      const folder = path.join(root, 'repos', name);
      await mkdir(folder, { recursive: true });
      await git(folder, 'init', '-q', '-b', 'main');
      await writeFiles(folder, files);
      await git(folder, 'add', '-A');
      await git(folder, 'commit', '-q', '-m', 'First');
      await git(root, 'init', '-q', '--bare', '-b', 'main', remoteOf(name));
      await git(folder, 'remote', 'add', 'origin', remoteOf(name));
      await git(folder, 'push', '-q', '-u', 'origin', 'main');
      await git(folder, 'remote', 'set-head', 'origin', 'main');
      return folder;
    },
    open: (options = {}) =>
      openWorkspaces({
        root,
        projects: [],
        environment: gitEnvironment,
        log: createSilentLog(),
        now: Date.now,
        ...options,
      }),
    [Symbol.asyncDispose]: () => rm(base, { recursive: true, force: true, maxRetries: 5 }),
  };
}

export async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
}

/** A request in project ai-dev/shop. */
export function ask(title: string, more: Partial<CreateRequest> = {}): CreateRequest {
  return {
    project: { category: 'ai-dev', project: 'shop' },
    repositories: ['api'],
    title,
    createdBy: 'U1',
    ...more,
  };
}

export const never = new AbortController().signal;
export const quiet = () => {};
