import { describe, expect, it } from 'vitest';
import { staticRuntime } from './static.ts';
import type { Found } from './runtime.ts';
import { viewOf } from './view.harness.ts';

const pack = (o: object) => ({ 'package.json': JSON.stringify(o) });

describe('the static runtime', () => {
  it.each<[string, Readonly<Record<string, string>>, Found]>([
    ['a site', { 'index.html': '' }, { start: [], serve: '.' }],
    ['a site in a folder', { 'README.md': '', 'public/index.html': '' }, { start: [], serve: 'public' }],
    [
      'a site that is built',
      { ...pack({ scripts: { build: 'vite build' }, devDependencies: { vite: '7' } }), 'index.html': '' },
      {
        start: [],
        serve: 'dist',
        build: ['npm', 'run', 'build'],
        install: ['npm', 'install', '--no-audit', '--no-fund', '--no-package-lock'],
      },
    ],
  ])('LAB-2: sees %s', async (_, files, expected) => {
    const none = { install: [], build: [], reuse: null };
    expect({ ...none, ...(await staticRuntime.detect(viewOf(files))) }).toEqual({ ...none, ...expected });
  });

  it.each<[Readonly<Record<string, string>>]>([[{ 'README.md': '' }], [{ 'src/index.html': '' }]])(
    'LAB-2: %j is none',
    async (files) => {
      expect(await staticRuntime.detect(viewOf(files))).toBeNull();
    },
  );
});
