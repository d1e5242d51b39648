import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Log } from '../../mcp-servers/kit/log.ts';

const record = z.object({
  pid: z.number().int().positive(),
  /** When the process started, in the system's own words: tells it from a later one with its number. */
  startedAt: z.string().min(1),
});

/** When a process started; undefined when there is none (a zombie counts as none). */
export function startTimeOf(pid: number): string | undefined {
  try {
    if (process.platform !== 'linux') {
      return (
        execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined
      );
    }
    // Fields after the command, which may hold spaces and brackets: state is the 1st, start time the 20th.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z') return undefined;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}:${fields[19]}`;
  } catch {
    return undefined;
  }
}

/** Notes the child that leads its own process group, synchronously: a kill right after must find it. */
export function writePidRecord(file: string, pid: number): void {
  const startedAt = startTimeOf(pid);
  if (startedAt !== undefined) writeFileSync(file, JSON.stringify({ pid, startedAt }), { mode: 0o600 });
}

export function removePidRecord(file: string): void {
  rmSync(file, { force: true });
}

/** Signals a whole process group; one that is gone is no error. */
export function signalGroup(pgid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pgid, signal);
  } catch (error) {
    // EPERM: none of its members is ours any more.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}

/**
 * Ends the OpenCode that an earlier service left when it was killed. Only when number and start time match:
 * the number may belong to somebody else by now.
 */
export async function endOrphan(file: string, log: Log, graceMs = 3_000): Promise<void> {
  const orphan = readRecord(file);
  if (!orphan) return;
  const lives = () => startTimeOf(orphan.pid) === orphan.startedAt;
  if (lives()) {
    log.warn({ pid: orphan.pid }, 'opencode.orphan.ending');
    signalGroup(orphan.pid, 'SIGTERM');
    for (const end = performance.now() + graceMs; lives() && performance.now() < end;) await sleep(50);
    if (lives()) signalGroup(orphan.pid, 'SIGKILL');
  }
  removePidRecord(file);
}

function readRecord(file: string): z.infer<typeof record> | undefined {
  try {
    return record.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}
