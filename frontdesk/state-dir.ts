import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError, FrontdeskError } from '../mcp-servers/kit/errors.ts';

/** Enough that a full disk refuses it. */
const probe = 'x'.repeat(4096);

/**
 * Makes the state folder where it is not there, and proves that it can be written: nothing may be begun that cannot be kept.
 * @throws FrontdeskError state_unwritable: the disk is full, mounted read-only, or somebody else's
 */
export async function prepareStateDir(dir: string): Promise<void> {
  const file = join(dir, `.writable-${process.pid}`);
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await writeFile(file, probe);
  } catch (error) {
    throw new FrontdeskError('state_unwritable', `${dir}: ${describeError(error)}.`, { cause: error });
  } finally {
    await rm(file, { force: true }).catch(() => {});
  }
}
