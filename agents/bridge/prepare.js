/**
 * npm's `prepare`: makes plugin.js where that can be done. An installation without the development dependencies (`npm ci --omit=dev`)
 * has no bundler, and perhaps no Node that runs TypeScript; it must not fail for that. Plain JavaScript for the same reason.
 */
import { existsSync } from 'node:fs';

/** No bundler; no type stripping. */
const passing = new Set(['ERR_MODULE_NOT_FOUND', 'ERR_UNKNOWN_FILE_EXTENSION']);

try {
  const { writePlugin } = await import('./build.ts');
  await writePlugin();
} catch (error) {
  if (!passing.has(error.code)) throw error;
  const there = existsSync(new URL('plugin.js', import.meta.url));
  process.stderr.write(
    there
      ? 'agents/bridge/plugin.js is kept as it is: the development dependencies, which build it, are not installed.\n'
      : 'agents/bridge/plugin.js is missing, and there are no work sessions without it. The development dependencies build it: ' +
          'run `npm ci` and then `npm prune --omit=dev`, or copy plugin.js from where it was built.\n',
  );
}
