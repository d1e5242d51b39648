import { mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Deployment, Lab } from '../../../mcp-servers/kit/lab.ts';
import {
  asker,
  createGround,
  type Ground,
  type LifeOptions,
  workspace,
} from '../../../mcp-servers/lab/local/ground.harness.ts';
import { findMarked } from '../../../mcp-servers/lab/local/processes.ts';
import { labsVariable, labVariable } from '../../../mcp-servers/lab/local/spec.ts';
import { enclosureHere } from './enclosure-here.ts';

const server = (body: string, before = '') =>
  `${before}\nrequire('node:http').createServer((request, response) => response.end(${body})).listen(process.env.PORT, process.env.HOST);\n`;
const files = (source: string) => ({ 'server.js': source });

async function createBench(contents: Readonly<Record<string, string>>, o: LifeOptions = {}) {
  const ground = await createGround(contents, process.env);
  onTestFinished(() => ground[Symbol.asyncDispose]());
  const life = await ground.open({ enclosure: await enclosureHere(), ...o });
  onTestFinished(() => life[Symbol.asyncDispose]());
  return { ground, lab: life.lab };
}

async function deploy(lab: Lab): Promise<Deployment> {
  const { done } = await lab.deploy({ workspace, ...asker });
  return await done;
}

async function ask({ url }: Deployment): Promise<string> {
  return await (await fetch(url ?? '')).text();
}

/** Processes of the app, without its keeper and what encloses it. */
function appPids({ labs }: Ground): number[] {
  return findMarked(`${labsVariable}=${labs}`, labVariable)
    .map(({ pid }) => pid)
    .filter((pid) => commandOf(pid).startsWith('node '));
}

/** '' when there is no such process. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

/** Also those that have no mark any more: by where they run. */
function childrenNamed(folder: string, name: string): number[] {
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && commandOf(Number(pid)).endsWith(` ${name}`))
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
      } catch {
        return false;
      }
    })
    .map(Number);
}

async function expectNothingRuns(ground: Ground): Promise<void> {
  await expect.poll(() => ground.running(), { timeout: 10_000 }).toEqual([]);
}

describe('a lab on this machine', () => {
  it('LAB-9: an app answers at its URL, with an environment of its own, until it is cleaned up', async () => {
    const { ground, lab } = await createBench(
      files(server('JSON.stringify({ env: process.env, cwd: process.cwd() })', 'console.log("up")')),
      { environment: { SLACK_BOT_TOKEN: 'xoxb-1', HTTPS_PROXY: 'http://proxy:1' } },
    );
    const ready = await deploy(lab);
    expect(ready).toMatchObject({ status: 'ready', runtime: 'node', target: 'local', log: ['up'] });
    expect(ready.steps.map(({ key }) => key)).toEqual(['source', 'start']);
    const { env, cwd } = JSON.parse(await ask(ready)) as { env: Record<string, string>; cwd: string };
    expect(Object.keys(env).sort()).toEqual([
      'FRONTDESK_LAB',
      'FRONTDESK_LABS',
      'HOME',
      'HOST',
      'HTTPS_PROXY',
      'LANG',
      'PATH',
      'PORT',
      'PWD',
      'TMPDIR',
      'npm_config_update_notifier',
    ]);
    expect(env['HOME']).toBe(path.join(ground.labs, workspace, 'home'));
    expect(cwd).toBe(path.join(ground.labs, workspace, ready.id, 'app'));
    await lab.cleanup(workspace);
    expect(ground.running()).toEqual([]);
    await expect(stat(path.join(ground.labs, workspace))).rejects.toThrow('ENOENT');
  });

  it('LAB-5: one changed file is all that a redeploy copies; the old one answers until the new one does', async () => {
    const source = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`src/${i}.txt`, `${i}`]));
    const { ground, lab } = await createBench({ ...source, ...files(server('"one"')) });
    const first = await deploy(lab);
    await ground.write({ 'server.js': server('"two"') });
    const { deployment, done } = await lab.deploy({ workspace, ...asker });
    expect(await ask(first)).toBe('one');
    const second = await done;
    expect(await ask(second)).toBe('two');
    expect(second.digest).not.toBe(first.digest);
    await expect(ask(first)).rejects.toThrow('fetch failed');
    expect(ground.running()).toEqual([deployment.id]);
  });

  it('LAB-4: a crash at start ends it at once with its last 50 lines, and leaves nothing', async () => {
    const lines = 'for (let i = 1; i <= 70; i++) console.error("line", i); process.exit(3);';
    const { ground, lab } = await createBench(files(lines));
    const failed = await deploy(lab);
    expect(failed).toMatchObject({
      status: 'failed',
      cause: { kind: 'exited', text: '`node server.js` ended with exit code 3 before it answered.' },
    });
    expect(failed.log).toHaveLength(50);
    expect(failed.log.at(-1)).toBe('line 70');
    expect(failed.steps.at(-1)).toMatchObject({ key: 'start', status: 'failed' });
    await expectNothingRuns(ground);
    await expect(stat(path.join(ground.labs, workspace, failed.id))).rejects.toThrow('ENOENT');
  });

  it('LAB-4: one that crashes later is started again three times; then it is down, said with its cause', async () => {
    const crash = server('"well"', 'setTimeout(() => { console.log("boom"); process.exit(1) }, 300);');
    const { ground, lab } = await createBench(files(crash));
    const { id } = await deploy(lab);
    const seen: (string | undefined)[] = [];
    using _ = lab.onChange(({ status, cause }) => seen.push(`${status} ${cause?.kind}`));
    await expect
      .poll(async () => (await lab.observe(), (await lab.status(workspace))?.status), { timeout: 15_000 })
      .toBe('down');
    const down = await lab.status(workspace);
    expect(down).toMatchObject({ id, cause: { kind: 'crash_loop' } });
    expect(down?.cause?.text).toMatch(/^It crashed 4 times within .* ended with exit code 1\.$/);
    expect(down?.log.filter((line) => line === 'boom')).toHaveLength(4);
    expect(seen).toEqual(['down crash_loop']);
    await expectNothingRuns(ground);
    // Its log stays for whoever looks for the reason.
    expect(await lab.logs(workspace, 5)).toContain('boom');
  });

  it('LAB-4: one that recovers after a crash stays ready', async () => {
    const once = server(
      '"well"',
      'const fs = require("fs"); if (!fs.existsSync("seen")) { fs.writeFileSync("seen", ""); setTimeout(() => process.exit(1), 300); }',
    );
    const { ground, lab } = await createBench(files(once));
    const ready = await deploy(lab);
    const [first] = appPids(ground);
    await expect
      .poll(() => appPids(ground).filter((pid) => pid !== first).length, { timeout: 10_000 })
      .toBe(1);
    await expect.poll(() => ask(ready).catch(() => ''), { timeout: 10_000 }).toBe('well');
    await lab.observe();
    expect(await lab.status(workspace)).toMatchObject({ status: 'ready' });
  });

  it('LAB-4: a port that is never opened, and an answer that is never well, end it at the limit', async () => {
    const { ground, lab } = await createBench(files('setInterval(() => {}, 1000);'), {
      limits: { readyMs: 400 },
    });
    expect(await deploy(lab)).toMatchObject({
      status: 'failed',
      cause: {
        kind: 'port_closed',
        text: expect.stringMatching(/nothing listened on port \d+ within 400 ms/),
      },
    });
    await ground.write({ 'server.js': server('(response.statusCode = 503, "no")') });
    expect(await deploy(lab)).toMatchObject({
      cause: { kind: 'unhealthy', text: 'It runs, but / answered 503 for 400 ms.' },
    });
    await expectNothingRuns(ground);
  });

  it.each(['enclosed', 'not enclosed'])(
    'LAB-9: ten children, some in sessions of their own and deaf to SIGTERM, all end with it (%s)',
    async (way) => {
      const child = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000);';
      const bomb = `
      const { spawn } = require('node:child_process');
      for (let i = 0; i < 10; i++)
        spawn(process.execPath, ['-e', ${JSON.stringify(child)}, 'child'], { detached: i % 2 === 0, stdio: 'ignore', ...(i === 4 ? { env: {} } : {}) });
      process.on('SIGTERM', () => {});`;
      const { ground, lab } = await createBench(files(server('"well"', bomb)), {
        limits: { graceMs: 300 },
        ...(way === 'enclosed' ? {} : { enclosure: [] }),
      });
      await deploy(lab);
      await expect.poll(() => childrenNamed(ground.folder, 'child').length, { timeout: 10_000 }).toBe(10);
      const children = childrenNamed(ground.folder, 'child');
      await lab.cleanup(workspace);
      expect(ground.running()).toEqual([]);
      expect(children.filter((pid) => commandOf(pid) !== '')).toEqual([]);
    },
  );

  it('LAB-9: it sees no process but its own, and is asked to end before it is ended', async () => {
    const see = `
      const fs = require('node:fs');
      const pids = fs.readdirSync('/proc').filter((name) => +name > 0).map((pid) => { try { return fs.readFileSync('/proc/' + pid + '/cmdline', 'latin1') } catch { return '' } });
      process.on('SIGTERM', () => { fs.writeFileSync(process.env.HOME + '/../../bye', 'bye'); process.exit(0) });`;
    const { ground, lab } = await createBench(files(server('JSON.stringify(pids)', see)));
    const seen = JSON.parse(await ask(await deploy(lab))) as string[];
    expect(seen.filter((command) => !/server\.js/.test(command))).toEqual([]);
    await lab.cleanup(workspace);
    expect(await readFile(path.join(ground.labs, 'bye'), 'utf8')).toBe('bye');
  });

  it('LAB-9: 100 MB of log leave at most 2 MB, and its end', async () => {
    const flood = `const line = 'x'.repeat(1023) + '\\n'; const { writeSync } = require('node:fs');
      for (let i = 0; i < 100 * 1024; i++) { try { writeSync(1, line) } catch (error) { if (error.code !== 'EAGAIN') throw error; i-- } }
      console.log('the end');`;
    const { ground, lab } = await createBench(files(server('"well"', flood)));
    const ready = await deploy(lab);
    expect(ready).toMatchObject({ status: 'ready' });
    const place = path.join(ground.labs, workspace, ready.id);
    const sizes = await Promise.all(
      ['app.log', 'app.log.1'].map(async (name) => (await stat(path.join(place, name))).size),
    );
    expect(sizes[0]! + sizes[1]!).toBeLessThanOrEqual(2 * 1024 * 1024);
    const last = await lab.logs(workspace, 500);
    expect(last).toHaveLength(500);
    expect(last.at(-1)).toBe('the end');
  });

  it('LAB-9: more memory than it may use ends it, with what it used', async () => {
    const eat = server(
      '"well"',
      'globalThis.kept = []; setInterval(() => kept.push(Buffer.alloc(8 << 20, 1)), 5);',
    );
    const { ground, lab } = await createBench({
      ...files(eat.replace('.listen', '/*').replace(/\);\s*$/, '*/;')),
      '.frontdesk.yaml': 'memoryMb: 150\n',
    });
    const failed = await deploy(lab);
    expect(failed.cause).toMatchObject({ kind: 'out_of_memory' });
    expect(failed.cause?.text).toMatch(/^It used \d{3} MB of memory; its limit is 150 MB\.$/);
    await expectNothingRuns(ground);
  });

  it('LAB-9: what is not ignored is copied, committed or not; links that lead outside are not', async () => {
    const show = server('JSON.stringify(require("node:fs").readdirSync(".").sort())');
    const { ground, lab } = await createBench({
      ...files(show),
      '.gitignore': '*.secret\n',
      'a.secret': '1',
    });
    await rename(
      path.join(ground.repository, '.gitignore'),
      path.join(ground.repository, '.git/info/exclude'),
    );
    await symlink('/etc/passwd', path.join(ground.repository, 'passwd'));
    await symlink('server.js', path.join(ground.repository, 'inside.js'));
    expect(JSON.parse(await ask(await deploy(lab)))).toEqual(['inside.js', 'server.js']);
  });

  it('LAB-9: its own port where that is free; else another, and why', async () => {
    const fixed = (port: number) => ({
      'server.js': server('"fixed"').replace('process.env.PORT', String(port)),
      '.frontdesk.yaml': `port: ${port}\n`,
    });
    const blocker = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void blocker.close());
    await once(blocker, 'listening');
    const { port } = blocker.address() as { port: number };
    const { ground, lab } = await createBench(fixed(port));
    expect((await deploy(lab)).cause).toMatchObject({
      kind: 'exited',
      text: expect.stringMatching(`Port ${port} was taken by another program, so PORT was \\d+\\.$`),
    });
    blocker.close();
    await once(blocker, 'close');
    expect(await deploy(lab)).toMatchObject({ status: 'ready', url: `http://127.0.0.1:${port}` });
    // The one that runs has it: it makes way.
    await ground.write({ 'b.txt': 'b' });
    const second = await deploy(lab);
    expect(second).toMatchObject({ status: 'ready', url: `http://127.0.0.1:${port}` });
    expect(ground.running()).toEqual([second.id]);
  });

  it('LAB-2: what is missing on this machine is said with how to get it', async () => {
    const { lab } = await createBench(
      { 'hello.java': '///usr/bin/env jbang "$0" "$@" ; exit $?\n//DEPS a:b:1' },
      {
        environment: { PATH: '/usr/bin:/bin' },
      },
    );
    expect(await deploy(lab)).toMatchObject({
      status: 'failed',
      cause: {
        kind: 'unsupported',
        text: expect.stringContaining('`jbang`'),
        fix: expect.stringContaining('jbang.dev'),
      },
    });
  });

  it('LAB-2: a failing install is told by its command', async () => {
    const { lab } = await createBench({
      ...files(server('"x"')),
      '.frontdesk.yaml': 'install: echo no >&2; exit 9\n',
    });
    expect(await deploy(lab)).toMatchObject({
      log: ['no'],
      cause: { kind: 'install', text: '`echo no >&2; exit 9` ended with exit code 9.' },
      steps: [{}, { key: 'install', status: 'failed', detail: 'echo no >&2; exit 9' }],
    });
  });

  it('LAB-5: what an install made is used again until its lock file changes', async () => {
    const bin = await mkdtemp(path.join(tmpdir(), 'bin-'));
    onTestFinished(() => rm(bin, { recursive: true }));
    const fake =
      'mkdir -p node_modules/dep && echo "module.exports = \\"$(cat package-lock.json)\\"" > node_modules/dep/index.js';
    await writeFile(path.join(bin, 'npm'), `#!/bin/sh\n${fake}\n`, { mode: 0o755 });
    const { ground, lab } = await createBench(
      {
        'package.json': '{"scripts":{"start":"node server.js"},"dependencies":{"dep":"1.0.0"}}',
        'package-lock.json': 'first',
        'server.js': server('require("dep") + require("node:fs").readFileSync("text")'),
        text: ' a',
      },
      { environment: { PATH: `${bin}:${process.env['PATH']}` } },
    );
    const steps = ({ steps }: Deployment) => steps.map(({ key }) => key);
    const first = await deploy(lab);
    expect([await ask(first), steps(first)]).toEqual(['first a', ['source', 'install', 'start']]);
    await ground.write({ text: ' b' });
    const second = await deploy(lab);
    expect([await ask(second), steps(second)]).toEqual(['first b', ['source', 'start']]);
    await ground.write({ 'package-lock.json': 'second' });
    const third = await deploy(lab);
    expect([await ask(third), steps(third)]).toEqual(['second b', ['source', 'install', 'start']]);
    await ground.write({ text: ' c' });
    expect(await ask(await deploy(lab))).toBe('second c');
    expect(await readdir(path.join(ground.labs, workspace, 'kept'))).toHaveLength(1);
  });

  it('LAB-4: cancelled in the middle, nothing of it is left', async () => {
    const { ground, lab } = await createBench(files('setInterval(() => {}, 1000);'));
    const { deployment, done } = await lab.deploy({ workspace, ...asker });
    await expect.poll(() => appPids(ground).length, { timeout: 10_000 }).toBe(1);
    await lab.cancel(deployment.id, 'U1');
    expect(await done).toMatchObject({ status: 'failed', cause: { kind: 'cancelled' } });
    expect(ground.running()).toEqual([]);
  });
});
