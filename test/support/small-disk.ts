import { execFile } from 'node:child_process';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const exec = promisify(execFile);

/**
 * A disk of a few MB, for tests.
 * @param o.over an existing folder it hides while it is there; default: one of its own
 * @returns null where this user may not mount one
 */
export async function mountSmallDisk({ megabytes, over }: { megabytes: number; over?: string }) {
  const folder = over ?? (await mkdtemp(path.join(tmpdir(), 'frontdesk-disk-')));
  const removeFolder = async () => await (over === undefined ? rm(folder, { recursive: true }) : undefined);
  try {
    await exec('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'none', folder]);
  } catch {
    await removeFolder();
    return null;
  }
  return {
    folder,
    /** Leaves about `kilobytes` free. */
    async fill(kilobytes: number) {
      const { bavail, bsize } = await statfs(folder);
      const ballast = Buffer.alloc(Math.max(0, bavail * bsize - kilobytes * 1024), 1);
      await writeFile(path.join(folder, 'ballast'), ballast).catch((error: NodeJS.ErrnoException) => {
        // Whoever works there wrote meanwhile: then it is full with less.
        if (error.code !== 'ENOSPC') throw error;
      });
    },
    empty: () => rm(path.join(folder, 'ballast'), { force: true }),
    /** From now on nothing can be written there. @throws while a file there is open for writing */
    freeze: () => exec('mount', ['-o', 'remount,ro', folder]),
    thaw: () => exec('mount', ['-o', 'remount,rw', folder]),
    async [Symbol.asyncDispose]() {
      await exec('umount', ['-l', folder]);
      await removeFolder();
    },
  };
}
