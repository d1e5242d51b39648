import { detectNodeBuild, readBuildScript } from './node.ts';
import type { Runtime } from './runtime.ts';

/** What is known to be made by a build, by a word of its script. */
const makes: readonly (readonly [word: RegExp, folder: string])[] = [
  [/\b(vite|astro|parcel|rollup|tsup)\b/, 'dist'],
  [/\breact-scripts\b/, 'build'],
];
const folders = ['.', 'public', 'site', 'www', 'docs'];

export const staticRuntime: Runtime = {
  name: 'static',
  async detect(view) {
    const script = await readBuildScript(view);
    const [, built] = makes.find(([word]) => word.test(script)) ?? [];
    if (built !== undefined) return { ...(await detectNodeBuild(view)), start: [], serve: built };
    for (const folder of folders) {
      const page = folder === '.' ? 'index.html' : `${folder}/index.html`;
      if ((await view.read(page)) !== null) return { start: [], serve: folder };
    }
    return null;
  },
};
