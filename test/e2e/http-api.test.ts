import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, createGround, never, quiet, type Ground } from '../support/git-ground.ts';
import { readStatus } from '../../mcp-servers/lab/local/status.ts';
import { openStage, type Stage } from './stage.ts';
import { textOf, until } from './use-stage.ts';

const token = 'api-token-of-the-test';
const workspace = 'ai-dev-shop-search';
const app = `require('node:http').createServer((_, response) => response.end('ok')).listen(process.env.PORT, process.env.HOST);`;
/** Goes on when the test says so. */
const waiting = `const { existsSync } = require('node:fs'); const wait = () => existsSync(process.argv[2]) || setTimeout(wait, 20); wait();`;

/** What can be wrong with tests, a repository each. */
const troubles = {
  hangs: {
    '.frontdesk.yaml': 'tests: {unit: [node, hang.cjs]}',
    'hang.cjs': `console.log('hanging'); process.on('SIGTERM', () => {}); require('node:child_process').spawn('sleep', ['600'], { detached: true, stdio: 'ignore' }); setInterval(() => {}, 1000);`,
  },
  lacks: { 'package.json': '{"scripts":{"test":"vitest"},"devDependencies":{"vitest":"1"}}' },
  none: { 'README.md': '# none' },
  odd: { '.frontdesk.yaml': 'tests: {unit: "echo 12 passing; exit 3"}' },
  passes: { 'a.test.js': `require('node:test').test('adds', () => {});` },
};

let ground: Ground;
let stage: Stage;

beforeAll(async () => {
  ground = await createGround();
  await ground.addRepository('api', {
    'server.cjs': app,
    'wait.cjs': waiting,
    '.frontdesk.yaml': `runtime: node\ninstall: [node, wait.cjs, ${path.join(ground.root, 'go')}]\nstart: [node, server.cjs]\n`,
  });
  for (const [name, files] of Object.entries(troubles)) await ground.addRepository(name, files);
  const projects = [{ name: 'ai-dev/shop', repositories: ['api', ...Object.keys(troubles)] }];
  await using workspaces = await ground.open({ projects: [{ ...projects[0]!, description: '' }] });
  await workspaces.create(ask('Search'), quiet, never);
  await workspaces.create(ask('Trouble', { repositories: Object.keys(troubles) }), quiet, never);
  stage = await openStage({
    config: { workspaceRoot: ground.root, projects, apiToken: token, testSeconds: 4 },
    // What is posted while the service starts makes events that nobody takes; Slack tries them again after a minute.
    slack: { clock: { now: Date.now, scale: 30 } },
  });
});

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
    until: async (text: string) => await expect.poll(() => all).toContain(text),
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

describe('tests and the HTTP API, through the whole product', () => {
  it('TE-1, TE-2, TE-3: tests that hang, lack something, are none, say green and are red', async () => {
    const { slack } = stage;
    const anna = slack.as('U_ANNA');
    const ts = await anna.post('C_DEV', '@frontdesk test unit ai-dev-shop-trouble');
    await slack.until(
      () =>
        slack.thread('C_DEV', ts).find(({ blocks }) => JSON.stringify(blocks).includes('Some tests failing')),
      'the result',
      120_000,
    );
    await stage.settled('C_DEV', ts);
    await anna.post('C_DEV', '@frontdesk list', { threadTs: ts });
    await until(stage, 'C_DEV', ts, 'places taken');
    await stage.settled('C_DEV', ts);
    const story = stage.transcript('C_DEV', ts).replaceAll(/\d+\.(\d+|N) s/g, 'N s');
    await expect(story).toMatchFileSnapshot('golden/tests-trouble.txt');
  });

  it('LAB-7, OP-2: the progress of a deployment: a client that is lost, one that comes back, a restart', async () => {
    const { slack } = stage;
    expect((await call('/api/deployments', {})).status).toBe(401);
    expect(await (await call('/api/deployments')).json()).toEqual({ deployments: [] });

    await slack.as('U_ANNA').slash('/opencode', `deploy ${workspace}`, 'C_DEV');
    const deployments = async () =>
      ((await (await call('/api/deployments')).json()) as { deployments: { id: string; status: string }[] })
        .deployments;
    await expect.poll(async () => (await deployments()).length).toBe(1);
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
    const metrics = await (await call('/metrics', {})).text();
    expect(metrics).toContain(`deployment_duration_seconds_count{namespace="${workspace}-lab"} 1`);

    // What follows is about a lab that sleeps.
    Object.assign(stage.config, { labIdleMinutes: 0.02 });
    await stage.restart();
    expect(read(await (await listen(id)).over()).slice(0, whole.length)).toEqual(whole);
  });

  it('LAB-6: deployed from Slack, a lab that nobody asks sleeps; all who ask at once are answered by it, awake again', async () => {
    const { slack } = stage;
    const anna = slack.as('U_ANNA');
    const ts = await anna.post('C_DEV', `@frontdesk deploy ${workspace}`);
    const sees = async (words: string) => {
      const find = () =>
        slack
          .thread('C_DEV', ts)
          .map(textOf)
          .findLast((text) => text.includes(words));
      return await slack.until(find, `"${words}"`);
    };
    const [url = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(await sees('✅ Deployment ready')) ?? [];
    const asks = async (text: string, words: string) => {
      await stage.settled('C_DEV', ts);
      await anna.post('C_DEV', `@frontdesk ${text}`, { threadTs: ts });
      return await sees(words);
    };
    const labs = path.join(stage.config.stateDir, 'labs', workspace);
    const phases = async () =>
      await Promise.all(
        (await readdir(labs)).map(async (id) => (await readStatus(path.join(labs, id)))?.phase),
      );
    await expect.poll(phases, { timeout: 120_000 }).toContain('asleep');
    expect(await asks(`status ${workspace}`, 'lab at')).toContain(url);
    await asks(`logs ${workspace}`, 'it sleeps until somebody does');
    const answers = await Promise.all(
      Array.from(
        { length: 20 },
        async () => await (await fetch(url, { headers: { connection: 'close' } })).text(),
      ),
    );
    expect(new Set(answers)).toEqual(new Set(['ok']));
    await asks(`logs ${workspace}`, 'somebody asks: it is started again');
  });

  it('OP-2: /docs describes what is really served', async () => {
    const { paths } = (await (await call('/docs/openapi.json')).json()) as { paths: object };
    expect(Object.keys(paths).toSorted()).toEqual([
      '/api/deployments',
      '/api/deployments/{id}',
      '/api/deployments/{id}/progress',
      '/api/deployments/{workspace}',
      '/api/permissions',
      '/health',
      '/metrics',
      '/ready',
    ]);
    expect((await call('/docs', {})).status).toBe(200);
    expect(await (await call('/ready', {})).json()).toEqual({ ready: true });
  });
});
