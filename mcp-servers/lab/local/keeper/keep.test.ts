import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readStatus } from '../status.ts';
import { keep } from './keep.ts';

it('LAB-4: a keeper that cannot go on says so itself: nobody ended it from outside', async () => {
  const place = await mkdtemp(path.join(tmpdir(), 'lab-'));
  onTestFinished(() => rm(place, { recursive: true }));
  await writeFile(path.join(place, 'file'), '');
  const limits = {
    installMs: 10_000,
    buildMs: 10_000,
    readyMs: 10_000,
    graceMs: 100,
    backoffMs: [],
    settledMs: 1000,
    sampleMs: 50,
    healthMs: 100,
    idleMs: null,
    logBytes: 1000,
  };
  const spec = {
    id: 'd1',
    place,
    cwd: place,
    env: {},
    install: ['/bin/true'],
    // What was installed is kept below a file.
    keep: { folder: 'deps', to: path.join(place, 'file', 'kept', 'deps') },
    build: [],
    start: ['/bin/true'],
    port: 1,
    isPortFixed: false,
    health: '/',
    memoryMb: 64,
    portNote: '',
    endWithService: false,
    limits,
  };
  await keep(spec, new AbortController().signal);
  expect(await readStatus(place)).toMatchObject({
    phase: 'ended',
    begun: ['install'],
    cause: { kind: 'internal', text: expect.stringMatching(/^Its supervisor failed: ENOTDIR/) },
  });
});
