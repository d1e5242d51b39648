import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ask, createGround, git, never, quiet, writeFiles } from '../../support/git-ground.ts';
import { mountSmallDisk } from '../../support/small-disk.ts';

/** 2 MB that do not compress to nothing. */
const bulk = Array.from(
  { length: 20_000 },
  (_, index) => `${(index * 2654435761) % 4294967296}-${index}`,
).join('\n');

describe('a full disk', () => {
  it('WS-2: is told in words, leaves nothing half-made and loses nothing', async () => {
    const disk = await mountSmallDisk({ megabytes: 16 });
    if (disk === null) {
      // Only root can mount; everywhere else git's own words stand for it (git/run.test.ts).
      console.warn('⚠️ No small disk can be mounted here; the full disk was not tested.');
      return;
    }
    await using _ = disk;
    await using ground = await createGround(disk.folder);
    const api = await ground.addRepository('api', { 'bulk.txt': bulk });
    const workspaces = await ground.open();
    for (const kilobytes of [0, 8, 40, 120, 300]) {
      await disk.fill(kilobytes);
      await expect(workspaces.create(ask('X'), quiet, never)).rejects.toThrow('the disk is full');
      await disk.empty();
      expect(await readdir(ground.builders)).toEqual([]);
      expect(await git(api, 'branch', '--format=%(refname:short)')).toBe('main');
      expect((await git(api, 'worktree', 'list')).split('\n')).toHaveLength(1);
    }

    const { info } = await workspaces.create(ask('X'), quiet, never);
    const worktree = path.join(info.folder, 'repos/api');
    await writeFiles(worktree, { 'more.txt': `${bulk.slice(0, 200_000)}\n` });
    await disk.fill(0);
    const update = workspaces.updateState(info.name, (state) => ({ ...state, title: 'Y' }));
    await expect(update).rejects.toThrow('the disk is full');
    expect(workspaces.get(info.name).state.title).toBe('X');
    await expect(workspaces.reset(info.name)).rejects.toThrow('the disk is full');
    await expect(workspaces.cleanup(info.name)).rejects.toThrow('the disk is full');
    expect(await readdir(worktree)).toContain('more.txt');
    await disk.empty();

    expect((await ground.open()).get(info.name).state.title).toBe('X');
    await workspaces.updateState(info.name, (state) => ({ ...state, title: 'Y' }));
    expect(await workspaces.reset(info.name)).toHaveLength(1);
  });
});
