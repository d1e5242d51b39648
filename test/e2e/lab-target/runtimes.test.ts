import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Deployment } from '../../../mcp-servers/kit/lab.ts';
import { workspace } from '../../../mcp-servers/lab/local/ground.harness.ts';
import { ask, createBench, deploy, files, server } from './bench.ts';

describe('what is run in a lab', () => {
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

  it('LAB-2: Python, with plain Python where uv is not', async () => {
    const { lab } = await createBench({
      'app.py': [
        'import os, sys',
        'from http.server import BaseHTTPRequestHandler, HTTPServer',
        'class Well(BaseHTTPRequestHandler):',
        '    def do_GET(self):',
        '        self.send_response(200); self.end_headers(); self.wfile.write(b"from python")',
        'print("up")',
        'HTTPServer((os.environ["HOST"], int(os.environ["PORT"])), Well).serve_forever()',
      ].join('\n'),
      'requirements.txt': '# nothing\n',
    });
    const ready = await deploy(lab);
    expect(ready).toMatchObject({ status: 'ready', runtime: 'python', log: expect.arrayContaining(['up']) });
    expect(await ask(ready)).toBe('from python');
  });

  it('LAB-2: a static site, with nothing outside of its folder', async () => {
    const { ground, lab } = await createBench({
      'public/index.html': '<h1>Home</h1>',
      'public/docs/index.html': 'Docs',
      'public/about.html': 'About',
      'public/.env': 'no',
      'secret.txt': 'no',
    });
    await symlink('../secret.txt', path.join(ground.repository, 'public/out.txt'));
    const ready = await deploy(lab);
    expect(ready).toMatchObject({ status: 'ready', runtime: 'static' });
    const get = async (at: string) => {
      const answer = await fetch(`${ready.url}${at}`, { redirect: 'manual' });
      return [answer.status, answer.headers.get('location') ?? (await answer.text()).trim()];
    };
    expect(await get('/')).toEqual([200, '<h1>Home</h1>']);
    expect(await get('/docs/')).toEqual([200, 'Docs']);
    expect(await get('/docs')).toEqual([301, '/docs/']);
    expect(await get('/about?x=1')).toEqual([200, 'About']);
    for (const at of ['/none', '/.env', '/out.txt', '/..%2fsecret.txt', '/%2e%2e/secret.txt', '/%00', '/%'])
      expect(await get(at)).toEqual([404, 'There is no such page.']);
    expect((await fetch(`${ready.url}/`, { method: 'POST' })).status).toBe(405);
  });
});
