import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withSettings } from './readme-settings.ts';
import { readSources } from './source-files.ts';

const root = join(import.meta.dirname, '..', '..');
const folders = ['frontdesk', 'watcher', 'mcp-servers', 'agents', 'deploy', 'test', '.github'];
const pages = globSync(['*.md', ...folders.map((folder) => `${folder}/**/*.md`)], { cwd: root })
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
  .sort((a, b) => a.path.localeCompare(b.path));

/** Made by `npm ci`. */
const built = ['agents/bridge/plugin.js'];

describe('the words beside the code', () => {
  it('OP-5: the table of settings is the schema’s (`npm run format:readme` writes it)', () => {
    const settings = readFileSync(join(root, 'frontdesk/config/README.md'), 'utf8');
    expect(settings).toBe(withSettings(settings));
  });

  it('STYLE: every npm script that is named exists', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    // The rooms of labs and tests speak of other people's scripts.
    const own = pages.filter(({ path }) => !path.startsWith('mcp-servers/'));
    const named = own.flatMap(({ text }) => [...text.matchAll(/npm run (?:-s )?([a-z:]+)/g)]);
    expect(named.map(([, name]) => name).filter((name = '') => !(name in scripts))).toEqual([]);
    expect(named.length).toBeGreaterThan(10);
  });

  it('STYLE: every file that is linked exists, and every path of ours that is named', () => {
    const ours = new RegExp(`\`((?:${folders.join('|').replace('.', '\\.')})/[\\w./-]+)\``, 'g');
    const missing = pages.flatMap(({ path, text }) => {
      const links = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)|(?:src|href)="([^"#]+)"/g)]
        .map(([, link, source]) => link ?? source ?? '')
        .filter((link) => !link.includes('://'))
        .map((link) => join(dirname(path), link));
      const named = [...text.matchAll(ours)].map(([, name = '']) => name);
      return [...links, ...named]
        .filter((name) => !built.includes(name) && !existsSync(join(root, name)))
        .map((name) => `${path}: ${name}`);
    });
    expect(missing).toEqual([]);
  });

  it('STYLE: the map of the service names no file that is not there', () => {
    const map = pages.find(({ path }) => path === 'frontdesk/README.md')?.text ?? '';
    const missing = ['work', 'asks'].flatMap((room) => {
      const [, after = ''] = map.split(`\n## ${room}/\n`);
      const named = [...(after.split('\n## ')[0] ?? '').matchAll(/`([\w-]+\.ts)`/g)];
      expect(named.length).toBeGreaterThan(20);
      return named
        .map(([, name = '']) => `frontdesk/${room}/${name}`)
        .filter((path) => !existsSync(join(root, path)));
    });
    expect(missing).toEqual([]);
  });

  it('STYLE: what was measured and is cited can be read (`notes/slack.md §3`, `D7`)', () => {
    const sources = readSources(folders, { tests: true });
    const cited = [...sources, ...pages].flatMap(({ path, text }) =>
      [...text.matchAll(/\bnotes\/(opencode|slack)\.md(?:,? (§[\d.]+|D\d+))?/g)]
        // The page itself says how it is cited.
        .filter(() => !path.startsWith('.github/notes/'))
        .map(([, page = '', place = '']) => ({
          path,
          page,
          place: place.replace('§', '').replace(/\.$/, ''),
        })),
    );
    expect(cited.length).toBeGreaterThan(30);
    const missing = cited.filter(({ page, place }) => {
      const text = pages.find(({ path }) => path === `.github/notes/${page}.md`)?.text;
      const heading = /^\d/.test(place) ? new RegExp(`^##+ ${place.replace('.', '\\.')}[. ]`, 'm') : null;
      return text === undefined || !(heading === null ? text.includes(place) : heading.test(text));
    });
    expect(missing).toEqual([]);
  });

  it('STYLE: a decision is one page, and says what it costs', () => {
    const decisions = pages.filter(({ path }) => path.startsWith('.github/adr/'));
    expect(decisions.map(({ path }) => path.slice('.github/adr/'.length, '.github/adr/'.length + 4))).toEqual(
      decisions.map((_, at) => String(at + 1).padStart(4, '0')),
    );
    expect(decisions.length).toBeGreaterThan(10);
    const parts = ['**Why.**', '**Decision.**', '**What it costs.**'];
    const poor = decisions.filter(
      ({ text }) => text.split(/\s+/).length > 700 || !parts.every((part) => text.includes(part)),
    );
    expect(poor.map(({ path }) => path)).toEqual([]);
  });
});
