import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  ask,
  createGround,
  git,
  gitEnvironment,
  never,
  quiet,
  writeFiles,
} from '../../../test/support/git-ground.ts';
import { findEnclosure } from '../../../frontdesk/hosts/enclosure.ts';
import { findGoTask } from '../../../test/support/go-task.ts';

const enclosure = await findEnclosure();
let taskFolder = '';
// Building it takes a minute or two, once.
beforeAll(async () => {
  taskFolder = await findGoTask();
}, 320_000);

const taskfile = `version: '3'
tasks:
  builder:init:
    desc: Make a workspace
    cmds:
      - sh init.sh "{{.BUILDER_NAME}}" "{{.REPOS}}"
`;
const addAll = `set -e
echo "Making $1 for $2"
for repo in $(echo "$2" | tr ',' ' '); do
  git -C "repos/$repo" worktree add -q -b "builder/$1" "$PWD/.builders/$1/repos/$repo"
  echo "Added $repo"
done
`;
const name = 'ai-dev-shop-x';

async function createBench(script: string, files: Record<string, string> = { 'Taskfile.yml': taskfile }) {
  const ground = await createGround();
  const api = await ground.addRepository('api');
  const web = await ground.addRepository('web');
  await writeFiles(ground.root, { ...files, 'init.sh': script });
  const environment = {
    ...gitEnvironment,
    PATH: `${taskFolder}:${gitEnvironment.PATH}`,
    SLACK_BOT_TOKEN: 'xoxb-secret',
  };
  // As the service runs it.
  const workspaces = await ground.open({ environment, enclosure });
  const request = ask('X', { repositories: ['api', 'web'] });
  return { ground, api, web, workspaces, request, folder: path.join(ground.builders, name) };
}

type Bench = Awaited<ReturnType<typeof createBench>>;

async function expectNothingLeft({ ground, api, web }: Bench): Promise<void> {
  expect(await readdir(ground.builders)).toEqual([]);
  for (const repository of [api, web]) {
    expect(await git(repository, 'branch', '--format=%(refname:short)')).toBe('main');
    expect((await git(repository, 'worktree', 'list')).split('\n')).toHaveLength(1);
  }
}

describe('making a workspace by go-task', () => {
  it('WS-1: runs builder:init, telling its lines, and adds the state', async () => {
    const bench = await createBench(`${addAll}\nenv > env.txt\n`);
    await using _ = bench.ground;
    const lines: string[] = [];
    const { info, reused } = await bench.workspaces.create(bench.request, (line) => lines.push(line), never);
    expect(reused).toBe(false);
    expect(info.state).toMatchObject({ branch: `builder/${name}`, repositories: ['api', 'web'] });
    expect(lines).toEqual(
      expect.arrayContaining([
        'task builder:init for api, web',
        `Making ${name} for api,web`,
        'Added api',
        'Added web',
      ]),
    );
    expect(await git(path.join(bench.folder, 'repos/web'), 'branch', '--show-current')).toBe(
      `builder/${name}`,
    );
    // The task is the person's program; our tokens are not its business.
    expect(await readFile(path.join(bench.ground.root, 'env.txt'), 'utf8')).not.toContain('xoxb-secret');
    const reopened = await bench.ground.open();
    expect(reopened.list()).toEqual([info]);
    await reopened.cleanup(name);
    expect(await git(bench.api, 'branch', '--list', 'builder/*')).toBe('');
  });

  it('WS-2: a task that fails is told with its last words, and leaves nothing', async () => {
    const bench = await createBench(`${addAll}\necho "quota exceeded" >&2\nexit 7\n`);
    await using _ = bench.ground;
    await expect(bench.workspaces.create(bench.request, quiet, never)).rejects.toThrow('quota exceeded');
    await expectNothingLeft(bench);
    expect(bench.workspaces.list()).toEqual([]);
  });

  it('WS-2: a task that ends well without the worktrees is told', async () => {
    const bench = await createBench('echo done\n');
    await using _ = bench.ground;
    await expect(bench.workspaces.create(bench.request, quiet, never)).rejects.toThrow(
      /ended well, but .*repos has no api, web/,
    );
    await expectNothingLeft(bench);
  });

  it('WS-2: aborted, the task and what it started are ended, and nothing is left', async () => {
    const script = `${addAll}\nexec sh -c 'trap "" TERM; echo waiting; while :; do sleep 0.0625; done'\n`;
    const bench = await createBench(script);
    await using _ = bench.ground;
    const aborter = new AbortController();
    const progress = (line: string) => {
      if (line === 'waiting') aborter.abort(new Error('stopped by a person'));
    };
    await expect(bench.workspaces.create(bench.request, progress, aborter.signal)).rejects.toThrow(
      'stopped by a person',
    );
    await expectNothingLeft(bench);
    expect(await isRunning('sleep 0.0625')).toBe(false);
  });

  it.runIf(enclosure.length > 0)(
    'WS-1: a Taskfile that an agent wrote sees no process of the service, and leaves none',
    async () => {
      const look = `cat /proc/${process.pid}/environ > seen 2>/dev/null || true\nsleep 600.0625 >/dev/null 2>&1 &\n`;
      const bench = await createBench(`${addAll}\n${look}`);
      await using _ = bench.ground;
      const { info } = await bench.workspaces.create(bench.request, quiet, never);
      expect(info.state.repositories).toEqual(['api', 'web']);
      expect(await readFile(path.join(bench.ground.root, 'seen'), 'utf8')).toBe('');
      await expect.poll(() => isRunning('600.0625'), { timeout: 120_000 }).toBe(false);
    },
  );

  it('WS-1: a task that leaves worktrees without a branch gets ours', async () => {
    const bench = await createBench(addAll.replace('-b "builder/$1"', '--detach'));
    await using _ = bench.ground;
    const { info } = await bench.workspaces.create(bench.request, quiet, never);
    expect(info.state.branch).toBe(`frontdesk/${name}`);
    expect(await git(path.join(bench.folder, 'repos/web'), 'branch', '--show-current')).toBe(
      `frontdesk/${name}`,
    );
  });

  it('WS-1: the task may be in an included Taskfile', async () => {
    const inner = taskfile.replace('builder:init', 'init').replace('sh init.sh', 'cd .. && sh init.sh');
    const outer = "version: '3'\nincludes:\n  builder: ./builder\n";
    const bench = await createBench('exit 9', { 'Taskfile.yml': outer, 'builder/Taskfile.yml': inner });
    await using _ = bench.ground;
    await expect(bench.workspaces.create(bench.request, quiet, never)).rejects.toThrow('task builder:init');
  });

  it('WS-1: without go-task it says how to install it; without the task it makes the worktrees itself', async () => {
    const bench = await createBench(addAll);
    await using _ = bench.ground;
    const bin = path.dirname((await which('git')) ?? '');
    const without = await bench.ground.open({
      environment: { ...gitEnvironment, PATH: bin },
      enclosure: enclosure.map((word) => (word === 'unshare' ? '/usr/bin/unshare' : word)),
    });
    await expect(without.create(bench.request, quiet, never)).rejects.toThrow('go-task is not installed');
    await expectNothingLeft(bench);
    await writeFiles(bench.ground.root, { 'Taskfile.yml': "version: '3'\ntasks:\n  other: echo\n" });
    const { info } = await without.create(bench.request, quiet, never);
    expect(info.state.branch).toBe(`frontdesk/${name}`);
  });

  it('WS-1: a Taskfile that cannot be read is told', async () => {
    const bench = await createBench(addAll, { 'Taskfile.yml': 'tasks: [half' });
    await using _ = bench.ground;
    await expect(bench.workspaces.create(bench.request, quiet, never)).rejects.toThrow(
      'cannot be read as a Taskfile',
    );
  });
});

/** Whether a process of this machine has the words in its command line. */
async function isRunning(words: string): Promise<boolean> {
  const pids = (await readdir('/proc').catch(() => [])).filter((each) => /^\d+$/.test(each));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines.some((line) => line.replaceAll('\0', ' ').includes(words));
}

async function which(program: string): Promise<string | undefined> {
  for (const folder of gitEnvironment.PATH.split(':')) {
    const names = await readdir(folder).catch((): string[] => []);
    if (names.includes(program) && !names.includes('task')) return path.join(folder, program);
  }
  return undefined;
}
