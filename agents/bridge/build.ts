/** Bundles the plugin's sources into `plugin.js`, which stands alone. Written by `npm ci` (script `prepare`) and `npm run build:bridge`; not
 * in the repository, for it carries zod's code. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const pluginPath = join(import.meta.dirname, 'plugin.js');

const banner = `// Made by \`npm run build:bridge\` from agents/bridge/src; not to be edited. Carries zod (MIT, Colin McDonnell).`;

/**
 * @returns the bundle's text; the same sources give the same text
 * @throws ERR_MODULE_NOT_FOUND without the development dependencies
 */
export async function bundlePlugin(): Promise<string> {
  const { rolldown } = await import('rolldown');
  const bundle = await rolldown({
    input: join(import.meta.dirname, 'src', 'main.ts'),
    platform: 'node',
    cwd: join(import.meta.dirname, '..', '..'),
    treeshake: { moduleSideEffects: false },
  });
  const { output } = await bundle.generate({ format: 'es', banner, comments: false });
  await bundle.close();
  return output[0].code;
}

/** `npm ci --omit=dev` leaves out the bundler; an installation must not fail for that. */
function tellWithout(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
  const told = existsSync(pluginPath)
    ? `${pluginPath} is kept as it is: its bundler (rolldown, a development dependency) is not installed.`
    : `${pluginPath} is missing, and without it there are no work sessions. Its bundler is a development dependency: run ` +
      '`npm ci` and then `npm prune --omit=dev`, or copy plugin.js from where it was built.';
  process.stderr.write(`${told}\n`);
}

if (import.meta.main) {
  try {
    await writeFile(pluginPath, await bundlePlugin());
  } catch (error) {
    if (!process.argv.includes('--if-possible')) throw error;
    tellWithout(error);
  }
}
