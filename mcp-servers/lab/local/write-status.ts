import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type KeeperStatus, statusFile } from './spec.ts';

/** Replaced as a whole: a reader finds the one before or this one. */
export function writeStatus(root: string, status: KeeperStatus): void {
  const file = path.join(root, statusFile);
  writeFileSync(`${file}.new`, JSON.stringify(status), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
