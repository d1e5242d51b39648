import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectLabTools } from '../../test/support/lab-tools.ts';
import { FrontdeskError } from '../kit/errors.ts';
import { LabFailure } from '../kit/lab.ts';
import { openFakeLife } from './fake-life.harness.ts';
import { createFakeTarget } from './fake-target.harness.ts';
import type { LabOptions } from './lab.ts';

async function createBench({ shown = false, ...o }: Partial<LabOptions> & { readonly shown?: boolean } = {}) {
  const dir = await mkdtemp(path.join(tmpdir(), 'lab-tools-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  const target = createFakeTarget();
  const life = await openFakeLife(dir, target, o);
  onTestFinished(() => life.end());
  const tools = await connectLabTools(life.lab, { shown });
  onTestFinished(() => tools[Symbol.asyncDispose]());
  return { target, tools, lab: life.lab };
}

describe('the lab server', () => {
  it('MCP-4: lists its tools as agents know them', async () => {
    const { tools } = await createBench();
    expect((await tools.client.listTools()).tools).toMatchSnapshot();
  });

  it('LAB-4: where a card shows it, deploy returns at once and says so', async () => {
    const { tools, target, lab } = await createBench({ shown: true });
    const { text, data } = await tools.call('deploy', {});
    expect(data).toMatchObject({ workspace: 'shop', status: 'deploying', shown: true, url: null });
    expect(text).toContain('do not wait for it');
    await target.settle('shop');
    await expect.poll(() => lab.live('shop')).not.toBeNull();
  });

  it('MCP-3: where nobody else tells, deploy waits and reports each step', async () => {
    const { tools, target } = await createBench();
    await target.settle('shop');
    const heard: string[] = [];
    const { text, data } = await tools.call('deploy', { workspace: 'shop', repository: 'api' }, heard);
    expect(text).toMatch(/^✅ Deployment ready: http:\/\/127\.0\.0\.1\/d/);
    expect(data).toMatchObject({
      repository: 'api',
      status: 'ready',
      cause: '',
      steps: [
        expect.stringMatching(/^Copying the code: 0\.0 s$/),
        expect.stringContaining('Waiting for the app'),
      ],
    });
    expect(heard).toContain('Copying the code');
  });

  it('LAB-4: a failure is told with its cause and what to do', async () => {
    const { tools, target } = await createBench();
    await target.settle('shop', new LabFailure({ kind: 'exited', text: 'It ended.', fix: 'Mend it.' }));
    const { text, data, failed } = await tools.call('deploy');
    expect({ text, failed }).toEqual({ text: '❌ Deployment failed - It ended. Mend it.', failed: false });
    expect(data).toMatchObject({ status: 'failed', steps: [{}, expect.stringContaining('(failed)')] });
  });

  it('MCP-3: what cannot be run is refused with what would help', async () => {
    const planOf = async () => {
      throw new FrontdeskError('lab_unsupported', 'app does not show how it is started.');
    };
    const { tools } = await createBench({ planOf });
    const { failed, text } = await tools.call('deploy');
    expect(failed).toBe(true);
    expect(text).toContain('app does not show how it is started. Add a .frontdesk.yaml');
  });

  it('MCP-4: status, list and logs read; the one that runs beside a failed one is there', async () => {
    const { tools, target } = await createBench();
    expect((await tools.call('status')).data).toEqual({ latest: null, running: null });
    expect((await tools.call('logs')).text).toContain('Nothing is deployed there.');
    await target.settle('shop');
    await tools.call('deploy');
    await target.settle('shop', new LabFailure({ kind: 'exited', text: 'It ended.', fix: 'Mend it.' }));
    await tools.call('deploy');
    const { data } = await tools.call('status');
    expect(data).toMatchObject({ latest: { status: 'failed' }, running: { status: 'ready' } });
    expect((await tools.call('list')).data).toMatchObject({
      labs: [{ status: 'failed' }, { status: 'ready' }],
    });
    expect((await tools.call('logs', { lines: 5 })).text).toMatch(/^log of d/);
  });

  it('MCP-5: cleanup asks a person and removes nothing', async () => {
    const { tools, target } = await createBench();
    expect((await tools.call('cleanup')).text).toContain('Nothing is deployed there.');
    await target.settle('shop');
    await tools.call('deploy');
    const { data, text } = await tools.call('cleanup');
    expect(data).toEqual({ outcome: 'asked', workspace: 'shop' });
    expect(text).toContain('Nothing was done yet');
    expect(tools.asked).toEqual([
      {
        title: 'Remove the lab of shop?',
        detail: expect.stringMatching(/^http.* will not answer any more\. What the app has stored/),
        workspace: 'shop',
      },
    ]);
    expect(target.removed).toEqual([]);
  });
});
