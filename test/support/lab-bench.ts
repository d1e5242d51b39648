/** What the tests of deployments share: a lab on a folder of its own over a fake target, ended with its test. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { type DeploymentEvent, LabFailure } from '../../mcp-servers/kit/lab.ts';
import { openFakeLife } from '../../mcp-servers/lab/fake-life.harness.ts';
import { createFakeTarget, type FakeTarget } from '../../mcp-servers/lab/fake-target.harness.ts';
import type { LabOptions } from '../../mcp-servers/lab/lab.ts';

export const broken = new LabFailure({ kind: 'exited', text: 'It ended with exit code 1.', fix: 'Mend it.' });
export const thread = { team: 'T', channel: 'C', thread: '1.0', dm: false };
export const ask = { by: 'U1', ref: thread };

async function tempFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'lab-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function openLife(dir: string, target: FakeTarget, o: Partial<LabOptions> = {}) {
  const life = await openFakeLife(dir, target, o);
  onTestFinished(() => life.end());
  return life;
}

export async function createBench(o: Partial<LabOptions> = {}) {
  const target = createFakeTarget();
  const dir = await tempFolder();
  return { target, dir, ...(await openLife(dir, target, o)) };
}

export async function collect(events: AsyncIterable<DeploymentEvent>): Promise<DeploymentEvent[]> {
  const all: DeploymentEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

export const never = new AbortController().signal;
