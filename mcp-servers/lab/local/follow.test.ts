import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { followKeeper } from './follow.ts';
import { writeStatus } from './write-status.ts';

it('LAB-4: steps that were over before anybody looked are told, also of a deploy that failed', async () => {
  const root = await mkdtemp(path.join(tmpdir(), 'lab-'));
  onTestFinished(() => rm(root, { recursive: true }));
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
