import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import type { Log } from '../../mcp-servers/kit/log.ts';
import { openLock } from '../../mcp-servers/kit/store/lock.ts';

/**
 * Makes this service the only one at work in a workspace root, until disposed: two with a state folder each would take back what
 * the other makes, and write over its state files. The lock is in `<root>/.builders/.lock/`.
 * @throws FrontdeskError `root_locked` naming process and host of the other
 */
export async function lockRoot(root: string, log: Log): Promise<AsyncDisposable> {
  const dir = join(root, '.builders', '.lock');
  await mkdir(dir, { recursive: true });
  try {
    return await openLock({ dir, log });
  } catch (error) {
    if (!(error instanceof FrontdeskError) || error.code !== 'state_locked') throw error;
    throw new FrontdeskError('root_locked', error.detail, { cause: error });
  }
}
