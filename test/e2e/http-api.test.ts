import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, createGround, never, quiet, type Ground } from '../support/git-ground.ts';
import { openStage, type Stage } from './stage.ts';

const token = 'api-token-of-the-test';
const workspace = 'ai-dev-shop-search';
const app = `require('node:http').createServer((_, response) => response.end('ok')).listen(process.env.PORT, process.env.HOST);`;
/** Goes on when the test says so. */
const waiting = `const { existsSync } = require('node:fs'); const wait = () => existsSync(process.argv[2]) || setTimeout(wait, 20); wait();`;

let ground: Ground;
let stage: Stage;

beforeAll(async () => {
  ground = await createGround();
  await ground.addRepository('api', {
    'server.cjs': app,
    'wait.cjs': waiting,
    '.frontdesk.yaml': `runtime: node\ninstall: [node, wait.cjs, ${path.join(ground.root, 'go')}]\nstart: [node, server.cjs]\n`,
  });
  const projects = [{ name: 'ai-dev/shop', repositories: ['api'] }];
  await using workspaces = await ground.open({ projects: [{ ...projects[0]!, description: '' }] });
  await workspaces.create(ask('Search'), quiet, never);
  stage = await openStage({ config: { workspaceRoot: ground.root, projects, apiToken: token } });
}, 90_000);

afterAll(async () => {
  await stage?.[Symbol.asyncDispose]();
  await ground?.[Symbol.asyncDispose]();
});

const call = (route: string, headers: Record<string, string> = { authorization: `Bearer ${token}` }) =>
  fetch(`${stage.desk.url}${route}`, { headers });

/** Reads a progress stream until `text` has come; `leave` cuts it off. */
async function listen(id: string, lastId?: string) {
  const headers = {
    authorization: `Bearer ${token}`,
    ...(lastId === undefined ? {} : { 'last-event-id': lastId }),
  };
  const request = get(`${stage.desk.url}/api/deployments/${id}/progress`, { headers });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  let all = '';
  const over = (async () => {
    for await (const chunk of response.setEncoding('utf8')) all += String(chunk);
  })().catch(() => {});
  return {
    over: async () => (await over, all),
    until: async (text: string) => await expect.poll(() => all, { timeout: 30_000 }).toContain(text),
    leave: async () => {
      request.destroy();
      await over;
      return all;
    },
  };
}

/** `id event label` of each event. */
function read(text: string): string[] {
  return [...text.matchAll(/^id: (\d+)\nevent: (\w+)\ndata: (.*)$/gm)].map(([, id, event, data = '{}']) => {
    const { label = '', status = '' } = JSON.parse(data) as { label?: string; status?: string };
    return `${id} ${event} ${label || status}`.trim();
  });
}

describe('the HTTP API of the whole product', () => {
  it('LAB-7: the progress of a deployment: a client that is lost, one that comes back, a restart', async () => {
    const { slack } = stage;
    expect((await call('/api/deployments', {})).status).toBe(401);
    expect(await (await call('/api/deployments')).json()).toEqual({ deployments: [] });

    await slack.as('U_ANNA').slash('/opencode', `deploy ${workspace}`, 'C_DEV');
    const deployments = async () =>
      ((await (await call('/api/deployments')).json()) as { deployments: { id: string; status: string }[] })
        .deployments;
    await expect.poll(async () => (await deployments()).length, { timeout: 30_000 }).toBe(1);
    const [{ id } = { id: '' }] = await deployments();

    const lost = await listen(id);
    await lost.until('id: 2');
    const before = read(await lost.leave());
    await writeFile(path.join(ground.root, 'go'), '');
    const last = before.at(-1)?.split(' ')[0] ?? '';
    const after = read(await (await listen(id, last)).over());
    const whole = [...before, ...after];
    expect(whole.map((line) => Number(line.split(' ')[0]))).toEqual(whole.map((_, at) => at + 1));
    expect(whole.at(-1)).toMatch(/^\d+ complete ready$/);

    const shown = (await (await call(`/api/deployments/${id}`)).json()) as { url: string; status: string };
    expect(shown).toMatchObject({ id, workspace, repository: 'api', status: 'ready' });
    expect(await (await fetch(shown.url)).text()).toBe('ok');
    expect(JSON.stringify(shown)).not.toMatch(/handle|pid/);
    expect((await call('/api/deployments/none/progress')).status).toBe(404);

    await stage.restart();
    expect(read(await (await listen(id)).over()).slice(0, whole.length)).toEqual(whole);
  }, 120_000);

  it('OP-2: /docs describes what is really served', async () => {
    const { paths } = (await (await call('/docs/openapi.json')).json()) as { paths: object };
    expect(Object.keys(paths).toSorted()).toEqual([
      '/api/deployments',
      '/api/deployments/{id}',
      '/api/deployments/{id}/progress',
      '/api/permissions',
      '/health',
      '/metrics',
      '/ready',
    ]);
    expect((await call('/docs', {})).status).toBe(200);
    expect(await (await call('/ready', {})).json()).toEqual({ ready: true });
  });
});
