import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { enclose, findEnclosure, findGitEnclosure, renderLauncher } from './enclosure.ts';

const run = promisify(execFile);

describe('the enclosure of the local host', () => {
  it('runs the program itself where nothing can be enclosed', async () => {
    expect(await enclose('/bin/opencode', [], '/nowhere')).toBe('/bin/opencode');
  });

  it('names the binary whatever its path holds', () => {
    expect(renderLauncher(['unshare', '--pid', '--'], "/a b/o'c")).toContain(`sh '/a b/o'\\''c' "$@"`);
  });

  it('hides other processes, passes arguments and the exit code', async () => {
    const enclosure = await findEnclosure();
    const folder = await mkdtemp(join(tmpdir(), 'enclosure-'));
    const launcher = await enclose('/bin/sh', enclosure, join(folder, 'run.sh'));
    const { stdout } = await run(launcher, [
      '-c',
      'echo "$0 $1"; test -e "/proc/$2" && echo seen',
      'a',
      'b c',
      `${process.pid}x`,
    ]).catch((error: { stdout: string }) => error);
    expect(stdout).toBe('a b c\n');
    const visible = await run(launcher, ['-c', `tr '\\0' ' ' < /proc/${process.pid}/cmdline`]).then(
      (result) => result.stdout.includes(process.title) || result.stdout.includes('node'),
      () => false,
    );
    expect(visible).toBe(enclosure.length === 0);
    await expect(run(launcher, ['-c', 'exit 7'])).rejects.toMatchObject({ code: 7 });
    await rm(folder, { recursive: true });
  });

  it.each([
    ['ssh reads its settings in it', 0, true],
    ['ssh refuses them', 255, false],
    ['there is no ssh', 127, true],
  ])('WS-5: git is enclosed unless it could not push from there: %s', async (_, code, isEnclosed) => {
    const folder = await mkdtemp(join(tmpdir(), 'enclosure-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'ssh'), `#!/bin/sh\nexit ${code}\n`, { mode: 0o755 });
    const PATH = `${folder}:/usr/sbin:/usr/bin:/sbin:/bin`;
    expect(await findGitEnclosure({ PATH })).toEqual(isEnclosed ? await findEnclosure() : []);
  });
});
