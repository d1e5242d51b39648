import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readFrontdeskYaml } from './frontdesk-yaml.ts';
import { readBounded } from './read-bounded.ts';

describe('files that others wrote', () => {
  let base: string;
  let folder: string;
  beforeEach(async () => {
    base = await mkdtemp(path.join(tmpdir(), 'frontdesk-bounded-'));
    folder = path.join(base, 'repository');
    await mkdir(folder);
  });
  afterEach(() => rm(base, { recursive: true, force: true }));
  const read = (name: string) => readBounded(path.join(folder, name), { within: folder, most: 100 });

  it('OUT-3: reads what is there, also by a link inside', async () => {
    await writeFile(path.join(folder, 'a.txt'), 'hällo');
    await symlink('a.txt', path.join(folder, 'b.txt'));
    await writeFile(path.join(folder, 'empty'), '');
    expect(await read('a.txt')).toBe('hällo');
    expect(await read('b.txt')).toBe('hällo');
    expect(await read('empty')).toBe('');
  });

  it.each<[string, () => Promise<void>]>([
    ['nothing', async () => {}],
    ['a folder', () => mkdir(path.join(folder, 'x'))],
    ['a device without end', () => symlink('/dev/zero', path.join(folder, 'x'))],
    ['the environment of the service', () => symlink('/proc/self/environ', path.join(folder, 'x'))],
    [
      'a file beside the folder',
      async () => {
        await writeFile(path.join(base, 'repository-secret'), 'token');
        await symlink('../repository-secret', path.join(folder, 'x'));
      },
    ],
    ['a pipe that nobody writes to', async () => void execFileSync('mkfifo', [path.join(folder, 'x')])],
    [
      'more than is wanted',
      async () => {
        await writeFile(path.join(folder, 'x'), '');
        await truncate(path.join(folder, 'x'), 4 * 1024 ** 3);
      },
    ],
  ])('OUT-3: does not read %s', async (_, make) => {
    await make();
    expect(await read('x')).toBeNull();
  });

  it('LAB-2: a .frontdesk.yaml that is a device or of somebody else is a problem in words', async () => {
    const problem = '.frontdesk.yaml cannot be read: it must be a file of at most 256 kB in the repository.';
    expect(await readFrontdeskYaml(folder)).toEqual({ ok: true, settings: {} });
    for (const target of ['/dev/zero', '/proc/self/environ', '/nonexistent']) {
      await symlink(target, path.join(folder, '.frontdesk.yaml'));
      expect([target, await readFrontdeskYaml(folder)]).toEqual([target, { ok: false, problem }]);
      await rm(path.join(folder, '.frontdesk.yaml'));
    }
  });
});
