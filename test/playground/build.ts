import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const page = join(import.meta.dirname, 'page');
const oldMs = 86_400_000;
const cache = join(root, 'node_modules', '.cache', 'frontdesk-playground');

/**
 * Builds the page where its sources or the installed packages changed since the last time; about 2 s, no network.
 * Builds of different sources live side by side, so that a running server keeps the one it serves.
 * @returns the folder with index.html
 * @throws what Vite says of the sources
 */
export async function buildPlayground(): Promise<{ dir: string }> {
  const dir = join(cache, hashSources());
  if (existsSync(join(dir, 'index.html'))) return { dir };
  const [{ build }, { default: react }] = await Promise.all([import('vite'), import('@vitejs/plugin-react')]);
  const unfinished = `${dir}.${process.pid}`;
  await mkdir(cache, { recursive: true });
  await inProduction(() =>
    build({
      configFile: false,
      root: page,
      base: './',
      logLevel: 'error',
      plugins: [react()],
      build: { outDir: unfinished, emptyOutDir: true, target: 'es2024', chunkSizeWarningLimit: 2_000 },
    }),
  );
  await forgetOldBuilds();
  // Two may build at once: the first one in wins, both are the same.
  await rename(unfinished, dir).catch(() => rm(unfinished, { recursive: true, force: true }));
  return { dir };
}

/** Builds of more than a day ago; a server that still serves one has long sent it to its browser. */
async function forgetOldBuilds(): Promise<void> {
  for (const name of await readdir(cache)) {
    const path = join(cache, name);
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > oldMs) await rm(path, { recursive: true, force: true });
  }
}

/** Vite and its plugin go by NODE_ENV: in a test run the page would get React's slow development build. */
async function inProduction(action: () => Promise<unknown>): Promise<void> {
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    await action();
  } finally {
    if (before === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = before;
  }
}

function hashSources(): string {
  const hash = createHash('sha256');
  const sources = globSync('**/*', { cwd: page, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const path of [...sources, join(root, 'package-lock.json'), import.meta.filename]) {
    hash
      .update(`${path.slice(root.length)}\0`)
      .update(readFileSync(path))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}
