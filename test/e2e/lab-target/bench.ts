/** A worktree, one life of a service with a lab on it, and what runs of it. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { expect, onTestFinished } from 'vitest';
import type { Deployment, Lab } from '../../../mcp-servers/kit/lab.ts';
import {
  asker,
  createGround,
  type Ground,
  type LifeOptions,
  workspace,
} from '../../../mcp-servers/lab/local/ground.harness.ts';
import { findMarked } from '../../../mcp-servers/kit/processes.ts';
import { labsVariable, labVariable } from '../../../mcp-servers/lab/local/spec.ts';
import { findEnclosure } from '../../../frontdesk/hosts/enclosure.ts';

export const server = (body: string, before = '') =>
  `${before}\nrequire('node:http').createServer((request, response) => response.end(${body})).listen(process.env.PORT, process.env.HOST);\n`;
/** Ends a while after its first answer, and in every later life: on a slow machine, too, it is called ready before. */
export const crashingServer = server(
  '(answered(), "well")',
  `const fs = require('node:fs');
const crash = () => setTimeout(() => { console.error('boom'); process.exit(1); }, 300);
const answered = () => { if (!fs.existsSync('answered')) { fs.writeFileSync('answered', ''); crash(); } };
if (fs.existsSync('answered')) crash();`,
);
export const files = (source: string) => ({ 'server.js': source });

export async function createBench(contents: Readonly<Record<string, string>>, o: LifeOptions = {}) {
  const ground = await createGround(contents, process.env);
  onTestFinished(() => ground[Symbol.asyncDispose]());
  const life = await ground.open({ enclosure: await findEnclosure(), ...o });
  onTestFinished(() => life[Symbol.asyncDispose]());
  return { ground, lab: life.lab };
}

export async function deploy(lab: Lab): Promise<Deployment> {
  const { done } = await lab.deploy({ workspace, ...asker });
  return await done;
}

export async function ask({ url }: Deployment): Promise<string> {
  return await (await fetch(url ?? '')).text();
}

/** Processes of the app, without its keeper and what encloses it. */
export function appPids({ labs }: Ground): number[] {
  return findMarked(`${labsVariable}=${labs}`, labVariable)
    .map(({ pid }) => pid)
    .filter((pid) => commandOf(pid).startsWith('node '));
}

/** '' when there is no such process. */
export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

/** Also those that have no mark any more: by where they run. */
export function childrenNamed(folder: string, name: string): number[] {
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && commandOf(Number(pid)).endsWith(` ${name}`))
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
      } catch {
        return false;
      }
    })
    .map(Number);
}

export async function expectNothingRuns(ground: Ground): Promise<void> {
  await expect.poll(() => ground.running()).toEqual([]);
}
