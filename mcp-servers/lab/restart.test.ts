import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type DeploymentEvent, LabFailure } from '../kit/lab.ts';
import { openFakeLife } from './fake-life.harness.ts';
import { createFakeTarget, type FakeTarget } from './fake-target.harness.ts';
import type { LabOptions } from './lab.ts';

const broken = new LabFailure({ kind: 'exited', text: 'It ended with exit code 1.', fix: 'Mend it.' });
const thread = { team: 'T', channel: 'C', thread: '1.0', dm: false };
const ask = { by: 'U1', ref: thread };

async function tempFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'lab-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function openLife(dir: string, target: FakeTarget, o: Partial<LabOptions> = {}) {
  const life = await openFakeLife(dir, target, o);
  onTestFinished(() => life.end());
  return life;
}

async function createBench(o: Partial<LabOptions> = {}) {
  const target = createFakeTarget();
  const dir = await tempFolder();
  return { target, dir, ...(await openLife(dir, target, o)) };
}

async function collect(events: AsyncIterable<DeploymentEvent>): Promise<DeploymentEvent[]> {
  const all: DeploymentEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

const never = new AbortController().signal;

describe('the lab over a restart', () => {
  it('OP-4: goes on with what runs, begins what had not begun, and says so', async () => {
    const { lab, target, dir, ...life } = await createBench();
    const first = await lab.deploy({ workspace: 'shop', ...ask });
    const second = await lab.deploy({ workspace: 'shop', ...ask });
    await target.settle('blog');
    const blog = await lab.deploy({ workspace: 'blog', ...ask });
    await blog.done;
    await life.end();
    expect(await first.done).toMatchObject({ status: 'deploying' });
    expect(target.removed).toEqual([]);

    const next = await openLife(dir, target);
    expect(await next.lab.resumeAll()).toEqual([
      `blog: its lab still runs at http://127.0.0.1/${blog.deployment.id}.`,
      'shop: its deployment went on while the service was away; it is followed again.',
      'shop: its deployment had not begun; it begins now.',
    ]);
    expect(target.swept[0]).toContain(first.deployment.id);
    const events = collect(next.lab.events(second.deployment.id, 0, never));
    await target.settle('shop');
    await collect(next.lab.events(first.deployment.id, 0, never));
    await target.settle('shop');
    expect((await events).at(-1)).toMatchObject({ type: 'complete', data: { status: 'ready' } });
    expect(await next.lab.live('shop')).toMatchObject({ id: second.deployment.id });
    expect(await next.lab.get(first.deployment.id)).toMatchObject({ status: 'replaced' });
  });

  it('OP-4: takes back what is half-made, prunes what was left, tells what is down', async () => {
    const { lab, target, dir, ...life } = await createBench();
    const blog = await lab.deploy({ workspace: 'blog', ...ask });
    await target.settle('blog');
    await blog.done;
    const half = await lab.deploy({ workspace: 'shop', ...ask });
    await expect.poll(async () => (await lab.get(half.deployment.id))?.steps.length).toBe(2);
    await life.end();
    target.standing.clear();

    const next = await openLife(dir, target);
    expect(await next.lab.resumeAll()).toEqual([
      'blog: its lab is down. It is not running any more: it was ended from outside, or the machine was restarted.',
      'shop: its deployment was cut off by the restart; what was half-made is taken back.',
    ]);
    expect(await next.lab.status('shop')).toMatchObject({ status: 'failed', cause: { kind: 'interrupted' } });
    expect(target.removed).toEqual([half.deployment.id]);
    expect(target.swept.at(-1)).toEqual([blog.deployment.id]);
  });

  it('OP-4: a deploy that failed while the service was away has its own cause', async () => {
    const { lab, target, dir, ...life } = await createBench();
    const { deployment } = await lab.deploy({ workspace: 'shop', ...ask });
    await expect.poll(async () => (await lab.get(deployment.id))?.steps.length).toBe(2);
    await life.end();
    target.standing.set(deployment.id, { state: 'down', cause: broken.reason, restarts: 0 });
    const next = await openLife(dir, target);
    expect(await next.lab.resumeAll()).toEqual([
      'shop: its deployment failed while the service was away. It ended with exit code 1.',
    ]);
    expect(await next.lab.status('shop')).toMatchObject({
      cause: broken.reason,
      log: [`live ${deployment.id}`],
    });
  });
});
