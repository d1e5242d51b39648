import { describe, expect, it } from 'vitest';
import { fakePlan } from './fake-target.harness.ts';
import { broken, ask, openLife, createBench, collect, never } from '../../test/support/lab-bench.ts';

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

  it('OP-4: a deploy asked for before what was left is taken up is neither begun twice nor swept away', async () => {
    const order: string[] = [];
    const planReady = Promise.withResolvers<void>();
    const { lab, target } = await createBench({
      async planOf(workspace) {
        order.push(`plan of ${workspace}`);
        if (workspace === 'late') await planReady.promise;
        return fakePlan();
      },
    });
    target.sweep = async (known) => {
      order.push(`swept but for ${known.map(({ workspace }) => workspace).join(', ')}`);
      planReady.resolve();
      return [];
    };
    const early = await lab.deploy({ workspace: 'early', ...ask });
    const late = lab.deploy({ workspace: 'late', ...ask });
    expect(await lab.resumeAll()).toEqual([]);
    for (const workspace of ['early', 'late']) await target.settle(workspace);
    expect(await early.done).toMatchObject({ status: 'ready' });
    expect(await (await late).done).toMatchObject({ status: 'ready' });
    expect(order).toEqual(['plan of early', 'plan of late', 'swept but for early', 'plan of late']);
    expect(target.requests.map(({ workspace }) => workspace)).toEqual(['early', 'late']);
    expect(target.removed).toEqual([]);
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
