import { z } from 'zod';

const packageSchema = z.looseObject({
  version: z.string().optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});
const lockSchema = z.object({ packages: z.record(z.string(), packageSchema) });

/**
 * Adds entries for optional packages of other platforms that a registry mirror did not have when the lock was written. npm
 * leaves those out without a word, and `npm ci` then refuses the lock, everywhere.
 * @returns the completed lock as text, and the paths that were missing
 */
export function completeLock(text: string): { readonly text: string; readonly added: readonly string[] } {
  const raw = JSON.parse(text) as Record<string, unknown>;
  const packages = { ...lockSchema.parse(raw).packages };
  const added: string[] = [];
  // Those nearest to the root first: what they need goes to the top, another version below who needs it.
  const byDepth = Object.entries(packages).toSorted(([a], [b]) => depth(a) - depth(b));
  for (const [path, { optionalDependencies = {} }] of byDepth) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (!/^\d+\.\d+\.\d+/.test(version) || findFrom(packages, path, name)?.version === version) continue;
      const top = `node_modules/${name}`;
      const at = packages[top] === undefined ? top : `${holderOf(path)}${top}`;
      packages[at] = { version, optional: true, ...platformOf(name) };
      added.push(at);
    }
  }
  const sorted = Object.fromEntries(Object.entries(packages).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return { text: `${JSON.stringify({ ...raw, packages: sorted }, null, 2)}\n`, added };
}

function depth(path: string): number {
  return path.split('node_modules/').length;
}

/** `node_modules/a/` for `node_modules/a/node_modules/b`; '' at the top. */
function holderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('node_modules/'));
}

/** As Node looks a package up: beside, then in every folder above. */
function findFrom(
  packages: Readonly<Record<string, { version?: string | undefined }>>,
  from: string,
  name: string,
) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const found = packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`];
    if (found !== undefined || folder === '') return found;
  }
}

/** From names such as `opencode-linux-x64-musl` or `@oxlint/binding-win32-arm64-msvc`. */
function platformOf(name: string): { os?: string[]; cpu?: string[]; libc?: string[] } {
  const os = /darwin|linux|win32|windows|android|freebsd|openharmony/
    .exec(name)?.[0]
    ?.replace('windows', 'win32');
  const cpu = /arm64|x64|ia32|ppc64|riscv64|s390x|arm/.exec(name)?.[0];
  const libc =
    os !== 'linux' ? undefined : /musl/.test(name) ? 'musl' : /gnu/.test(name) ? 'glibc' : undefined;
  return {
    ...(cpu === undefined ? {} : { cpu: [cpu] }),
    ...(libc === undefined ? {} : { libc: [libc] }),
    ...(os === undefined ? {} : { os: [os] }),
  };
}
