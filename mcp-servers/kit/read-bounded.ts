import { constants, open, realpath } from 'node:fs/promises';
import path from 'node:path';

/**
 * The text of a file that an agent, or a program it wrote, left for us: a regular one inside `within`, of at most `most`
 * bytes. What is none of that is null, and costs nothing: a link to another place (`/proc/…/environ`), a device without end,
 * a pipe that nobody writes to, a file that is missing or grows.
 * @param o.within absolute folder
 */
export async function readBounded(
  file: string,
  { within, most }: { readonly within: string; readonly most: number },
): Promise<string | null> {
  try {
    const [real, root] = await Promise.all([realpath(file), realpath(within)]);
    if (!real.startsWith(root === path.sep ? root : root + path.sep)) return null;
    // Not blocked by a pipe, and not by what takes its place after the look.
    const handle = await open(real, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    try {
      const found = await handle.stat();
      if (!found.isFile() || found.size > most) return null;
      const buffer = Buffer.alloc(found.size);
      const { bytesRead } = await handle.read(buffer, 0, found.size, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch {
    return null;
  }
}
