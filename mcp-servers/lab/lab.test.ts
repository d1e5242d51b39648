import { describe, expect, it } from 'vitest';
import { FrontdeskError } from '../kit/errors.ts';
import { LabFailure } from '../kit/lab.ts';
import { fakePlan } from './fake-target.harness.ts';
import { broken, thread, ask, createBench, collect, never } from '../../test/support/lab-bench.ts';

describe('the lab', () => {
  it('LAB-7: a deploy tells its steps, live and again from any of them', async () => {
    const { lab, target } = await createBench();
    const { deployment, done } = await lab.deploy({ workspace: 'shop', ...ask });
    expect(deployment).toMatchObject({ status: 'deploying', workspace: 'shop', by: 'U1', ref: thread });
    const live = collect(lab.events(deployment.id, 0, never));
    await target.settle('shop');
    const ready = await done;
    expect(ready).toMatchObject({
      status: 'ready',
      url: `http://127.0.0.1/${deployment.id}`,
      log: [`log of ${deployment.id}`],
      steps: [
        { key: 'source', status: 'done' },
        { key: 'ready', status: 'done', detail: '/' },
      ],
    });
    const told = (await live).map(({ id, type, data }) => [id, type, data['step'] ?? data['status']]);
    expect(told).toEqual([
      [1, 'progress', 'source'],
      [2, 'step_complete', 'source'],
      [3, 'progress', 'ready'],
      [4, 'step_complete', 'ready'],
      [5, 'complete', 'ready'],
    ]);
    await lab.note(deployment.id, 'test_results', { passed: 3 });
    const again = await collect(lab.events(deployment.id, 4, never));
    expect(again.map(({ id, type }) => [id, type])).toEqual([
      [5, 'complete'],
      [6, 'test_results'],
    ]);
  });

  it('LAB-7: whoever stops listening is let go; an unknown one is said so', async () => {
    const { lab, target } = await createBench();
    const { deployment, done } = await lab.deploy({ workspace: 'shop', ...ask });
    const away = new AbortController();
    const listening = collect(lab.events(deployment.id, 0, away.signal));
    away.abort();
    await listening;
    await target.settle('shop');
    await done;
    await expect(collect(lab.events('nope', 0, never))).rejects.toThrow('nope');
    await expect(lab.note('nope', 'test_results', {})).rejects.toThrow(FrontdeskError);
  });

  it('LAB-4: a failed one has its cause, its log masked, is taken back, and what ran runs on', async () => {
    const { lab, target } = await createBench();
    const first = await lab.deploy({ workspace: 'shop', ...ask });
    await target.settle('shop');
    await first.done;
    const second = await lab.deploy({ workspace: 'shop', ...ask });
    await target.settle('shop', broken);
    expect(await second.done).toMatchObject({ status: 'failed', cause: broken.reason, url: null });
    expect(target.removed).toEqual([second.deployment.id]);
    expect(await lab.live('shop')).toMatchObject({ id: first.deployment.id, status: 'ready' });
    expect((await lab.list()).map(({ id }) => id)).toEqual([second.deployment.id, first.deployment.id]);
  });

  it('OUT-3: no secret is stored with a cause', async () => {
    const { lab, target } = await createBench();
    const { done } = await lab.deploy({ workspace: 'shop', ...ask });
    await target.settle('shop', new LabFailure({ kind: 'install', text: '`x hunter2` failed.', fix: '' }));
    expect(await done).toMatchObject({ cause: { text: '`x ***` failed.' } });
  });

  it('LAB-5: one that waited and cannot be run any more fails with what is wrong', async () => {
    let asked = 0;
    const planOf = async () => {
      asked += 1;
      if (asked > 2) throw new FrontdeskError('lab_unsupported', 'It is gone.');
      return fakePlan();
    };
    const { lab, target } = await createBench({ planOf });
    await lab.deploy({ workspace: 'shop', ...ask });
    const { done } = await lab.deploy({ workspace: 'shop', ...ask });
    await target.settle('shop');
    expect(await done).toMatchObject({
      status: 'failed',
      cause: { kind: 'config', text: expect.stringContaining('It is gone.') },
    });
  });

  it('LAB-1: what the last deploy made is pruned once the next is ready', async () => {
    const { lab, target } = await createBench();
    const first = await lab.deploy({ workspace: 'shop', ...ask });
    await target.settle('shop');
    await first.done;
    const second = await lab.deploy({ workspace: 'shop', ...ask });
    expect(await lab.live('shop')).toMatchObject({ id: first.deployment.id });
    await target.settle('shop');
    await second.done;
    expect(target.requests[1]?.before?.id).toBe(first.deployment.id);
    expect(target.removed).toEqual([first.deployment.id]);
    expect(await lab.get(first.deployment.id)).toMatchObject({ status: 'replaced' });
    expect((await lab.list()).map(({ id }) => id)).toEqual([second.deployment.id]);
  });

  it('LAB-5: two at once run one after the other; a third of the same is the second; others are refused', async () => {
    const { lab, target } = await createBench();
    const [first, second] = await Promise.all([
      lab.deploy({ workspace: 'shop', ...ask }),
      lab.deploy({ workspace: 'shop', ...ask }),
    ]);
    const third = await lab.deploy({ workspace: 'shop', ...ask });
    expect(third.deployment.id).toBe(second.deployment.id);
    await expect(lab.deploy({ workspace: 'shop', repository: 'web', ...ask })).rejects.toMatchObject({
      code: 'lab_busy',
    });
    expect(target.requests.length).toBeLessThanOrEqual(1);
    await target.settle('shop');
    expect(await first.done).toMatchObject({ status: 'ready' });
    await target.settle('shop');
    expect(await second.done).toMatchObject({ status: 'ready', steps: [{ key: 'queue' }, {}, {}] });
    expect(await third.done).toMatchObject({ id: second.deployment.id });
    expect(target.requests).toHaveLength(2);
  });

  it('LAB-5: a second may replace the first; other workspaces never wait', async () => {
    const { lab, target } = await createBench();
    const first = await lab.deploy({ workspace: 'shop', ...ask });
    const other = await lab.deploy({ workspace: 'blog', ...ask });
    const second = await lab.deploy({ workspace: 'shop', ifRunning: 'replace', ...ask });
    expect(await first.done).toMatchObject({ status: 'failed', cause: { kind: 'cancelled' } });
    await target.settle('blog');
    expect(await other.done).toMatchObject({ status: 'ready' });
    await target.settle('shop');
    expect(await second.done).toMatchObject({ status: 'ready' });
    expect(target.removed).toEqual([first.deployment.id]);
  });

  it('LAB-4: it is ended at its limit, with the step it was at, and by a person', async () => {
    const { lab } = await createBench({ totalMs: 200 });
    const { done } = await lab.deploy({ workspace: 'shop', ...ask });
    const late = await done;
    expect(late).toMatchObject({ status: 'failed', cause: { kind: 'timeout' } });
    // The last step, but on a busy machine, where one may begin while it is being ended.
    const said = late.steps.map(({ label }) => `It was not ready within 200 ms; it was at "${label}".`);
    expect(said).toContain(late.cause?.text);
    const { lab: patient } = await createBench();
    const second = await patient.deploy({ workspace: 'shop', ...ask });
    await patient.cancel(second.deployment.id, 'U2');
    expect(await second.done).toMatchObject({ status: 'failed', cause: { kind: 'cancelled' } });
    await expect(patient.cancel(second.deployment.id, 'U2')).rejects.toMatchObject({ code: 'lab_unknown' });
  });

  it('LAB-4: cancelled in the moment it gets ready, it is cancelled: a person was told so', async () => {
    const { lab, target } = await createBench();
    const deploy = target.deploy.bind(target);
    target.deploy = async (request, progress, signal) => {
      const ready = deploy(request, progress, signal);
      await target.settle('shop');
      const deployed = await ready;
      lab.cancel(request.id, 'U2').catch(() => {});
      return deployed;
    };
    const { deployment, done } = await lab.deploy({ workspace: 'shop', ...ask });
    expect(await done).toMatchObject({ status: 'failed', cause: { kind: 'cancelled' } });
    expect(target.removed).toEqual([deployment.id]);
  });

  it('LAB-6: cleanup ends a running deploy, removes all, and comes before the next deploy', async () => {
    const { lab, target } = await createBench();
    const first = await lab.deploy({ workspace: 'shop', ...ask });
    await target.settle('shop');
    await first.done;
    const second = await lab.deploy({ workspace: 'shop', ...ask });
    const cleaning = lab.cleanup('shop');
    const third = await lab.deploy({ workspace: 'shop', ...ask });
    await cleaning;
    expect(await second.done).toMatchObject({ cause: { kind: 'cancelled' } });
    expect(target.removed).toContain('shop');
    expect(await lab.get(first.deployment.id)).toMatchObject({ status: 'removed' });
    await target.settle('shop');
    expect(await third.done).toMatchObject({ status: 'ready' });
    await lab.cleanup('shop');
    expect(await lab.list()).toEqual([]);
    expect(await lab.live('shop')).toBeNull();
  });

  it('WA-2: observe finds what went down and what came back, and tells each once', async () => {
    const { lab, target } = await createBench();
    const { deployment, done } = await lab.deploy({ workspace: 'shop', ...ask });
    await target.settle('shop');
    await done;
    const seen: string[] = [];
    using _ = lab.onChange(({ status }) => seen.push(status));
    const cause = { kind: 'crash_loop', text: 'It crashed.', fix: 'Mend it.' } as const;
    target.standing.set(deployment.id, { state: 'down', cause, restarts: 3 });
    await lab.observe();
    await lab.observe();
    expect(await lab.status('shop')).toMatchObject({ status: 'down', cause, log: [`live ${deployment.id}`] });
    target.standing.set(deployment.id, { state: 'ready', cause: null, restarts: 3 });
    await lab.observe();
    target.standing.delete(deployment.id);
    await lab.observe();
    expect(seen).toEqual(['down', 'ready', 'down']);
    expect(await lab.status('shop')).toMatchObject({ cause: { kind: 'interrupted' } });
  });

  it('LAB-6: one with an expiry ends by itself', async () => {
    const { lab, target, clock } = await createBench({ expireAfterMs: 60_000 });
    const { deployment, done } = await lab.deploy({ workspace: 'shop', ...ask });
    await target.settle('shop');
    await done;
    clock.now += 59_999;
    await lab.observe();
    expect(await lab.status('shop')).toMatchObject({ status: 'ready' });
    clock.now += 1;
    await lab.observe();
    expect(await lab.status('shop')).toMatchObject({ status: 'removed', cause: { kind: 'expired' } });
    expect(target.removed).toEqual([deployment.id]);
  });

  it('LAB-4: logs are masked; of what is gone, the last lines are kept', async () => {
    const { lab, target } = await createBench();
    await expect(lab.logs('shop', 10)).rejects.toMatchObject({ code: 'lab_unknown' });
    const { done } = await lab.deploy({ workspace: 'shop', ...ask });
    target.logs = async () => ['password is hunter2'];
    await target.settle('shop');
    await done;
    expect(await lab.logs('shop', 10)).toEqual(['password is ***']);
    const second = await lab.deploy({ workspace: 'shop', ...ask });
    await target.settle('shop', broken);
    await second.done;
    expect(await lab.logs('shop', 10)).toEqual([`log of ${second.deployment.id}`]);
  });
});
