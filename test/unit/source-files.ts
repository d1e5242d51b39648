import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parseSync } from 'oxc-parser';

const root = join(import.meta.dirname, '..', '..');

export interface SourceFile {
  /** From the root of the repository, with `/`. */
  readonly path: string;
  readonly text: string;
  /** Repository paths for relative imports, package names for others (`node:` modules left out). */
  readonly imports: readonly string[];
}

/** All TypeScript and plugin files of the given top-level folders, parsed. Tests are left out unless asked for. */
export function readSources(folders: readonly string[], { tests = false } = {}): SourceFile[] {
  const paths = folders.flatMap((folder) => globSync(`${folder}/**/*.{ts,js}`, { cwd: root }));
  return paths
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => tests || !path.endsWith('.test.ts'))
    .sort()
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      const { module } = parseSync(path, text);
      const specifiers = [
        ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
        ...module.staticExports.flatMap(({ entries }) =>
          entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
        ),
      ];
      return { path, text, imports: specifiers.flatMap((specifier) => resolve(path, specifier)) };
    });
}

function resolve(from: string, specifier: string): string[] {
  if (specifier.startsWith('node:')) return [];
  if (specifier.startsWith('.')) return [posix.join(posix.dirname(from), specifier)];
  const [scope = '', name = ''] = specifier.split('/');
  return [scope.startsWith('@') ? `${scope}/${name}` : scope];
}
