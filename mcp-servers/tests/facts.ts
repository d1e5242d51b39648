/** What is looked at in a repository to find its tests: read once, then everything is decided without I/O. */
import type { Dirent } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { readFrontdeskYaml, type ReadYaml } from '../kit/frontdesk-yaml.ts';
import { readBounded } from '../kit/read-bounded.ts';

const packageSchema = z.object({
  scripts: z.record(z.string(), z.string()).catch({}).default({}),
  dependencies: z.record(z.string(), z.unknown()).catch({}).default({}),
  devDependencies: z.record(z.string(), z.unknown()).catch({}).default({}),
});

export interface PackageFacts {
  readonly scripts: Readonly<Record<string, string>>;
  /** Names. */
  readonly dependencies: readonly string[];
  readonly devDependencies: readonly string[];
}

export interface RepositoryFacts {
  readonly folder: string;
  /** Relative, with `/`; without dependencies, build output and hidden folders. */
  readonly files: readonly string[];
  /** null: there is none, or it cannot be read. */
  readonly package: PackageFacts | null;
  /** Content by relative path: configuration, and the first of the test files. */
  readonly texts: Readonly<Record<string, string>>;
  /** Of {@link lookedFor}, those that are there. */
  readonly present: ReadonlySet<string>;
  readonly yaml: ReadYaml;
}

/** Not in a listing of sources, but they tell what is installed. */
const lookedFor = ['node_modules', '.venv/bin/python', 'venv/bin/python', 'mvnw'] as const;

const configuration = [
  'package-lock.json',
  'pytest.ini',
  'pyproject.toml',
  'setup.cfg',
  'tox.ini',
  'requirements.txt',
  'requirements-dev.txt',
  'go.mod',
  'pom.xml',
];

export const pythonTest = /(^|\/)(test_[^/]*|[^/]*_test)\.py$/;

/** As `node --test` looks for them. */
export const scriptTest =
  /((\.|-|_)test|(^|\/)test(-[^/]+)?|(^|\/)tests?\/([^/]+\/)*[^/]+\.(test|spec))\.[cm]?[jt]s$/;

/** Neither sources nor tests of the repository itself. */
const passedOver =
  /^(\..+|node_modules|venv|target|dist|build|out|vendor|coverage|__pycache__|bower_components)$/;

const maxFiles = 20_000;
const maxDepth = 12;
/** Enough of a file to see what it imports. */
const maxText = 64 * 1024;
const maxTests = 50;
/** Bytes; what is larger (a lock file of thousands of packages may be) is not looked into. */
const maxConfig = 16 * 1024 * 1024;

/** @param folder absolute, of a repository's worktree. What cannot be read is as if it were not there. */
export async function readFacts(folder: string): Promise<RepositoryFacts> {
  const files = await listFiles(folder);
  const python = files.filter((file) => pythonTest.test(file));
  const script = files.filter((file) => scriptTest.test(file));
  const wanted = [
    ...configuration.filter((name) => files.includes(name)),
    ...python.slice(0, maxTests),
    ...script.slice(0, maxTests),
  ];
  const texts: Record<string, string> = {};
  for (const name of wanted) texts[name] = await readText(folder, name);
  const present = new Set<string>();
  for (const name of lookedFor) if (await isThere(path.join(folder, name))) present.add(name);
  const yaml = await readFrontdeskYaml(folder);
  return { folder, files, package: await readPackage(folder, files), texts, present, yaml };
}

async function listFiles(folder: string): Promise<string[]> {
  const found: string[] = [];
  const visit = async (relative: string, depth: number): Promise<void> => {
    const entries = await readdir(path.join(folder, relative), { withFileTypes: true }).catch(
      (): Dirent[] => [],
    );
    for (const entry of entries) {
      if (found.length >= maxFiles) return;
      const name = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (entry.isFile()) found.push(name);
      else if (entry.isDirectory() && depth < maxDepth && !passedOver.test(entry.name))
        await visit(name, depth + 1);
    }
  };
  await visit('', 0);
  return found.toSorted();
}

async function readPackage(folder: string, files: readonly string[]): Promise<PackageFacts | null> {
  if (!files.includes('package.json')) return null;
  try {
    const text = await readBounded(path.join(folder, 'package.json'), { within: folder, most: maxConfig });
    const { scripts, dependencies, devDependencies } = packageSchema.parse(JSON.parse(text ?? ''));
    return {
      scripts,
      dependencies: Object.keys(dependencies),
      devDependencies: Object.keys(devDependencies),
    };
  } catch {
    return null;
  }
}

async function readText(folder: string, name: string): Promise<string> {
  const text = await readBounded(path.join(folder, name), { within: folder, most: maxConfig });
  return (text ?? '').slice(0, maxText);
}

async function isThere(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  );
}
