import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runLabCommand } from '../../frontdesk/lab-command.ts';
import { findMarked } from '../../mcp-servers/kit/processes.ts';
import { labsVariable, labVariable } from '../../mcp-servers/lab/local/spec.ts';
import { ask, createGround, type Ground, never, quiet, writeFiles } from '../support/git-ground.ts';
import { childrenNamed, crashingServer, server } from './lab-target/bench.ts';
import { openStage, type Stage } from './stage.ts';
import { textOf } from './use-stage.ts';

const token = 'api-token-of-the-test';
const workspace = 'ai-dev-shop-trouble';

/** Ten children that hear no SIGTERM and are found by no mark, and 100 MB of log. */
const bomb = `
  const { spawn } = require('node:child_process');
  for (let i = 0; i < 10; i++) spawn(process.execPath, ['child.cjs'], { detached: true, stdio: 'ignore', env: {} });
  const line = 'x'.repeat(1023) + '\\n';
  for (let i = 0; i < 100 * 1024; i++) { try { require('node:fs').writeSync(1, line) } catch (error) { if (error.code !== 'EAGAIN') throw error; i-- } }
  for (let i = 1; i <= 60; i++) console.log('the end of 100 MB', i);`;
const child = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);`;
const mute = `console.log('hears nothing'); setInterval(() => {}, 1000);`;
const eater = `const all = []; setInterval(() => all.push(Buffer.alloc(16 * 2 ** 20, 1)), 20);`;
const vitestApp = JSON.stringify({
  scripts: { start: 'node server.cjs', test: 'vitest' },
  devDependencies: { vitest: '1' },
});

let ground: Ground;
let stage: Stage;

beforeAll(async () => {
  ground = await createGround();
  const app = { 'server.cjs': server('"well"', bomb), 'child.cjs': child };
  await ground.addRepository('app', {
    ...app,
    '.frontdesk.yaml': 'runtime: node\nstart: [node, server.cjs]\n',
  });
  const projects = [{ name: 'ai-dev/shop', repositories: ['app'] }];
  await using workspaces = await ground.open({ projects: [{ ...projects[0]!, description: '' }] });
  await workspaces.create(ask('Trouble', { repositories: ['app'] }), quiet, never);
  stage = await openStage({ config: { workspaceRoot: ground.root, projects, apiToken: token } });
});

afterAll(async () => {
  await stage?.[Symbol.asyncDispose]();
  await ground?.[Symbol.asyncDispose]();
});

/** Ports, times and the runner's own numbers differ from run to run. */
function steady(story: string): string {
  return story
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
    .replaceAll(/\d+\.(\d+|N) s|\b\d+ s\b/g, 'N s')
    .replaceAll(/used \d+ MB/g, 'used N MB')
    .replaceAll(/port \d+/g, 'port PORT')
    .replaceAll(/x{20,}/g, 'xxx');
}

it('LAB-4, LAB-6, TE-2: ten deaf children, 100 MB of log, a crash after a while, a port never opened, no tests, tests that fill the memory, a missing runner, and none left', async () => {
  const { slack } = stage;
  const labs = path.join(stage.config.stateDir, 'labs');
  const folder = path.join(ground.builders, workspace, 'repos', 'app');
  const anna = slack.as('U_ANNA');
  const ts = await anna.post('C_DEV', `@frontdesk deploy ${workspace}`);
  const sees = async (words: string) => {
    const find = () =>
      slack.thread('C_DEV', ts).find((message) => message.bot && textOf(message).includes(words));
    return await slack.until(find, `"${words}"`);
  };
  const say = async (text: string, words: string) => {
    await stage.settled('C_DEV', ts);
    await anna.post('C_DEV', `@frontdesk ${text}`, { threadTs: ts });
    await sees(words);
  };

  await sees('✅ Deployment ready');
  expect(childrenNamed(labs, 'child.cjs')).toHaveLength(10);
  await say(`logs ${workspace}`, 'the end of 100 MB 60');

  await say(`test ${workspace}`, 'Tests skipped');

  await writeFiles(folder, { 'server.cjs': crashingServer });
  await say(`deploy ${workspace}`, '♻️ Replaced');
  expect(textOf(await sees('The lab is down'))).toMatch(
    /crashed 4 times within \d+ s and is not started again; at last it ended with exit code 1.*boom/s,
  );
  await expect.poll(() => childrenNamed(labs, 'child.cjs')).toEqual([]);

  await writeFiles(folder, {
    'server.cjs': mute,
    'eat.cjs': eater,
    '.frontdesk.yaml':
      'runtime: node\nstart: [node, server.cjs]\nreadySeconds: 1\ntests: {unit: [node, eat.cjs], memoryMb: 150}\n',
  });
  await say(`deploy ${workspace}`, '❌ Deployment failed - It runs, but nothing listened on port');
  await say(`test unit ${workspace}`, '⚠️ Some tests failing');
  expect(textOf(await sees('⚠️ Some tests failing'))).toMatch(
    /❌ Unit Tests: stopped: It used \d+ MB of memory; its limit is 150 MB\./,
  );

  await rm(path.join(folder, 'child.cjs'));
  await writeFiles(folder, {
    'server.cjs': server('"mended"'),
    'package.json': vitestApp,
    '.frontdesk.yaml': 'runtime: node\ninstall: false\nstart: [node, server.cjs]\ntestOnDeploy: true\n',
  });
  await say(`deploy ${workspace}`, 'dependencies missing');
  const { port } = new URL(stage.desk.url);
  const lab = async (...words: string[]) => await runLabCommand({ words, port: Number(port), token });
  await expect.poll(() => lab('list')).toMatch(/^ai-dev-shop-trouble {2}ready {2}http/);
  const [url = ''] = /http\S+/.exec((await lab('list')) ?? '') ?? [];
  expect(await (await fetch(url)).text()).toBe('mended');

  expect(await lab('clean', workspace)).toBe('The lab of ai-dev-shop-trouble is cleaned up.\n');
  await sees('🧹');
  expect(await lab('list')).toBe('There are no labs.\n');
  await expect(lab('clean', workspace)).rejects.toMatchObject({ code: 'service_refused' });
  await expect.poll(() => findMarked(`${labsVariable}=${labs}`, labVariable)).toEqual([]);

  await say('list', 'places taken');
  await stage.settled('C_DEV', ts);
  await expect(steady(stage.transcript('C_DEV', ts))).toMatchFileSnapshot('golden/lab-troubles.txt');
});
