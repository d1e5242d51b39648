import { mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { syncFolder } from './document-file.ts';

export interface DamagedFile {
  readonly collection: string;
  /** The document's id; the file's name where the id can no longer be told. */
  readonly id: string;
  /** Absolute path of where the file is now. */
  readonly movedTo: string;
  readonly reason: string;
}

/**
 * Moves a file that cannot be read to `<dir>/damaged/<collection>/<name>-<time>`, for a person to look at.
 * @returns its new path
 */
export async function setAside(dir: string, collection: string, file: string): Promise<string> {
  const time = new Date().toISOString().replaceAll(':', '');
  const movedTo = path.join(dir, 'damaged', collection, `${path.basename(file)}-${time}`);
  await mkdir(path.dirname(movedTo), { recursive: true, mode: 0o700 });
  await rename(file, movedTo);
  await syncFolder(path.dirname(movedTo));
  await syncFolder(path.dirname(file));
  return movedTo;
}
