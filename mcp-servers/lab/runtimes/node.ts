import { z } from 'zod';
import type { Found, Runtime, View } from './runtime.ts';

const packageSchema = z.object({
  main: z.string().optional().catch(undefined),
  scripts: z.record(z.string(), z.string()).catch({}).default({}),
  dependencies: z.record(z.string(), z.unknown()).catch({}).default({}),
  devDependencies: z.record(z.string(), z.unknown()).catch({}).default({}),
  optionalDependencies: z.record(z.string(), z.unknown()).catch({}).default({}),
  workspaces: z.unknown().optional(),
});
type Package = z.infer<typeof packageSchema>;

/** By lock file, the first that is there. */
const managers: readonly (readonly [lock: string, install: readonly string[]])[] = [
  ['package-lock.json', ['npm', 'ci', '--no-audit', '--no-fund']],
  ['npm-shrinkwrap.json', ['npm', 'ci', '--no-audit', '--no-fund']],
  ['pnpm-lock.yaml', ['pnpm', 'install', '--frozen-lockfile']],
  ['yarn.lock', ['yarn', 'install', '--frozen-lockfile']],
  ['bun.lock', ['bun', 'install', '--frozen-lockfile']],
  ['', ['npm', 'install', '--no-audit', '--no-fund', '--no-package-lock']],
];

/** They may read anything, and write anything. */
const installScripts = ['preinstall', 'install', 'postinstall', 'prepare', 'preprepare', 'postprepare'];

const entries = ['server', 'index', 'app', 'main'].flatMap((name) =>
  ['js', 'mjs', 'cjs', 'ts'].map((ending) => `${name}.${ending}`),
);

export const nodeRuntime: Runtime = {
  name: 'node',
  async detect(view) {
    const text = await view.read('package.json');
    if (text === null) {
      const file = ['server.js', 'server.mjs', 'server.ts'].find((name) => view.files.has(name));
      return file === undefined ? null : { start: ['node', file] };
    }
    const settings = parsePackage(text);
    if (settings === null) return null;
    const start = await startOf(settings, view);
    return start === null ? null : { ...makeNode(settings, view), start };
  },
};

/** Installing and building, also for a site that is only served. */
export async function detectNodeBuild(view: View): Promise<Omit<Found, 'start' | 'serve'> | null> {
  const text = await view.read('package.json');
  const settings = text === null ? null : parsePackage(text);
  return settings?.scripts['build'] === undefined ? null : makeNode(settings, view);
}

/** The `build` script; '' for none. */
export async function readBuildScript(view: View): Promise<string> {
  const text = await view.read('package.json');
  return (text === null ? null : parsePackage(text))?.scripts['build'] ?? '';
}

function makeNode(settings: Package, { files }: View): Omit<Found, 'start' | 'serve'> {
  const { dependencies, devDependencies, optionalDependencies, scripts, workspaces } = settings;
  const build = scripts['build'] === undefined ? [] : ['npm', 'run', 'build'];
  const needs = Object.values({ ...dependencies, ...devDependencies, ...optionalDependencies });
  if (needs.length === 0) return { build };
  const [lock, install] = managers.find(([lock]) => lock === '' || files.has(lock)) ?? ['', []];
  // Folders of the repository are linked to, and change without the lock file.
  const isLinked = needs.some((version) => /^(file|link|workspace|portal):|^[./~]/.test(String(version)));
  const isAlone =
    !isLinked &&
    workspaces === undefined &&
    install[0] === 'npm' &&
    installScripts.every((name) => !(name in scripts));
  const from = ['package.json', lock, '.npmrc'].filter((name) => files.has(name));
  return { install, build, reuse: isAlone && lock !== '' ? { folder: 'node_modules', from } : null };
}

async function startOf({ scripts, main }: Package, view: View): Promise<readonly string[] | null> {
  const { start, prestart, poststart } = scripts;
  if (start !== undefined) {
    const isPlain =
      prestart === undefined && poststart === undefined && /^node( [\w@%+=:,./-]+)+$/.test(start);
    // Without npm between: half a second sooner, and signals reach it.
    return isPlain ? start.split(' ') : ['npm', 'start'];
  }
  if (main !== undefined && (await view.read(main)) !== null) return ['node', main];
  const file = entries.find((name) => view.files.has(name));
  return file === undefined ? null : ['node', file];
}

function parsePackage(text: string): Package | null {
  try {
    return packageSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
