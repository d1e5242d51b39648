import { describe, expect, it } from 'vitest';
import { nodeRuntime } from './node.ts';
import type { Found } from './runtime.ts';
import { viewOf } from './view.harness.ts';

const pack = (o: object) => ({ 'package.json': JSON.stringify(o) });

describe('the node runtime', () => {
  it.each<[string, Readonly<Record<string, string>>, Found]>([
    [
      'a plain start script without npm between',
      pack({ scripts: { start: 'node --enable-source-maps src/x.js' } }),
      { start: ['node', '--enable-source-maps', 'src/x.js'] },
    ],
    [
      'any other start script by npm',
      pack({ scripts: { start: 'next start -p $PORT' } }),
      { start: ['npm', 'start'] },
    ],
    ['main', { ...pack({ main: './src/app.js' }), 'src/app.js': '' }, { start: ['node', './src/app.js'] }],
    ['a file called server.js', { 'server.js': '' }, { start: ['node', 'server.js'] }],
    [
      'what it needs, from its lock file, and its build',
      {
        ...pack({ scripts: { start: 'node .', build: 'tsc' }, dependencies: { a: '1' } }),
        'package-lock.json': '{}',
        '.npmrc': '',
      },
      {
        start: ['node', '.'],
        build: ['npm', 'run', 'build'],
        install: ['npm', 'ci', '--no-audit', '--no-fund'],
        reuse: { folder: 'node_modules', from: ['package.json', 'package-lock.json', '.npmrc'] },
      },
    ],
    [
      'an install that runs scripts of its own each time',
      {
        ...pack({ scripts: { start: 'node .', prepare: 'tsc' }, dependencies: { a: '1' } }),
        'package-lock.json': '{}',
      },
      { start: ['node', '.'], install: ['npm', 'ci', '--no-audit', '--no-fund'] },
    ],
    [
      'other package managers by their lock file',
      { ...pack({ scripts: { start: 'node .' }, dependencies: { a: '1' } }), 'pnpm-lock.yaml': '' },
      { start: ['node', '.'], install: ['pnpm', 'install', '--frozen-lockfile'] },
    ],
  ])('LAB-2: sees %s', async (_, files, expected) => {
    const none = { install: [], build: [], reuse: null };
    expect({ ...none, ...(await nodeRuntime.detect(viewOf(files))) }).toEqual({ ...none, ...expected });
  });

  it.each<[Readonly<Record<string, string>>]>([
    [{ 'README.md': '' }],
    [{ 'package.json': '{' }],
    [{ 'package.json': '{"main":"gone.js"}' }],
  ])('LAB-2: %j is none', async (files) => {
    expect(await nodeRuntime.detect(viewOf(files))).toBeNull();
  });

  it('LAB-2: folders of the repository that it links to change without the lock file', async () => {
    const files = {
      ...pack({ scripts: { start: 'x' }, dependencies: { a: 'file:./a' } }),
      'package-lock.json': '{}',
    };
    expect((await nodeRuntime.detect(viewOf(files)))?.reuse).toBeNull();
  });
});
