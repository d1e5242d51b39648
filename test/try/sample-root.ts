/** Something to work on: two small repositories, each with a bare one beside it to push to, and the list of projects. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

interface Sample {
  readonly name: string;
  readonly about: string;
  readonly files: Readonly<Record<string, string>>;
}

const app = `/** The smallest API: a table of routes. */
export const routes = { '/health': () => ({ status: 200, body: 'ok' }) };

export function handle(path) {
  return routes[path]?.() ?? { status: 404, body: 'not found' };
}
`;

const appTest = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handle } from './app.js';

test('health is ok', () => assert.equal(handle('/health').body, 'ok'));
test('what is not there is 404', () => assert.equal(handle('/nowhere').status, 404));
`;

const samples: readonly Sample[] = [
  {
    name: 'domain-apis',
    about: 'The APIs of the domain',
    files: {
      'README.md': '# Domain APIs\n\nA sample made by `npm run try`.\n',
      'package.json': '{ "name": "domain-apis", "type": "module", "scripts": { "test": "node --test" } }\n',
      'src/app.js': app,
      'src/app.test.js': appTest,
    },
  },
  {
    name: 'web',
    about: 'The site',
    files: {
      'README.md': '# Web\n\nA sample made by `npm run try`.\n',
      'src/index.html': '<!doctype html>\n<title>Web</title>\n<h1>Hello</h1>\n',
    },
  },
];

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

/** Signing and hooks of the person's own have no business here. */
async function git(cwd: string, ...args: readonly string[]): Promise<void> {
  const plain = ['-c', 'commit.gpgSign=false', '-c', 'core.hooksPath=/dev/null'];
  await run('git', [...plain, ...args], { cwd });
}
