import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startTimeOf } from '../../kit/processes.ts';
import { followKeeper } from './follow.ts';
import { keeperVariable } from './spec.ts';
import { writeStatus } from './write-status.ts';

async function createPlace(): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), 'lab-'));
  onTestFinished(() => rm(root, { recursive: true }));
  return root;
}

it('LAB-4: steps that were over before anybody looked are told, also of a deploy that failed', async () => {
  const root = await createPlace();
  const cause = { kind: 'exited', text: 'It ended.', fix: 'Mend it.' } as const;
  writeStatus(root, {
    phase: 'ended',
    begun: ['install', 'start'],
    restarts: 0,
    cause,
    host: '127.0.0.1',
  });
  const steps: string[] = [];
  const progress = {
    step: async (key: string, _: string, detail?: string) => void steps.push(`${key}: ${detail}`),
    log: () => {},
    handle: async () => {},
  };
  const handle = { pid: process.pid, started: '', port: 1, kept: '', digest: '' };
  const followed = { id: 'd1', root, handle, commands: { install: ['npm', 'ci'] }, told: ['source'] };
  await expect(followKeeper(followed, progress, new AbortController().signal)).rejects.toMatchObject({
    reason: cause,
  });
  expect(steps).toEqual(['install: npm ci', 'start: ']);
});

it('LAB-6: one that fell asleep before anybody looked is ready: it answers who asks', async () => {
  const root = await createPlace();
  const keeper = spawn('/bin/sleep', ['600'], { env: { [keeperVariable]: 'd1' }, stdio: 'ignore' });
  onTestFinished(() => void keeper.kill('SIGKILL'));
  await once(keeper, 'spawn');
  writeStatus(root, { phase: 'asleep', begun: ['start'], restarts: 0, cause: null, host: '127.0.0.1' });
  const pid = keeper.pid ?? 0;
  const handle = { pid, started: startTimeOf(pid) ?? '', port: 4000, kept: '', digest: '' };
  const progress = { step: async () => {}, log: () => {}, handle: async () => {} };
  const followed = { id: 'd1', root, handle, commands: {}, told: ['start'] };
  expect(await followKeeper(followed, progress, AbortSignal.timeout(120_000))).toBe('http://127.0.0.1:4000');
});
