/** What an install made, for the deploys after it: a folder that follows from a few files, by what those hold. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, stat, symlink } from 'node:fs/promises';
import path from 'node:path';
import type { AppPlan } from '../../kit/lab.ts';
import type { Place } from './places.ts';

export interface Reuse {
  /** Name in `kept/`; '' for none. */
  readonly key: string;
  /** It is there and in place: there is nothing to install. */
  readonly isThere: boolean;
  readonly keep: { readonly folder: string; readonly to: string } | null;
}

/** Puts what an earlier install made in its place, where that follows from the same files. */
export async function reuseInstall(
  { reuse, install }: Pick<AppPlan, 'reuse' | 'install'>,
  place: Place,
  hashes: ReadonlyMap<string, string>,
): Promise<Reuse> {
  if (reuse === null || install.length === 0) return { key: '', isThere: false, keep: null };
  const hash = createHash('sha256').update(JSON.stringify([process.version, install]));
  for (const name of reuse.from) hash.update(`\0${name}\0${hashes.get(name) ?? ''}`);
  const key = hash.digest('hex').slice(0, 16);
  const to = path.join(place.kept, key, reuse.folder);
  const keep = { folder: reuse.folder, to };
  if ((await stat(to).catch(() => null)) === null) return { key, isThere: false, keep };
  const link = path.join(place.app, reuse.folder);
  await mkdir(path.dirname(link), { recursive: true });
  try {
    await symlink(to, link);
  } catch {
    // The repository brings its own.
    return { key: '', isThere: false, keep: null };
  }
  return { key, isThere: true, keep: null };
}

/** Removes what no deployment of these keys uses. */
export async function forgetOthers(place: Place, keys: readonly string[]): Promise<void> {
  for (const name of await readdir(place.kept).catch(() => []))
    if (!keys.includes(name)) await rm(path.join(place.kept, name), { recursive: true, force: true });
}
