import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { FrontdeskError } from '../../kit/errors.ts';

/** Where a repository's worktrees come from. */
export type Source = { readonly name: string } & (
  | {
      /** A clone of the person's; worktrees are added to it. */ readonly kind: 'clone';
      readonly folder: string;
    }
  | { /** Only named; a task of the person's knows where it is. */ readonly kind: 'named' }
  | {
      /** Cloned by us first, as it cannot or should not be worked in. */ readonly kind: 'remote';
      readonly address: string;
    }
);

/** A name that can be a folder and nothing else. */
const namePattern = /^(?!\.)[A-Za-z0-9._-]{1,100}$/;

/** The last part of a path or address, without `.git`; '' when there is none that can be a folder. */
export function nameOfRepository(written: string): string {
  const last =
    written
      .replace(/[/\\]+$/, '')
      .split(/[/\\:]/)
      .at(-1) ?? '';
  const name = last.replace(/\.git$/, '');
  return namePattern.test(name) ? name : '';
}

function isPlainName(written: string): boolean {
  return namePattern.test(written);
}

/** Git's transports that run no program of somebody's choosing (`ext::`), and options (`-…`) are none. */
function isAddress(written: string): boolean {
  return (
    /^(https?|ssh|git|file):\/\/[^-]/.test(written) ||
    /^[A-Za-z0-9_.][\w.-]*@?[\w.-]*:(?!:|\/\/)[^\s-]/.test(written)
  );
}

/** Clones and bare repositories directly below the repositories folder, by name. */
async function scanRepositories(folder: string): Promise<Source[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries.filter(({ name }) => !name.startsWith('.')).map(({ name }) => lookAt(path.join(folder, name))),
  );
  return found.filter((source) => source !== null).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** @returns null when the folder is no repository */
async function lookAt(folder: string): Promise<Source | null> {
  const name = nameOfRepository(folder);
  if (name === '') return null;
  if (await exists(path.join(folder, '.git'))) return { name, kind: 'clone', folder };
  const bare = (await exists(path.join(folder, 'HEAD'))) && (await exists(path.join(folder, 'objects')));
  return bare ? { name, kind: 'remote', address: folder } : null;
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => null)) !== null;
}

/** @returns the source an entry of the list or of config stands for; null for a name, to be looked up among folders */
async function resolveWritten(written: string): Promise<Source | null> {
  const name = nameOfRepository(written);
  if (path.isAbsolute(written)) {
    const found = name === '' ? null : await lookAt(path.resolve(written));
    if (found) return found;
    throw new FrontdeskError('workspace_invalid', `${written} is not a git repository.`);
  }
  if (isPlainName(written)) return null;
  if (name !== '' && isAddress(written)) return { name, kind: 'remote', address: written };
  throw new FrontdeskError(
    'workspace_invalid',
    `"${written}" is neither a repository's name, path nor address.`,
  );
}

export interface ResolveRequest {
  /** Names asked for; none = all `listed`. */
  readonly wanted: readonly string[];
  /** As written for this project. */
  readonly listed: readonly string[];
  /** As written for other projects; they count after this project's own and the folders. */
  readonly others: readonly string[];
  readonly repositoriesFolder: string;
  /** Names on the list need no folder: a task of the person's finds them. */
  readonly byName: boolean;
}

/**
 * Finds the repositories of a request, in its order, each once.
 * @throws FrontdeskError workspace_invalid naming the unknown one and those known
 */
export async function resolveSources(request: ResolveRequest): Promise<Source[]> {
  const folders = await scanRepositories(request.repositoriesFolder);
  const byFolder = new Map(folders.map((source) => [source.name, source]));
  const wanted = request.wanted.length > 0 ? request.wanted : request.listed.map(nameOrSelf);
  const names = [...new Set(wanted.map((each) => each.trim()).filter(Boolean))];
  if (names.length === 0) {
    throw new FrontdeskError(
      'workspace_invalid',
      `Say which repositories. ${describeKnown(request, folders)}`,
    );
  }
  return await Promise.all(
    names.map(async (name) => {
      const own = request.listed.find((written) => nameOrSelf(written) === name && written !== name);
      const other = request.others.find((written) => nameOrSelf(written) === name && written !== name);
      const listed = own ?? (byFolder.has(name) ? undefined : other);
      const source =
        listed === undefined ? byFolder.get(name) : ((await resolveWritten(listed)) ?? byFolder.get(name));
      if (source) return source;
      const written = [...request.listed, ...request.others];
      if (request.byName && isPlainName(name) && written.includes(name)) return { name, kind: 'named' };
      const detail = `Repository "${name.slice(0, 80)}" is not known. ${describeKnown(request, folders)}`;
      throw new FrontdeskError('workspace_invalid', detail);
    }),
  );
}

function nameOrSelf(written: string): string {
  return nameOfRepository(written) || written;
}

function describeKnown(
  { listed, others, repositoriesFolder }: ResolveRequest,
  folders: readonly Source[],
): string {
  const elsewhere = [...listed, ...others].filter((written) => !isPlainName(written)).map(nameOrSelf);
  const known = [...new Set([...folders.map(({ name }) => name), ...elsewhere])].sort();
  return known.length > 0
    ? `Known: ${known.slice(0, 40).join(', ')}${known.length > 40 ? ' …' : ''}.`
    : `None is known: put clones into ${repositoriesFolder}, or addresses into .ai/projectlist.md.`;
}
