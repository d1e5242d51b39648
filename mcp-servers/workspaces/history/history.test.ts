import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readFile, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  ask,
  createGround,
  git,
  gitEnvironment,
  never,
  quiet,
  writeFiles,
} from '../../../test/support/git-ground.ts';
import { createGit } from '../git/git.ts';
import { createRun, type Run } from '../git/run.ts';
import { readHistory } from './history.ts';
import { parseLog } from './parse-log.ts';

const name = 'ai-dev-shop-x';

async function createBench() {
  const ground = await createGround();
  const origin = await ground.addRepository('api', { 'README.md': '# one\n' });
  const workspaces = await ground.open();
  const { info } = await workspaces.create(ask('X'), quiet, never);
  const api = path.join(info.folder, 'repos/api');
  const subjects = async () =>
    (await workspaces.history(name)).flatMap(({ commits }) => commits.map(({ subject }) => subject));
  return { ground, workspaces, origin, info, api, subjects };
}

async function commit(folder: string, file: string, subject: string, text = `${subject}\n`): Promise<void> {
  await writeFiles(folder, { [file]: text });
  await git(folder, 'add', '-A');
  await git(folder, 'commit', '-q', '-m', subject);
}

describe('the commits of a workspace', () => {
  it('WA-3: those since it left the default branch, oldest first, with their lines; a head that stays is not read again', async () => {
    const { ground, workspaces, api } = await createBench();
    await using _ = ground;
    const [none] = await workspaces.history(name);
    expect(none?.commits).toEqual([]);
    const before = Math.floor(Date.now() / 1000) * 1000;
    await commit(api, 'README.md', 'Say “two”; *quick*', '# two\nand more\n');
    await commit(api, 'logo.bin', 'Add logo', 'a\0b');
    const [history] = await workspaces.history(name, none === undefined ? [] : [none]);
    expect(history).toMatchObject({
      repository: 'api',
      head: await git(api, 'rev-parse', 'HEAD'),
      commits: [
        { subject: 'Say “two”; *quick*', added: 2, removed: 1, own: false },
        { subject: 'Add logo', added: 0, removed: 0 },
      ],
    });
    expect(history?.commits[0]?.at).toBeGreaterThanOrEqual(before);
    expect((await workspaces.history(name, history === undefined ? [] : [history]))[0]).toBe(history);
  });

  it('WA-3: a rebase onto what others did, and an amend under the same words, are the same commits', async () => {
    const { ground, workspaces, origin, api } = await createBench();
    await using _ = ground;
    await commit(api, 'a.txt', 'Add a');
    const ids = async () =>
      (await workspaces.history(name)).flatMap(({ commits }) => commits.map(({ id }) => id));
    const first = await ids();
    await commit(origin, 'theirs.txt', 'Theirs');
    await git(origin, 'push', '-q', 'origin', 'main');
    await git(api, 'fetch', '-q', 'origin');
    await git(api, 'rebase', '-q', 'origin/main');
    expect(await ids()).toEqual(first);
    await writeFiles(api, { 'a.txt': 'other\n' });
    await git(api, 'commit', '-q', '-a', '--amend', '--no-edit');
    expect(await ids()).toEqual(first);
  });

  it('WA-3: what others did is left out when it is merged; a branch of its own that is merged is not', async () => {
    const { ground, origin, api, subjects } = await createBench();
    await using _ = ground;
    await git(api, 'switch', '-q', '-c', 'side');
    await commit(api, 'side.txt', 'Side');
    await git(api, 'switch', '-q', `frontdesk/${name}`);
    await git(api, 'merge', '-q', '--no-ff', '-m', 'Merge side', 'side');
    await commit(origin, 'theirs.txt', 'Theirs');
    await git(origin, 'push', '-q', 'origin', 'main');
    await git(api, 'pull', '-q', '--no-rebase', '--no-edit', 'origin', 'main');
    expect(await subjects()).toEqual(['Side']);
  });

  it('AS-4: commits of our own are told apart from those of agents', async () => {
    const { ground, workspaces, api } = await createBench();
    await using _ = ground;
    await writeFiles(api, { 'half.txt': 'half' });
    await workspaces.checkpoint(name, 'frontdesk/ask/k3f9');
    await commit(api, 'rest.txt', 'The rest');
    const [history] = await workspaces.history(name);
    expect(history?.commits.map(({ subject, own }) => [subject, own])).toEqual([
      ['Work until frontdesk/ask/k3f9, saved by Frontdesk', true],
      ['The rest', false],
    ]);
  });

  it('WA-3: found where refs are packed, or nothing is checked out by name; a repository without a commit has none', async () => {
    const { ground, api, subjects } = await createBench();
    await using _ = ground;
    await commit(api, 'a.txt', 'Add a');
    await git(api, 'pack-refs', '--all');
    expect(await subjects()).toEqual(['Add a']);
    await git(api, 'checkout', '-q', '--detach');
    await commit(api, 'b.txt', 'Add b');
    expect(await subjects()).toEqual(['Add a', 'Add b']);
    await git(ground.root, 'init', '-q', '-b', 'main', path.join(api, '../own'));
    expect(await subjects()).toEqual(['Add a', 'Add b']);
  });

  it('WA-1: where nothing was committed no process is started', async () => {
    const ran: string[] = [];
    const { ground, api, info } = await createBench();
    await using _ = ground;
    await commit(api, 'a.txt', 'Add a');
    const real = createRun(gitEnvironment);
    const run: Run = async (program, args, o) => (ran.push(args.join(' ')), await real(program, args, o));
    const first = await readHistory(createGit(run), info, []);
    expect(ran.length).toBeGreaterThan(0);
    ran.length = 0;
    await readHistory(createGit(run), info, first);
    expect(ran).toEqual([]);
  });

  it('WA-3: what an agent put into the config starts nothing', async () => {
    const { ground, api, subjects } = await createBench();
    await using _ = ground;
    const marker = path.join(ground.root, 'started');
    const program = path.join(ground.root, 'evil');
    await writeFiles(ground.root, { evil: `#!/bin/sh\ntouch ${marker}\n` });
    await chmod(program, 0o755);
    const tree = await git(api, 'rev-parse', 'HEAD^{tree}');
    await writeFiles(ground.root, {
      signed: [
        `tree ${tree}`,
        `parent ${await git(api, 'rev-parse', 'HEAD')}`,
        'author E <e@x> 1900000000 +0000',
        'committer E <e@x> 1900000000 +0000',
        'gpgsig -----BEGIN PGP SIGNATURE-----',
        ' x',
        ' -----END PGP SIGNATURE-----',
        '',
        'Signed\n',
      ].join('\n'),
    });
    const signed = await git(api, 'hash-object', '-t', 'commit', '-w', path.join(ground.root, 'signed'));
    await git(api, 'reset', '-q', '--hard', signed);
    await git(api, 'config', 'log.showSignature', 'true');
    await git(api, 'config', 'gpg.program', program);
    await git(api, 'config', 'diff.external', program);
    // Git itself would start it.
    await git(api, 'log', '-1');
    await expect(readFile(marker)).resolves.toBeDefined();
    await rm(marker);
    expect(await subjects()).toEqual(['Signed']);
    await expect(readFile(marker)).rejects.toThrow('ENOENT');
  });

  it('WA-1: pipes and devices in the place of git’s files hold nothing up', async () => {
    const { ground, workspaces, api } = await createBench();
    await using _ = ground;
    await commit(api, 'a.txt', 'Add a');
    const fake = path.join(ground.root, 'fake');
    await mkdir(fake);
    execFileSync('mkfifo', [path.join(fake, 'HEAD')]);
    await symlink('/dev/zero', path.join(fake, 'commondir'));
    await writeFiles(api, { '.git': `gitdir: ${fake}\n` });
    expect(await workspaces.history(name)).toEqual([]);
    await rm(path.join(api, '.git'));
    execFileSync('mkfifo', [path.join(api, '.git')]);
    expect(await workspaces.history(name)).toEqual([]);
  });

  it('WA-3: a commit that has changed nothing has no numbers', () => {
    expect(
      parseLog('\u00007 a@x\0One\n\n 1 file changed, 1 deletion(-)\n\u00006 a@x\0\n', 'api'),
    ).toMatchObject([
      { subject: '', at: 6000, added: 0, removed: 0 },
      { subject: 'One', at: 7000, added: 0, removed: 1 },
    ]);
  });
});
