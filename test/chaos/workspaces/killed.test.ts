import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import {
  ask,
  createGround,
  git,
  type Ground,
  gitEnvironment,
  never,
  quiet,
  writeFiles,
} from '../../support/git-ground.ts';
import { findGoTask } from '../../support/go-task.ts';

const name = 'ai-dev-shop-x';
const maker = new URL('./maker.ts', import.meta.url).href;

/** Enough files that checking them out takes a while. */
const manyFiles = Object.fromEntries(
  Array.from({ length: 800 }, (_, index) => [`src/${index % 40}/${index}.txt`, `${index}\n`.repeat(20)]),
);

/** Runs the maker until it has said `line` and `waitMs` more have gone by, then kills it alone, as the kernel would. @returns whether something was half-made */
async function killAt(ground: Ground, programs: string, line: string, waitMs: number): Promise<boolean> {
  const args = [ground.root, programs].map((each) => JSON.stringify(each)).join(', ');
  const program = `const { makeUntilKilled } = await import(${JSON.stringify(maker)}); await makeUntilKilled(${args});`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    env: gitEnvironment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  for await (const said of createInterface({ input: child.stdout })) {
    if (said === 'made') break;
    if (!said.includes(line)) continue;
    setTimeout(() => child.kill('SIGKILL'), waitMs);
  }
  child.kill('SIGKILL');
  await exited;
  return (await readdir(ground.builders)).some((each) => each.startsWith('.making-'));
}

/** After a start nothing half-made is there: all or nothing, and what is there can be worked with. */
async function expectWhole(ground: Ground, api: string, web: string): Promise<boolean> {
  const workspaces = await ground.open({ environment: gitEnvironment });
  const there = workspaces.find(name) !== undefined;
  const names = await readdir(ground.builders);
  expect(names.filter((each) => each !== '.archive')).toEqual(there ? [name] : []);
  for (const repository of [api, web]) {
    const trees = await git(repository, 'worktree', 'list', '--porcelain');
    expect(trees.match(/^worktree /gm)).toHaveLength(there ? 2 : 1);
    expect(trees).not.toMatch(/^(prunable|locked)/m);
    expect(await git(repository, 'for-each-ref', '--format=%(refname:short)', 'refs/heads')).toBe(
      there ? `frontdesk/${name}\nmain` : 'main',
    );
    expect(await git(repository, 'status', '--porcelain')).toBe('');
  }
  const { info, reused } = await workspaces.create(ask('X', { repositories: ['api', 'web'] }), quiet, never);
  expect(reused).toBe(there);
  for (const repository of ['api', 'web']) {
    expect(await git(path.join(info.folder, 'repos', repository), 'status', '--porcelain')).toBe('');
  }
  await workspaces.cleanup(name);
  return there;
}

describe('a maker that is killed', () => {
  it('WS-2: at any moment of own worktrees, leaves all or nothing after the next start', async () => {
    await using ground = await createGround();
    const api = await ground.addRepository('api', manyFiles);
    const web = await ground.addRepository('web', manyFiles);
    const moments: (readonly [string, number])[] = [
      ['ready', 0],
      ['Checking out api', 0],
      ['Checking out api', 20],
      ['Checking out web', 10],
      ['Checking out web', 50],
      ['Checking out web', 110],
      ['Checking out web', 200],
    ];
    let halfMade = 0;
    for (const [line, waitMs] of moments) {
      if (await killAt(ground, gitEnvironment.PATH, line, waitMs)) halfMade += 1;
      expect(typeof (await expectWhole(ground, api, web))).toBe('boolean');
    }
    expect(halfMade).toBeGreaterThan(0);
  });

  it('WS-2: in the middle of go-task, the task is ended and taken back', async () => {
    await using ground = await createGround();
    const api = await ground.addRepository('api');
    const web = await ground.addRepository('web');
    const script = `set -e
git -C repos/api worktree add -q -b "frontdesk/$1" "$PWD/.builders/$1/repos/api"
echo $$ > pid
echo half-way
while :; do sleep 0.05; done
`;
    const taskfile =
      "version: '3'\ntasks:\n  builder:init:\n    cmds:\n      - sh init.sh {{.BUILDER_NAME}} {{.REPOS}}\n";
    await writeFiles(ground.root, { 'Taskfile.yml': taskfile, 'init.sh': script });
    await killAt(ground, `${await findGoTask()}:${gitEnvironment.PATH}`, 'half-way', 0);
    const pid = (await readFile(path.join(ground.root, 'pid'), 'utf8')).trim();
    expect(await readdir(path.join(ground.builders, name, 'repos'))).toEqual(['api']);

    const workspaces = await ground.open();
    expect(workspaces.problems).toMatchObject([{ workspace: name, kind: 'leftover' }]);
    expect(await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).toBe('');
    await writeFiles(ground.root, { 'Taskfile.yml': "version: '3'\ntasks: {}\n" });
    expect(await expectWhole(ground, api, web)).toBe(false);
  });
});
