/** Bundles the plugin's sources into `plugin.js`, which stands alone. Written by `npm ci` (script `prepare`) and `npm run build:bridge`; not
 * in the repository, for it carries zod's code. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

export const pluginPath = join(import.meta.dirname, 'plugin.js');

const banner = `// Made by \`npm run build:bridge\` from agents/bridge/src; not to be edited. Carries zod (MIT, Colin McDonnell).`;

/** @returns the bundle's text; the same sources give the same text */
export async function bundlePlugin(): Promise<string> {
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

export async function writePlugin(): Promise<void> {
  await writeFile(pluginPath, await bundlePlugin());
}

if (import.meta.main) await writePlugin();
