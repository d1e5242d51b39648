import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { bundlePlugin, pluginPath } from './build.ts';

describe('plugin.js', () => {
  it('BR-1: is what the sources give; `npm run build:bridge` makes it', async () => {
    expect(await bundlePlugin()).toBe(await readFile(pluginPath, 'utf8'));
  });

  it('BR-1: stands alone: it imports nothing but what OpenCode itself has', async () => {
    const text = await readFile(pluginPath, 'utf8');
    const imported = [...text.matchAll(/^import .* from "(?<from>[^"]+)";$/gm)].map(
      (m) => m.groups?.['from'],
    );
    expect(imported.toSorted((a = '', b = '') => a.localeCompare(b))).toEqual([
      'node:crypto',
      'node:fs/promises',
      'node:os',
      'node:path',
      'node:timers/promises',
    ]);
    expect(text).not.toMatch(/\bimport\(|\brequire\(/);
  });
});
