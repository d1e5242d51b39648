import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { createTestGround } from '../../test/support/test-ground.ts';
import { readProcessStart } from '../kit/store/process-start.ts';
import { showTestRun } from '../kit/tests.ts';

const room = path.join(import.meta.dirname, 'tests.ts');
const kit = path.join(import.meta.dirname, '../kit');

/** A service of its own, with the run in `folder` under way; prints what the run prints. */
const service = (base: string, dir: string, folder: string) => `
import { createTests } from ${JSON.stringify(room)};
import { createSilentLog } from ${JSON.stringify(path.join(kit, 'log.ts'))};
import { openStore } from ${JSON.stringify(path.join(kit, 'store/store.ts'))};
const log = createSilentLog();
const store = await openStore({ dir: ${JSON.stringify(path.join(base, 'state'))}, log });
const tests = createTests({ store, dir: ${JSON.stringify(dir)}, log, redact: (t) => t, environment: process.env,
  repositoriesOf: async () => [{ repository: 'api', folder: ${JSON.stringify(folder)} }] });
await tests.run({ workspace: 'shop', suite: 'unit', by: 'U1', onLine: console.log });`;

describe('kill -9 of the service while tests run', () => {
  it('OP-4: the next one ends what was left, and says that the run was interrupted', async () => {
    await using ground = await createTestGround();
    await ground.tests[Symbol.asyncDispose]();
    // The run, and a child that left its group: both go on when their service is killed.
    const script = `process.on('SIGTERM', () => {}); const child = require('node:child_process').spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
      console.log('pids', process.pid, child.pid); setInterval(() => {}, 1000);`;
    const folder = await ground.add('api', {
      '.frontdesk.yaml': 'tests: {unit: [node, hang.cjs]}',
      'hang.cjs': script,
    });
    const child = spawn(
      process.execPath,
      ['--input-type=module', '-e', service(ground.base, ground.dir, folder)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const pids = line.split(' ').slice(1).map(Number);
    expect(pids).toHaveLength(2);
    child.kill('SIGKILL');
    await once(child, 'exit');
    for (const pid of pids) expect(await readProcessStart(pid)).not.toBeNull();

    await using next = await ground.open();
    const [run] = await next.results('shop');
    expect(run?.status).toBe('running');
    expect(await next.resumeAll()).toEqual([
      'Tests (unit) of shop were interrupted; what was left of them is ended.',
    ]);
    for (const pid of pids) expect(await readProcessStart(pid)).toBeNull();
    expect(await readdir(ground.dir)).toEqual(['home']);
    const [ended] = await next.results('shop');
    expect(ended && showTestRun(ended)).toBe('⚠️ Unit Tests: interrupted by a restart; run them again');
    expect(await next.resumeAll()).toEqual([]);
    const again = next.run({ workspace: 'shop', suite: 'integration', by: 'U1' });
    expect((await again).map(({ status }) => status)).toEqual(['skipped']);
  });
});
