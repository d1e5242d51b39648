/** Something to work on: two small repositories, each with a bare one beside it to push to, and the list of projects. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

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
  for (const sample of samples) await makeRepository(making, sample);
  const list = samples.map(({ name, about }) => `- ai-dev/${name}: ${name} — ${about}`);
  await write(join(making, '.ai', 'projectlist.md'), `# Projects\n\n${list.join('\n')}\n`);
  await rename(making, root);
  // The remotes were named before the folder had its name.
  for (const { name } of samples)
    git(join(root, 'repos', name), 'remote', 'set-url', 'origin', join(root, 'remotes', `${name}.git`));
  return root;
}

async function makeRepository(root: string, { name, files }: Sample): Promise<void> {
  const folder = join(root, 'repos', name);
  const remote = join(root, 'remotes', `${name}.git`);
  for (const [path, text] of Object.entries(files)) await write(join(folder, path), text);
  await mkdir(remote, { recursive: true });
  git(remote, 'init', '-q', '--bare', '-b', 'main');
  git(folder, 'init', '-q', '-b', 'main');
  git(folder, 'config', 'user.name', 'Anna');
  git(folder, 'config', 'user.email', 'anna@example.com');
  git(folder, 'add', '.');
  git(folder, 'commit', '-q', '-m', 'First version');
  git(folder, 'remote', 'add', 'origin', remote);
  git(folder, 'push', '-q', '-u', 'origin', 'main');
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

/** Signing and hooks of the person's own have no business here. */
function git(cwd: string, ...args: readonly string[]): void {
  const plain = ['-c', 'commit.gpgSign=false', '-c', 'core.hooksPath=/dev/null'];
  execFileSync('git', [...plain, ...args], { cwd, stdio: 'pipe' });
}
