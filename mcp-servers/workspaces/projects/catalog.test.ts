import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createGround, git, writeFiles } from '../../../test/support/git-ground.ts';
import { createSilentLog } from '../../kit/log.ts';
import type { ProjectSetting } from '../options.ts';
import { createCatalog } from './catalog.ts';
import { nameOfRepository } from './sources.ts';

const shop = { category: 'ai-dev', project: 'shop' };

async function createBench(list: string, settings: readonly ProjectSetting[] = []) {
  const ground = await createGround();
  await ground.addRepository('api');
  await writeFiles(ground.root, { '.ai/projectlist.md': list, 'repos/notes/README.md': 'no repository' });
  const repositoriesFolder = path.join(ground.root, 'repos');
  const catalog = createCatalog({ root: ground.root, repositoriesFolder, settings, log: createSilentLog() });
  return { ground, catalog, folder: path.join(repositoriesFolder, 'api') };
}

describe('projects and repositories', () => {
  it('IN-9: config counts before the list; both are shown, and what was not understood', async () => {
    const settings = [
      { name: 'ai-dev/shop', repositories: ['/srv/x/core.git'] },
      { name: 'Wrong', repositories: [] },
    ];
    const { ground, catalog } = await createBench(
      '- ai-dev/shop: api — Listed\n- ops/tools: api\n',
      settings,
    );
    await using _ = ground;
    expect(await catalog.read()).toEqual({
      projects: [
        { project: shop, repositories: ['core'], description: '' },
        { project: { category: 'ops', project: 'tools' }, repositories: ['api'], description: '' },
      ],
      ignored: [expect.stringContaining('config: "Wrong" is no project')],
    });
  });

  it('WS-1: a name is the project’s own, else a folder, else another project’s', async () => {
    const list =
      '- ai-dev/shop: https://h/acme/web.git\n- ops/tools: https://h/ops/web.git https://h/ops/api.git git@h:ops/db.git\n';
    const { ground, catalog, folder } = await createBench(list);
    await using _ = ground;
    expect(await catalog.resolve(shop, ['web', 'api', 'db', 'api'], false)).toEqual([
      { name: 'web', kind: 'remote', address: 'https://h/acme/web.git' },
      { name: 'api', kind: 'clone', folder },
      { name: 'db', kind: 'remote', address: 'git@h:ops/db.git' },
    ]);
  });

  it('WS-2: what is not known is said with what is', async () => {
    const { ground, catalog } = await createBench('- ai-dev/shop: api, ghost, /nowhere/lost\n');
    await using _ = ground;
    await expect(catalog.resolve(shop, ['ghost'], false)).rejects.toThrow(
      '"ghost" is not known. Known: api, lost.',
    );
    await expect(catalog.resolve(shop, ['lost'], false)).rejects.toThrow(
      '/nowhere/lost is not a git repository',
    );
    await expect(catalog.resolve(shop, ['notes'], false)).rejects.toThrow('"notes" is not known');
    const none = { category: 'a', project: 'b' };
    await expect(catalog.resolve(none, [], false)).rejects.toThrow(
      'Say which repositories. Known: api, lost.',
    );
    expect(await catalog.resolve(shop, ['ghost'], true)).toEqual([{ name: 'ghost', kind: 'named' }]);
  });

  it.each(['ext::sh -c x', '--upload-pack=x', '../x', 'fd::7', 'https://-oProxy/x'])(
    'WS-1: %j in the list is never given to git',
    async (written) => {
      const { ground, catalog } = await createBench('', [{ name: 'ai-dev/shop', repositories: [written] }]);
      await using _ = ground;
      await expect(catalog.resolve(shop, [], false)).rejects.toThrow(
        /neither a repository's name|is not known/,
      );
    },
  );

  it('WS-1: a bare repository among the folders is a remote', async () => {
    const { ground, catalog } = await createBench('');
    await using _ = ground;
    const bare = path.join(ground.root, 'repos/core.git');
    await git(ground.root, 'init', '-q', '--bare', bare);
    expect(await catalog.resolve(shop, ['core'], false)).toEqual([
      { name: 'core', kind: 'remote', address: bare },
    ]);
  });

  it.each([
    ['https://h/a/web.git', 'web'],
    ['git@h:a/web.git', 'web'],
    ['git@h:web', 'web'],
    ['/srv/web/', 'web'],
    ['/srv/..', ''],
    ['/srv/.git', ''],
  ])('WS-1: the name of %s is %j', (written, name) => {
    expect(nameOfRepository(written)).toBe(name);
  });
});
