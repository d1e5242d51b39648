import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import { openStore } from '../../mcp-servers/kit/store/store.ts';
import type { Suite, TestRun } from '../../mcp-servers/kit/tests.ts';
import { createTests, type TestsOptions } from '../../mcp-servers/tests/tests.ts';
import { writeFiles } from './git-ground.ts';

const ourPackages = path.resolve(import.meta.dirname, '../../node_modules');

/** Workspace `shop` with folders of code, and the tests room on a store of its own. Runs are real processes. */
export async function createTestGround(options: Partial<TestsOptions> = {}) {
  const base = await realpath(await mkdtemp(path.join(tmpdir(), 'frontdesk-tests-')));
  const dir = path.join(base, 'tests');
  const folders = new Map<string, string>();
  const open = async (more: Partial<TestsOptions> = {}) => {
    const stack = new AsyncDisposableStack();
    const log = createSilentLog();
    const store = stack.use(await openStore({ dir: path.join(base, 'state'), log }));
    const tests = stack.use(
      createTests({
        store,
        dir,
        log,
        redact: (text) => text,
        environment: process.env,
        async repositoriesOf(workspace) {
          if (workspace !== 'shop') throw new FrontdeskError('workspace_unknown', workspace);
          return [...folders].map(([repository, folder]) => ({ repository, folder }));
        },
        ...options,
        ...more,
      }),
    );
    return Object.assign(tests, { [Symbol.asyncDispose]: () => stack.disposeAsync() });
  };
  const own = new AsyncDisposableStack();
  own.defer(() => rm(base, { recursive: true, force: true }));
  const tests = own.use(await open());
  return {
    base,
    dir,
    tests,
    /** A second service on the same folder; close {@link tests} first. */
    open,
    /** @param o.packages our own node_modules, where a runner of them is used */
    async add(repository: string, files: Readonly<Record<string, string>>, o: { packages?: boolean } = {}) {
      const folder = path.join(base, 'shop', repository);
      await writeFiles(folder, files);
      if (o.packages === true) await symlink(ourPackages, path.join(folder, 'node_modules'));
      folders.set(repository, folder);
      return folder;
    },
    /** The only run of one suite. */
    async run(suite: Suite = 'unit', more: Partial<Parameters<typeof tests.run>[0]> = {}): Promise<TestRun> {
      const [run, ...others] = await tests.run({ workspace: 'shop', suite, by: 'U1', ...more });
      if (run === undefined || others.length > 0) throw new Error(`${others.length + 1} runs, not one`);
      return run;
    },
    [Symbol.asyncDispose]: () => own.disposeAsync(),
  };
}

/** The beginning of a file for node's own runner. */
export const nodeTest = `import test from 'node:test'; import assert from 'node:assert';\n`;
export const module = (scripts: object = {}) => JSON.stringify({ type: 'module', scripts });
export const passing = { 'package.json': module(), 'a.test.js': `${nodeTest}test('adds', () => {});` };
/** Whether a program is on this machine and does what is asked. */
export const has = (program: string, ...args: string[]) => spawnSync(program, args).status === 0;

/** Pids of processes that carry the mark of this run. */
export async function marked({ id }: TestRun): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
      return environment.split('\0').includes(`FRONTDESK_TEST_RUN=${id}`) ? [pid] : [];
    }),
  );
  return found.flat();
}
