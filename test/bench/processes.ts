/** What the kernel says of a process (Linux only). */
import { readdirSync, readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';

/** Ticks of /proc/<pid>/stat; 100 a second on every Linux we know of. */
const tickMs = 10;

/** @returns CPU time used so far, user and system, ms; children that run or are not waited for do not count */
export function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // Fields after the command, which may hold spaces and brackets: utime is the 12th, stime the 13th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

/** @returns resident memory now and at its highest, MB */
export function memoryOf(pid: number): { readonly now: number; readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const read = (field: string) => Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024;
  return { now: read('VmRSS'), peak: read('VmHWM') };
}

/** Whatever ends the bench ends the process's group too: Ctrl-C runs no disposal. */
export function endWithBench(pid: number): void {
  process.once('exit', () => {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // Gone already, which is the rule.
    }
  });
}

/** What somebody who reads the figures should know of the machine. */
export function machineFacts() {
  const all = cpus();
  return {
    cpu: all[0]?.model ?? 'unknown',
    cores: all.length,
    memoryMb: Math.round(totalmem() / 1024 ** 2),
    kernel: release(),
    node: process.version,
    load: loadavg().map((value) => Number(value.toFixed(2))),
  };
}

/** @returns the process and all below it */
export function treeOf(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // Ended meanwhile.
    }
  }
  const tree = [pid];
  // Children are appended while it is read.
  for (const parent of tree)
    tree.push(...[...parents].filter(([, of]) => of === parent).map(([child]) => child));
  return tree;
}

/** The OpenCode server below a process (it may run within a shell): its address and its password. */
export function openCodeBelow(pid: number): { readonly url: string; readonly password: string } {
  for (const each of treeOf(pid).toReversed()) {
    const words = readFileSync(`/proc/${each}/cmdline`, 'utf8').split('\0');
    const port = words.find((word) => word.startsWith('--port='))?.slice('--port='.length);
    if (port === undefined || words.includes('-c')) continue;
    const environment = readFileSync(`/proc/${each}/environ`, 'utf8').split('\0');
    const name = 'OPENCODE_SERVER_PASSWORD=';
    const password = environment.find((entry) => entry.startsWith(name))?.slice(name.length);
    if (password !== undefined) return { url: `http://127.0.0.1:${port}`, password };
  }
  throw new Error(`no OpenCode below ${pid}`);
}
