/** A workspace with something to publish, and who might answer. For tests. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import path from 'node:path';
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

export const name = 'ai-dev-shop-x';
export const branch = `frontdesk/${name}`;

/** A workspace with one commit in `api`, whose remote calls itself what `address` says. */
export async function createBench(options: Partial<WorkspacesOptions> = {}, address?: string) {
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
export async function startGithub(token: string) {
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
export async function startThief() {
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
