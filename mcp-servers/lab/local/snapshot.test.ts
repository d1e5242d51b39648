import { execFile } from 'node:child_process';
import { appendFile, chmod, mkdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LabFailure } from '../../kit/lab.ts';
import { createGround } from './ground.harness.ts';
import { takeSnapshot } from './snapshot.ts';

async function createBench(contents: Readonly<Record<string, string>>) {
  const ground = await createGround(contents, process.env);
  onTestFinished(() => ground[Symbol.asyncDispose]());
  const env = { PATH: process.env['PATH'] ?? '' };
  const git = (...args: string[]) => promisify(execFile)('git', args, { cwd: ground.repository });
  const at = (name: string) => ({
    folder: path.join(ground.folder, name),
    manifest: path.join(ground.folder, `${name}.json`),
  });
  const take = async (name: string, before?: string, signal = new AbortController().signal) => {
    const { folder: to, manifest } = at(name);
    await mkdir(to);
    return await takeSnapshot({
      from: ground.repository,
      to,
      manifest,
      before: before === undefined ? null : at(before),
      env,
      signal,
    });
  };
  // A snapshot taken within the same moment as a change cannot tell them apart, and copies.
  const age = async (...names: string[]) => {
    for (const name of names) await utimes(path.join(ground.repository, name), 1e9, 1e9);
  };
  return { ground, git, take, age, read: (name: string) => readFile(path.join(ground.folder, name), 'utf8') };
}

describe('a snapshot of a worktree', () => {
  it('LAB-2: only what changed is copied, and the digest follows the content alone', async () => {
    const bench = await createBench({ 'a.txt': 'a', 'dir/b.txt': 'b' });
    await bench.age('a.txt', 'dir/b.txt');
    const first = await bench.take('one');
    expect(first).toMatchObject({ files: 2, copied: 2, notes: [] });
    const same = await bench.take('two', 'one');
    expect(same).toMatchObject({ copied: 0, digest: first.digest });
    await bench.ground.write({ 'a.txt': 'A' });
    const changed = await bench.take('three', 'two');
    expect(changed.copied).toBe(1);
    expect(changed.digest).not.toBe(first.digest);
    expect([await bench.read('three/a.txt'), await bench.read('three/dir/b.txt')]).toEqual(['A', 'b']);
    await bench.ground.write({ 'a.txt': 'a' });
    expect((await bench.take('four', 'three')).digest).toBe(first.digest);
  });

  it('LAB-2: what an app has changed in its own folder is not used again', async () => {
    const bench = await createBench({ 'a.txt': 'a' });
    await bench.age('a.txt');
    const first = await bench.take('one');
    await appendFile(path.join(bench.ground.folder, 'one/a.txt'), ' changed by the app');
    expect(await bench.take('two', 'one')).toMatchObject({ copied: 1, digest: first.digest });
    expect(await bench.read('two/a.txt')).toBe('a');
  });

  it('LAB-2: a folder that a link to another place has replaced brings nothing of that place', async () => {
    const bench = await createBench({ 'conf/token': 'ours', 'src/a.txt': 'a', 'lib/a.txt': 'old' });
    await bench.git('add', '-A');
    const secrets = path.join(bench.ground.folder, 'secrets');
    await mkdir(secrets);
    await writeFile(path.join(secrets, 'token'), 'of the service');
    await rm(path.join(bench.ground.repository, 'conf'), { recursive: true });
    await symlink(secrets, path.join(bench.ground.repository, 'conf'));
    await rm(path.join(bench.ground.repository, 'lib'), { recursive: true });
    await symlink('src', path.join(bench.ground.repository, 'lib'));
    const { notes } = await bench.take('one');
    expect(notes).toEqual(['conf was left out: it links to a place outside of the repository.']);
    await expect(bench.read('one/conf/token')).rejects.toThrow('ENOENT');
    expect(await bench.read('one/lib/a.txt')).toBe('a');
  });

  it('LAB-2: deleted files are left out, new ones are in, and a program stays one', async () => {
    const bench = await createBench({
      'gone.txt': 'x',
      run: '#!/bin/sh\n',
      '.gitignore': 'ignored\n',
      ignored: 'x',
    });
    await chmod(path.join(bench.ground.repository, 'run'), 0o755);
    await bench.git('add', '.');
    await rm(path.join(bench.ground.repository, 'gone.txt'));
    await bench.ground.write({ 'new.txt': 'n' });
    const { hashes } = await bench.take('one');
    expect([...hashes.keys()].sort()).toEqual(['.gitignore', 'new.txt', 'run']);
    expect((await stat(path.join(bench.ground.folder, 'one/run'))).mode & 0o111).not.toBe(0);
  });

  it('LAB-2: a large file is copied whole', async () => {
    const bench = await createBench({ 'large.bin': 'x'.repeat(3 * 1024 * 1024) });
    await bench.take('one');
    expect(await bench.read('one/large.bin')).toHaveLength(3 * 1024 * 1024);
  });

  it('LAB-4: a folder that is no worktree, and an end in the middle, are said', async () => {
    const bench = await createBench({ 'a.txt': 'a' });
    await expect(
      bench.take(
        'late',
        undefined,
        AbortSignal.abort(new LabFailure({ kind: 'cancelled', text: 'x', fix: 'y' })),
      ),
    ).rejects.toThrow(LabFailure);
    await rm(path.join(bench.ground.repository, '.git'), { recursive: true });
    await writeFile(path.join(bench.ground.repository, '.git'), 'gitdir: /nowhere\n');
    await expect(bench.take('one')).rejects.toMatchObject({
      reason: { kind: 'config', text: expect.stringContaining('not a git repository') },
    });
  });
});
