import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { DeploymentEvent, Lab } from '../../../mcp-servers/kit/lab.ts';
import {
  asker,
  createGround,
  type Ground,
  workspace,
} from '../../../mcp-servers/lab/local/ground.harness.ts';
import { findMarked } from '../../../mcp-servers/kit/processes.ts';
import { keeperVariable, labsVariable } from '../../../mcp-servers/lab/local/spec.ts';
import { findEnclosure } from '../../../frontdesk/hosts/enclosure.ts';

const life = path.join(import.meta.dirname, 'life.ts');
const app = {
  'server.js':
    'require("node:http").createServer((_, response) => response.end("well")).listen(process.env.PORT, process.env.HOST);',
  // Each step takes so long that the service is killed in the middle of it.
  '.frontdesk.yaml': 'install: sleep 0.3\nbuild: sleep 0.3\nstart: sleep 0.3; exec node server.js\n',
};

async function makeGround(): Promise<Ground> {
  const ground = await createGround(app, process.env);
  onTestFinished(() => ground[Symbol.asyncDispose]());
  return ground;
}

/** A service that deploys and is killed at the moment named. */
async function runKilled(ground: Ground, moment: string, endWithService = 'no'): Promise<void> {
  const child = spawn(process.execPath, [life, ground.folder, moment, endWithService], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  if (moment === 'stay') {
    for await (const chunk of child.stdout) if (String(chunk).includes(' ready ')) break;
    child.kill('SIGKILL');
  }
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
}

async function resume(ground: Ground) {
  const next = await ground.open({ enclosure: await findEnclosure() });
  onTestFinished(() => next[Symbol.asyncDispose]());
  return { lab: next.lab, said: await next.lab.resumeAll() };
}

async function lastEvent(lab: Lab): Promise<DeploymentEvent | undefined> {
  const { id } = (await lab.status(workspace)) ?? { id: '' };
  const events: DeploymentEvent[] = [];
  for await (const event of lab.events(id, 0, AbortSignal.timeout(15_000))) events.push(event);
  expect(events.map((event) => event.id)).toEqual(events.map((_, index) => index + 1));
  return events.at(-1);
}

describe('a lab whose service is killed', () => {
  it.each(['source', 'handle'])('OP-4: at %s: taken back, said so, nothing left running', async (moment) => {
    const ground = await makeGround();
    await runKilled(ground, moment);
    const { lab, said } = await resume(ground);
    expect(said).toEqual([
      'shop: its deployment was cut off by the restart; what was half-made is taken back.',
    ]);
    expect(await lab.status(workspace)).toMatchObject({ status: 'failed', cause: { kind: 'interrupted' } });
    expect(ground.running()).toEqual([]);
  });

  it.each(['install', 'build', 'start'])(
    'OP-4: at %s: goes on by itself, is followed to its end',
    async (moment) => {
      const ground = await makeGround();
      await runKilled(ground, moment);
      const { lab, said } = await resume(ground);
      expect(said).toEqual([
        'shop: its deployment went on while the service was away; it is followed again.',
      ]);
      expect(await lastEvent(lab)).toMatchObject({ type: 'complete', data: { status: 'ready' } });
      const ready = await lab.live(workspace);
      expect(ready?.digest).toHaveLength(64);
      expect(await (await fetch(ready?.url ?? '')).text()).toBe('well');
      expect(ready?.steps.map(({ key, status }) => `${key} ${status}`)).toEqual(
        ['source', 'install', 'build', 'start'].map((key) => `${key} done`),
      );
      await lab.cleanup(workspace);
      expect(ground.running()).toEqual([]);
    },
  );

  it.each(['ready', 'stay'])('LAB-6: at %s: it stays, and is adopted', async (moment) => {
    const ground = await makeGround();
    await runKilled(ground, moment);
    const { lab, said } = await resume(ground);
    const { url } = (await lab.live(workspace)) ?? {};
    expect(said).toEqual([`shop: its lab still runs at ${url}.`]);
    expect(await (await fetch(url ?? '')).text()).toBe('well');
    // A redeploy replaces what another process began.
    const { done } = await lab.deploy({ workspace, ...asker });
    const second = await done;
    expect(second).toMatchObject({ status: 'ready' });
    expect(ground.running()).toEqual([second.id]);
  });

  it('LAB-6: a lab that is to end with its service does so, also one that is deaf, and one being deployed', async () => {
    const ground = await makeGround();
    await ground.write({ 'server.js': `process.on('SIGTERM', () => {});${app['server.js']}` });
    const life = await ground.open({ endWithService: true, enclosure: await findEnclosure() });
    onTestFinished(() => life[Symbol.asyncDispose]());
    await (
      await life.lab.deploy({ workspace, ...asker })
    ).done;
    const second = await life.lab.deploy({ workspace, ...asker });
    await expect.poll(() => ground.running().length).toBe(2);
    await life[Symbol.asyncDispose]();
    expect(ground.running()).toEqual([]);
    expect(await second.done).toMatchObject({ status: 'deploying' });
  });

  it('LAB-6: a lab that is to end with its service does so also when that is killed', async () => {
    const ground = await makeGround();
    await runKilled(ground, 'stay', 'yes');
    await expect.poll(() => ground.running()).toEqual([]);
    const { lab, said } = await resume(ground);
    expect(said[0]).toMatch(/^shop: its lab is down\. It is not running any more/);
    expect(await lab.status(workspace)).toMatchObject({ status: 'down' });
  });

  it.each(['install', 'start', 'ready'])(
    'LAB-9: its keeper killed at %s: all of it ends, said so',
    async (moment) => {
      const ground = await makeGround();
      // The step at which it is killed would take for ever: on a busy machine the blow comes late.
      const long = (step: string) => (step === moment ? 'sleep 600' : 'sleep 0');
      await ground.write({
        '.frontdesk.yaml': `install: ${long('install')}\nstart: ${long('start')} && exec node server.js\n`,
      });
      const { lab, ...owned } = await ground.open({ enclosure: await findEnclosure() });
      onTestFinished(() => owned[Symbol.asyncDispose]());
      const at = Promise.withResolvers<void>();
      using _ = lab.onChange(({ status, steps }) => {
        if (status === moment || (steps.at(-1)?.key === moment && status === 'deploying')) at.resolve();
      });
      const { done } = await lab.deploy({ workspace, ...asker });
      await at.promise;
      for (const { pid } of findMarked(`${labsVariable}=${ground.labs}`, keeperVariable))
        process.kill(pid, 'SIGKILL');
      await done;
      await expect.poll(async () => (await lab.observe(), await lab.live(workspace))).toBeNull();
      expect(await lab.status(workspace)).toMatchObject({
        status: moment === 'ready' ? 'down' : 'failed',
        cause: { kind: 'interrupted', text: expect.stringContaining('supervisor') },
      });
      expect(ground.running()).toEqual([]);
    },
  );

  it('LAB-9: one whose folder is removed with the rest of the state ends by itself', async () => {
    const ground = await makeGround();
    await runKilled(ground, 'stay');
    expect(ground.running()).toHaveLength(1);
    await rename(ground.labs, path.join(ground.folder, 'moved'));
    await expect.poll(() => ground.running()).toEqual([]);
  });

  it('OP-4: what no record knows of is swept away at the next start', async () => {
    const ground = await makeGround();
    await runKilled(ground, 'stay');
    await rename(path.join(ground.folder, 'state'), path.join(ground.folder, 'lost'));
    const { said } = await resume(ground);
    expect(said).toEqual(['shop: what was left of an earlier lab is removed.']);
    expect(ground.running()).toEqual([]);
  });
});
