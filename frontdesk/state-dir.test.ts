import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { prepareStateDir } from './state-dir.ts';

describe('the state folder', () => {
  it('OP-5: is made, and left as it was', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'state-dir-'));
    try {
      await prepareStateDir(join(dir, 'a', 'b'));
      expect(await readdir(join(dir, 'a', 'b'))).toEqual([]);
    } finally {
      await rm(dir, { recursive: true });
    }
  });

  it('OP-5: one that cannot be written is named, with what to do', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'state-dir-'));
    const inFile = join(dir, 'file', 'state');
    try {
      await writeFile(join(dir, 'file'), '');
      await expect(prepareStateDir(inFile)).rejects.toMatchObject({
        code: 'state_unwritable',
        advice: expect.stringContaining(`cannot be written. ${inFile}: ENOTDIR`),
      });
    } finally {
      await rm(dir, { recursive: true });
    }
  });
});
