import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import { endOrphan, signalGroup, startTimeOf, writePidRecord } from './pid-record.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'frontdesk-pid-'));
  file = join(folder, 'process.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function startSleeper() {
  const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
  await once(child, 'spawn');
  return { pid: child.pid ?? 0, exited: once(child, 'exit') };
}

describe('OP-4: the record of the child', () => {
  it('finds and ends the orphan it names', async () => {
    const { pid, exited } = await startSleeper();
    writePidRecord(file, pid);
    await endOrphan(file, createSilentLog());
    expect((await exited)[1]).toBe('SIGTERM');
    expect(existsSync(file)).toBe(false);
  });

  it('leaves a process alone that only has its number', async () => {
    const { pid, exited } = await startSleeper();
    writeFileSync(file, JSON.stringify({ pid, startedAt: 'another boot:1' }));
    await endOrphan(file, createSilentLog());
    expect(startTimeOf(pid)).toBeDefined();
    signalGroup(pid, 'SIGKILL');
    await exited;
    expect(startTimeOf(pid)).toBeUndefined();
  });

  it('takes a missing or damaged record for none', async () => {
    await endOrphan(file, createSilentLog());
    writeFileSync(file, '{"pid":-1}');
    await endOrphan(file, createSilentLog());
    writeFileSync(file, 'half a rec');
    await endOrphan(file, createSilentLog());
    expect(() => signalGroup(2 ** 22 + 1, 'SIGTERM')).not.toThrow();
  });
});
