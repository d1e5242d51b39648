import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseConfig } from '../config/load.ts';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import { openConfiguredWorkspaces } from './open-work.ts';
import { lockRoot } from './root-lock.ts';

const log = createSilentLog();
const config = parseConfig(
  { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', FRONTDESK_MODEL: 'a/b' },
  {},
);

async function makeRoot() {
  const path = await mkdtemp(join(tmpdir(), 'frontdesk-root-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

it('WS-2: two services do not work in one root; the second is told who does, and comes in after it', async () => {
  await using root = await makeRoot();
  const first = await openConfiguredWorkspaces(config, root.path, process.env, log);
  const second = openConfiguredWorkspaces(config, root.path, process.env, log);
  await expect(second).rejects.toMatchObject({
    code: 'root_locked',
    advice: expect.stringMatching(
      new RegExp(
        `works in this workspace root\\. .*held by process ${process.pid} .*FRONTDESK_WORKSPACE_ROOT`,
      ),
    ),
  });
  expect(first.list()).toEqual([]);
  await first[Symbol.asyncDispose]();
  await using _third = await openConfiguredWorkspaces(config, root.path, process.env, log);
});

it('OP-4: one that was killed holds nothing', async () => {
  await using root = await makeRoot();
  const script = `
    import { lockRoot } from ${JSON.stringify(join(import.meta.dirname, 'root-lock.ts'))};
    import { createSilentLog } from ${JSON.stringify(join(import.meta.dirname, '../../mcp-servers/kit/log.ts'))};
    await lockRoot(process.argv[1], createSilentLog());
    process.stdout.write('held');
    setInterval(() => {}, 1000);`;
  const child = execFile(process.execPath, ['--input-type=module', '-e', script, root.path]);
  await once(child.stdout ?? child, 'data');
  await expect(lockRoot(root.path, log)).rejects.toMatchObject({ code: 'root_locked' });
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  await using _lock = await lockRoot(root.path, log);
});
