import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { isSame, startTimeOf } from './processes.ts';

async function sleeper(env: Record<string, string>): Promise<number> {
  const child = spawn('/bin/sleep', ['600'], { env, stdio: 'ignore' });
  await once(child, 'spawn');
  onTestFinished(async () => {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  });
  return child.pid ?? 0;
}

it('LAB-9: a process is known by its start and its mark; by its start alone while it has no environment to read', async () => {
  const [marked, bare] = [await sleeper({ MARK: 'a' }), await sleeper({})];
  const started = startTimeOf(marked) ?? '';
  expect(isSame(marked, started, 'MARK=a')).toBe(true);
  expect(isSame(marked, started, 'MARK=b')).toBe(false);
  expect(isSame(marked, `${started}0`, 'MARK=a')).toBe(false);
  // As one in the middle of an exec.
  expect(isSame(bare, startTimeOf(bare) ?? '', 'MARK=a')).toBe(true);
  expect(isSame(bare, `${startTimeOf(bare)}0`, 'MARK=a')).toBe(false);
});
