import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import { launchOpenCode } from './process.ts';

/** Stands in for OpenCode: notes its arguments, and ends as on a taken port as often as the file says. */
const program = `#!/bin/sh
echo "$3" >> tries
if [ "$(wc -l < tries)" -le "$(cat taken)" ]; then echo 'Error: Unexpected error'; echo 'ServeError'; exit 1; fi
echo "opencode server listening on http://127.0.0.1:\${3#--port=}"
exec sleep 600
`;

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'frontdesk-process-'));
  await writeFile(join(directory, 'opencode'), program);
  await chmod(join(directory, 'opencode'), 0o755);
});
afterEach(async () => await rm(directory, { recursive: true, force: true }));

/** @param taken how many ports are taken meanwhile */
async function launch(taken: number, port?: number) {
  await writeFile(join(directory, 'taken'), String(taken));
  return await launchOpenCode({
    binary: join(directory, 'opencode'),
    environment: { PATH: '/usr/bin:/bin' },
    directory,
    pidFile: join(directory, 'process.json'),
    ...(port === undefined ? {} : { port }),
    readyTimeoutMs: 60_000,
    log: createSilentLog(),
  });
}
const tries = async () => (await readFile(join(directory, 'tries'), 'utf8')).trim().split('\n');

describe('starting OpenCode on a port that was free', () => {
  it('AG-1: one that somebody took meanwhile is left to them', async () => {
    const child = await launch(2);
    const ports = await tries();
    expect(ports).toHaveLength(3);
    expect(child.url).toBe(`http://127.0.0.1:${ports.at(-1)?.replace('--port=', '')}`);
    await child.end(0);
  });

  it('OP-5: the port of the configuration is tried once, and the failure told', async () => {
    await expect(launch(9, 4999)).rejects.toMatchObject({ code: 'opencode_failed' });
    expect(await tries()).toEqual(['--port=4999']);
  });

  it('a machine without a free port is told of, too', async () => {
    await expect(launch(99)).rejects.toThrow('ServeError');
    expect(await tries()).toHaveLength(4);
  });
});
