import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { asker, workspace } from '../../../mcp-servers/lab/local/ground.harness.ts';
import {
  appPids,
  ask,
  crashingServer,
  createBench,
  deploy,
  expectNothingRuns,
  files,
  server,
} from './bench.ts';

describe('a lab that does not go well', () => {
  it('LAB-4: a crash at start ends it at once with its last 50 lines, and leaves nothing', async () => {
    const lines = 'for (let i = 1; i <= 70; i++) console.error("line", i); process.exit(3);';
    const { ground, lab } = await createBench(files(lines));
    const failed = await deploy(lab);
    expect(failed).toMatchObject({
      status: 'failed',
      cause: { kind: 'exited', text: '`node server.js` ended with exit code 3 before it answered.' },
    });
    expect(failed.log).toHaveLength(50);
    expect(failed.log.at(-1)).toBe('line 70');
    expect(failed.steps.at(-1)).toMatchObject({ key: 'start', status: 'failed' });
    await expectNothingRuns(ground);
    await expect(stat(path.join(ground.labs, workspace, failed.id))).rejects.toThrow('ENOENT');
  });

  it('LAB-4: one that crashes later is started again three times; then it is down, said with its cause', async () => {
    const { ground, lab } = await createBench(files(crashingServer));
    const { id } = await deploy(lab);
    const seen: (string | undefined)[] = [];
    using _ = lab.onChange(({ status, cause }) => seen.push(`${status} ${cause?.kind}`));
    await expect.poll(async () => (await lab.observe(), (await lab.status(workspace))?.status)).toBe('down');
    const down = await lab.status(workspace);
    expect(down).toMatchObject({ id, cause: { kind: 'crash_loop' } });
    expect(down?.cause?.text).toMatch(/^It crashed 4 times within .* ended with exit code 1\.$/);
    expect(down?.log.filter((line) => line === 'boom')).toHaveLength(4);
    expect(seen).toEqual(['down crash_loop']);
    await expectNothingRuns(ground);
    // Its log stays for whoever looks for the reason.
    expect(await lab.logs(workspace, 5)).toContain('boom');
  });

  it('LAB-4: one that recovers after a crash stays ready', async () => {
    const once = server(
      '"well"',
      'const fs = require("fs"); if (!fs.existsSync("crash")) setInterval(() => fs.existsSync("crash") && process.exit(1), 20);',
    );
    const { ground, lab } = await createBench(files(once));
    const ready = await deploy(lab);
    const [first] = appPids(ground);
    expect(first).toBeDefined();
    await writeFile(path.join(ground.labs, workspace, ready.id, 'app', 'crash'), '');
    await expect.poll(() => appPids(ground).filter((pid) => pid !== first).length).toBe(1);
    await expect.poll(() => ask(ready).catch(() => '')).toBe('well');
    await lab.observe();
    expect(await lab.status(workspace)).toMatchObject({ status: 'ready' });
  });

  it('LAB-4: a port that is never opened ends it at the limit', async () => {
    const { ground, lab } = await createBench(files('setInterval(() => {}, 1000);'), {
      limits: { readyMs: 400 },
    });
    expect(await deploy(lab)).toMatchObject({
      status: 'failed',
      cause: {
        kind: 'port_closed',
        text: expect.stringMatching(/nothing listened on port \d+ within 400 ms/),
      },
    });
    await expectNothingRuns(ground);
  });

  it('LAB-4: an answer that is never well ends it at the limit', async () => {
    const sick = server('(response.statusCode = 503, "no")');
    // So long that it listens by then.
    const { ground, lab } = await createBench(files(sick), { limits: { readyMs: 4000 } });
    expect(await deploy(lab)).toMatchObject({
      status: 'failed',
      cause: { kind: 'unhealthy', text: 'It runs, but / answered 503 for 4 s.' },
    });
    await expectNothingRuns(ground);
  });

  it('LAB-4: cancelled in the middle, nothing of it is left', async () => {
    const { ground, lab } = await createBench(files('setInterval(() => {}, 1000);'));
    const { deployment, done } = await lab.deploy({ workspace, ...asker });
    await expect.poll(() => appPids(ground).length).toBe(1);
    await lab.cancel(deployment.id, 'U1');
    expect(await done).toMatchObject({ status: 'failed', cause: { kind: 'cancelled' } });
    expect(ground.running()).toEqual([]);
  });
});
