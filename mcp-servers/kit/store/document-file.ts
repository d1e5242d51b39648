import { randomUUID } from 'node:crypto';
import { constants, mkdir, open, rename, unlink } from 'node:fs/promises';
import path from 'node:path';
import { type Adapter, Low } from 'lowdb';

/** The text of one document on disk, through lowdb. */
export interface DocumentFile {
  /** @returns null when there is no file. */
  read(): Promise<string | null>;
  /** Resolves when text and folder entry are on the disk; readers see the old text or the new, never a part. */
  write(text: string): Promise<void>;
  remove(): Promise<void>;
}

/** Far above any document; what is larger would be held in memory whole. */
const mostBytes = 64 * 1024 * 1024;

/** lowdb keeps `data` unchanged when an adapter reads something falsy, hence a box: an empty file is not a missing one. */
type Box = { readonly text: string };

/**
 * The one door to lowdb. Its own JSONFile renames atomically but syncs neither file nor folder, so after a power
 * cut the document could be empty; our adapter syncs both.
 * @param file absolute path of the document
 * @param scratch folder for temporary files, on the same file system
 */
export function createDocumentFile(file: string, scratch: string): DocumentFile {
  const adapter: Adapter<Box | null> = {
    read: async () => {
      const text = await readIfThere(file);
      return text === null ? null : { text };
    },
    write: async (box) => {
      if (box) await writeDurably(file, box.text, scratch);
    },
  };
  const low = new Low<Box | null>(adapter, null);
  return {
    read: async () => {
      low.data = null;
      await low.read();
      const box = low.data as Box | null;
      low.data = null;
      return box?.text ?? null;
    },
    write: async (text) => {
      low.data = { text };
      try {
        await low.write();
      } finally {
        low.data = null;
      }
    },
    remove: async () => {
      await unlink(file).catch(ignoreMissing);
      await syncFolder(path.dirname(file)).catch(ignoreMissing);
    },
  };
}

/** Temporary file, fsync, rename, fsync of the folder. A failed attempt leaves no temporary file behind. */
async function writeDurably(file: string, text: string, scratch: string): Promise<void> {
  const temporary = path.join(scratch, randomUUID());
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    try {
      await rename(temporary, file);
    } catch (error) {
      if (!isMissing(error)) throw error;
      await makeFolder(path.dirname(file));
      await rename(temporary, file);
    }
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
  await syncFolder(path.dirname(file));
}

/** Makes a folder and its parents, and syncs the entry of each one made. */
export async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = path.dirname(made)) {
    await syncFolder(path.dirname(made));
  }
}

/** Puts a folder's entries on the disk: a rename survives a power cut only after this. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * @returns null when there is no file
 * @throws Error when it is none of ours: coding agents can write where some of these files are, and a pipe would be waited for
 *   for ever, a device never ends
 */
export async function readIfThere(file: string): Promise<string | null> {
  try {
    await using handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const found = await handle.stat();
    if (!found.isFile()) throw new Error(`${file} is no plain file`);
    if (found.size > mostBytes) throw new Error(`${file} is larger than ${mostBytes} bytes`);
    return await handle.readFile('utf8');
  } catch (error) {
    ignoreMissing(error);
    return null;
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

function ignoreMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}
