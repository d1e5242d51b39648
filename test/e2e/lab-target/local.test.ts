import { once } from 'node:events';
import { readFile, rename, stat, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { asker, workspace } from '../../../mcp-servers/lab/local/ground.harness.ts';
import {
  appPids,
  ask,
  childrenNamed,
  commandOf,
  createBench,
  deploy,
  expectNothingRuns,
  files,
  server,
} from './bench.ts';

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
      await expect.poll(() => childrenNamed(ground.folder, 'child').length).toBe(10);
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
    expect(seen.filter((command) => !/server\.js|keeper\/main\.ts/.test(command))).toEqual([]);
    expect(seen.length).toBeGreaterThan(0);
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
    const ready = await deploy(lab);
    expect(JSON.parse(await ask(ready))).toEqual(['inside.js', 'server.js']);
    expect(ready.log[0]).toBe(
      'frontdesk: passwd was left out: it links to a place outside of the repository.',
    );
  });

  it('LAB-6: one that nobody asks sleeps, and who asks wakes it', async () => {
    const limits = { idleMs: 300, healthMs: 50 };
    const { ground, lab } = await createBench(files(server('String(process.pid)')), { limits });
    const ready = await deploy(lab);
    const asleep = 'frontdesk: nobody has asked for a while: it sleeps until somebody does.';
    await expect.poll(() => lab.logs(workspace, 1)).toEqual([asleep]);
    await expect.poll(() => appPids(ground)).toEqual([]);
    await lab.observe();
    expect(await lab.live(workspace)).toMatchObject({ id: ready.id, status: 'ready' });
    // Not only the first: those that come while it wakes, too.
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask(ready)));
    expect(new Set(answers).size).toBe(1);
    // By now it may be asleep once more.
    const [slept, woke] = await lab.logs(workspace, 3);
    expect([slept, woke]).toEqual([asleep, 'frontdesk: somebody asks: it is started again.']);
    await lab.cleanup(workspace);
    await expectNothingRuns(ground);
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
    await ground.write({ 'server.js': 'process.exit(3)' });
    expect(await deploy(lab)).toMatchObject({ status: 'failed' });
    await lab.observe();
    expect(await lab.get(second.id)).toMatchObject({
      status: 'down',
      cause: { text: 'It made way for a newer deployment, which needed its port and failed.' },
    });
  });
});
