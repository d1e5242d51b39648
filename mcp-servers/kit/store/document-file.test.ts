import { execFileSync } from 'node:child_process';
import { mkdtempDisposable, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readIfThere } from './document-file.ts';

describe('reading a document', () => {
  it('WS-3: what a program put in its place is not waited for and does not fill the memory', async () => {
    await using folder = await mkdtempDisposable(path.join(tmpdir(), 'frontdesk-document-'));
    const at = (name: string) => path.join(folder.path, name);
    execFileSync('mkfifo', [at('pipe')]);
    await symlink('/dev/zero', at('device'));
    await writeFile(at('huge'), '');
    await truncate(at('huge'), 8 * 1024 ** 3);
    await expect(readIfThere(at('pipe'))).rejects.toThrow('is no plain file');
    await expect(readIfThere(at('device'))).rejects.toThrow('is no plain file');
    await expect(readIfThere(folder.path)).rejects.toThrow('is no plain file');
    await expect(readIfThere(at('huge'))).rejects.toThrow('is larger than');
    await writeFile(at('plain'), 'ä');
    await symlink(at('plain'), at('link'));
    expect(await readIfThere(at('plain'))).toBe('ä');
    expect(await readIfThere(at('link'))).toBe('ä');
    expect(await readIfThere(at('none'))).toBeNull();
    // Of no size, they say.
    expect(await readIfThere('/proc/self/stat')).toContain(String(process.pid));
  });
});
