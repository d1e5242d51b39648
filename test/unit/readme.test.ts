import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withSettings } from './readme-settings.ts';

const root = join(import.meta.dirname, '..', '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const settings = readFileSync(join(root, 'frontdesk/config/README.md'), 'utf8');

describe('the READMEs', () => {
  it('OP-5: the table of settings is the schema’s (`npm run format:readme` writes it)', () => {
    expect(settings).toBe(withSettings(settings));
  });

  it('STYLE: every npm script that is named exists, and every file that is linked', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    for (const [, name = ''] of readme.matchAll(/npm run ([a-z:]+)/g))
      expect(Object.keys(scripts)).toContain(name);
    const missing: string[] = [];
    for (const [, link = ''] of readme.matchAll(/\]\(([^)#]+)\)/g))
      if (!existsSync(join(root, link))) missing.push(link);
    expect(missing).toEqual([]);
  });
});
