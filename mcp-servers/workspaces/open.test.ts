import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ask, createGround, git, never, quiet } from '../../test/support/git-ground.ts';
import { FrontdeskError } from '../kit/errors.ts';

const reject = async (promise: Promise<unknown>) =>
  await promise.then(
    () => expect.fail('it was not refused'),
    (error: unknown) => (error instanceof FrontdeskError ? error : expect.fail(String(error))),
  );

describe('making a workspace', () => {
  it('WS-1: makes worktrees on a branch of its own, with state and decisions', async () => {
    await using ground = await createGround();
    const api = await ground.addRepository('api');
    await ground.addRepository('web');
    const workspaces = await ground.open();
    const lines: string[] = [];
    const request = ask('JWT authentication', { repositories: ['api', 'web'], priority: 'high' });
    const { info, reused } = await workspaces.create(request, (line) => lines.push(line), never);

    expect(reused).toBe(false);
    expect(info.name).toBe('ai-dev-shop-jwt-authentication');
    expect(info.folder).toBe(path.join(ground.builders, info.name));
    expect(info.state).toMatchObject({
      workspace: info.name,
      repositories: ['api', 'web'],
      branch: `frontdesk/${info.name}`,
      priority: 'high',
      thread: null,
      session: null,
    });
    expect(lines).toEqual(['Checking out api from origin/main', 'Checking out web from origin/main']);
    expect(await git(path.join(info.folder, 'repos/web'), 'branch', '--show-current')).toBe(
      info.state.branch,
    );
    expect(await git(api, 'worktree', 'list', '--porcelain')).toContain(`worktree ${info.folder}/repos/api`);
    expect((await readdir(info.folder)).sort()).toEqual([
      '.git',
      '.gitignore',
      '.ignore',
      '.session-state.yaml',
      'arch-decisions.md',
      'repos',
    ]);
    expect(await readdir(ground.builders)).toEqual([info.name]);
    expect(await git(info.folder, 'log', '--format=%an|%s|%b')).toBe(
      'Frontdesk|chore: Session state checkpoint|created: JWT authentication',
    );
    expect(await git(info.folder, 'status', '--porcelain')).toBe('');
  });

  it('WS-2: one that is there is used again; another of the same beginning gets a number', async () => {
    await using ground = await createGround();
    await ground.addRepository('api');
    const workspaces = await ground.open();
    const first = await workspaces.create(ask('Fix the login of every customer'), quiet, never);
    const again = await workspaces.create(ask('fix the login of every customer '), quiet, never);
    const other = await workspaces.create(ask('Fix the login of every customer of ours'), quiet, never);
    expect(again).toEqual({ info: first.info, reused: true });
    expect(first.info.name).toBe('ai-dev-shop-fix-the-login-of-every');
    expect(other).toMatchObject({ reused: false, info: { name: 'ai-dev-shop-fix-the-login-of-every-2' } });
  });

  it('WS-2: two starts of the same at once make it once', async () => {
    await using ground = await createGround();
    await ground.addRepository('api');
    const workspaces = await ground.open();
    const both = await Promise.all([
      workspaces.create(ask('Search'), quiet, never),
      workspaces.create(ask('Search'), quiet, never),
    ]);
    expect(both.map(({ reused }) => reused)).toEqual([false, true]);
    expect(both[0]?.info).toEqual(both[1]?.info);
    expect(workspaces.list()).toHaveLength(1);
  });

  it('WS-2: an unknown repository is named with those known, and nothing is left', async () => {
    await using ground = await createGround();
    const api = await ground.addRepository('api');
    const workspaces = await ground.open();
    const error = await reject(workspaces.create(ask('X', { repositories: ['api', 'nope'] }), quiet, never));
    expect(error.code).toBe('workspace_invalid');
    expect(error.detail).toBe('Repository "nope" is not known. Known: api.');
    await expectNothingLeft(ground.builders, api);
  });

  it.each(['../evil', '/etc', '.tmp-x', 'a/b', 'ünïcode', 'a'.repeat(41), '', '-x', 'A'])(
    'WS-1: the name %j is refused, saying what is allowed',
    async (name) => {
      await using ground = await createGround();
      const workspaces = await ground.open();
      const error = await reject(workspaces.create(ask('X', { name }), quiet, never));
      expect(error.code).toBe('workspace_invalid');
      expect(error.detail).toContain('a-z, 0-9 and -');
    },
  );

  it.each(['../evil', '/etc', '..', 'a/b', '--upload-pack=x', 'ext::sh'])(
    'WS-1: the repository %j is refused',
    async (repository) => {
      await using ground = await createGround();
      await ground.addRepository('api');
      const workspaces = await ground.open();
      const error = await reject(workspaces.create(ask('X', { repositories: [repository] }), quiet, never));
      expect(error.detail).toContain('is not known. Known: api.');
    },
  );

  it('WS-2: a branch that is checked out elsewhere is told with where; the other repository is as before', async () => {
    await using ground = await createGround();
    const api = await ground.addRepository('api');
    const web = await ground.addRepository('web');
    const elsewhere = path.join(ground.root, 'elsewhere');
    await git(web, 'worktree', 'add', '-q', '-b', 'frontdesk/ai-dev-shop-x', elsewhere);
    const workspaces = await ground.open();
    const error = await reject(workspaces.create(ask('X', { repositories: ['api', 'web'] }), quiet, never));
    expect(error.code).toBe('workspace_failed');
    expect(error.detail).toContain(`already checked out in ${elsewhere}`);
    await expectNothingLeft(ground.builders, api);
    expect(await git(web, 'branch', '--show-current')).toBe('main');
    expect(await git(elsewhere, 'branch', '--show-current')).toBe('frontdesk/ai-dev-shop-x');
  });

  it('WS-2: a branch that exists is gone on with, and outlives an abort', async () => {
    await using ground = await createGround();
    const api = await ground.addRepository('api');
    await git(api, 'branch', 'frontdesk/ai-dev-shop-x');
    const workspaces = await ground.open();
    const aborter = new AbortController();
    const aborted = workspaces.create(ask('X'), () => aborter.abort(new Error('stopped')), aborter.signal);
    await expect(aborted).rejects.toThrow('stopped');
    expect(await git(api, 'branch', '--list', 'frontdesk/*')).toContain('frontdesk/ai-dev-shop-x');
    const { info } = await workspaces.create(ask('X'), quiet, never);
    expect(info.state.branch).toBe('frontdesk/ai-dev-shop-x');
  });

  it('WS-2: aborted, it leaves nothing', async () => {
    await using ground = await createGround();
    const api = await ground.addRepository('api');
    const web = await ground.addRepository('web');
    const workspaces = await ground.open();
    const aborter = new AbortController();
    const progress = (line: string) => {
      if (line.includes('web')) aborter.abort(new Error('stopped by a person'));
    };
    const creating = workspaces.create(ask('X', { repositories: ['api', 'web'] }), progress, aborter.signal);
    await expect(creating).rejects.toThrow('stopped by a person');
    await expectNothingLeft(ground.builders, api);
    await expectNothingLeft(ground.builders, web);
    expect(workspaces.list()).toEqual([]);
  });

  it('OP-4: closed, what is being made is taken back, and state that is being written is kept', async () => {
    await using ground = await createGround();
    const api = await ground.addRepository('api');
    const workspaces = await ground.open();
    const { info } = await workspaces.create(ask('Kept'), quiet, never);
    const closing = Promise.withResolvers<void>();
    const making = workspaces.create(
      ask('Y'),
      () => closing.resolve(workspaces[Symbol.asyncDispose]()),
      never,
    );
    const writing = workspaces.updateState(info.name, (state) => ({ ...state, eventUpdates: true }));
    await expect(making).rejects.toThrow('The service is stopping');
    await writing;
    await closing.promise;
    expect(await readdir(ground.builders)).toEqual([info.name]);
    expect(await git(api, 'branch', '--list', '*-y')).toBe('');
    expect((await ground.open()).get(info.name).state.eventUpdates).toBe(true);
    await expect(workspaces.create(ask('Z'), quiet, never)).rejects.toThrow('The service is stopping');
  });

  it('WS-1: bare and remote repositories are cloned once, a project names them', async () => {
    await using ground = await createGround();
    await ground.addRepository('api');
    await ground.addRepository('web');
    const projects = [
      { name: 'ai-dev/other', repositories: [ground.remoteOf('web'), `file://${ground.remoteOf('api')}`] },
    ];
    const workspaces = await ground.open({ projects });
    const project = { category: 'ai-dev', project: 'other' };
    const { info } = await workspaces.create(ask('One', { project, repositories: [] }), quiet, never);
    await workspaces.create(ask('Two', { project, repositories: ['web'] }), quiet, never);
    expect(info.state.repositories).toEqual(['web', 'api']);
    expect(await readFile(path.join(info.folder, 'repos/api/README.md'), 'utf8')).toBe('# api\n');
    expect(await readdir(path.join(ground.builders, '.repos'))).toHaveLength(2);
  });

  it('WS-1: a repository without a commit is told', async () => {
    await using ground = await createGround();
    const empty = path.join(ground.root, 'repos/empty');
    await mkdir(empty);
    await git(empty, 'init', '-q');
    const workspaces = await ground.open();
    const error = await reject(workspaces.create(ask('X', { repositories: ['empty'] }), quiet, never));
    expect(error.detail).toContain('empty has no commit yet');
  });

  it('WS-2: a folder with worktrees is taken over; any other is left alone', async () => {
    await using ground = await createGround();
    const api = await ground.addRepository('api');
    await git(api, 'worktree', 'add', '-q', '-b', 'mine', path.join(ground.builders, 'by-hand/repos/api'));
    await mkdir(path.join(ground.builders, 'foreign'));
    await writeFile(path.join(ground.builders, 'foreign/file'), 'x');
    const workspaces = await ground.open();
    expect(workspaces.list()).toEqual([]);
    const taken = await workspaces.create(ask('X', { name: 'by-hand' }), quiet, never);
    expect(taken).toMatchObject({ reused: true, info: { state: { branch: 'mine', repositories: ['api'] } } });
    const error = await reject(workspaces.create(ask('X', { name: 'foreign' }), quiet, never));
    expect(error.detail).toContain('is no workspace');
    expect(await stat(path.join(ground.builders, 'foreign/file'))).toBeTruthy();
  });
});

async function expectNothingLeft(builders: string, repository: string): Promise<void> {
  expect(await readdir(builders)).toEqual([]);
  expect(await git(repository, 'branch', '--list', 'frontdesk/*')).toBe('');
  expect((await git(repository, 'worktree', 'list')).split('\n')).toHaveLength(1);
  expect(await readdir(path.join(repository, '.git/worktrees')).catch(() => [])).toEqual([]);
}
