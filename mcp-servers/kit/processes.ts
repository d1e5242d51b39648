/**
 * The processes of a lab or a test run, found in /proc by what is in their environment. Elsewhere than on Linux only their
 * group is known. A lab's keeper runs this, too: it loads no packages.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const isLinux = process.platform === 'linux';

/** When a process started, in the system's own words: tells it from a later one with its number; undefined: there is none. */
export function startTimeOf(pid: number): string | undefined {
  if (isLinux) return readStat(pid)?.started;
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether the process that was started then lives, and carries this mark (`NAME=value`): never one that got its number. In the
 * middle of an exec it has no environment to look at, for as long as a busy machine takes to load the program: then its start
 * is enough. (What encloses a keeper becomes the keeper by an exec, after it has been found.)
 */
export function isSame(pid: number, started: string, mark: string): boolean {
  return startTimeOf(pid) === started && (environmentOf(pid)?.includes(mark) ?? true);
}

export interface MarkedProcess {
  readonly pid: number;
  readonly parent: number;
  readonly started: string;
  /** Of the variable asked for. */
  readonly value: string;
}

/** All processes with this mark, with the value of another variable of theirs. None where there is no /proc. */
export function findMarked(mark: string, variable: string): MarkedProcess[] {
  return listPids().flatMap((pid) => {
    const environment = environmentOf(pid) ?? [];
    if (!environment.includes(mark)) return [];
    const stat = readStat(pid);
    const value = environment.find((each) => each.startsWith(`${variable}=`))?.slice(variable.length + 1);
    if (stat === undefined || value === undefined) return [];
    return [{ pid, parent: stat.parent, started: stat.started, value }];
  });
}

/** What belongs to one lab or run: what carries its mark, descends from what does, or is in a group or session of it. */
export interface ProcessGroup {
  /** A process known from its start: the leader of a group of its own. */
  add(pid: number): void;
  /** Those that live. */
  pids(): number[];
  /** Resident memory of all of it, in bytes; where that is above `limit`, what is shared is counted once. */
  memory(limit: number): number;
  /** Asks all of it to end, ends what still lives after `graceMs`. @returns false: something lives still */
  end(graceMs: number): Promise<boolean>;
}

/** @param mark `NAME=value` in the environment of its processes */
export function createProcessGroup(mark: string): ProcessGroup {
  const members = new Map<number, string>();
  const leaders = new Set<number>();
  /** Looked at, and none of it. */
  const strangers = new Set<number>();
  /** In the middle of an exec a process has no environment: looked at again. (The kernel's own never have one, nor a session.) */
  const unsure = new Map<number, number>();

  const classify = (pid: number): void => {
    const stat = readStat(pid);
    if (stat === undefined) return;
    const environment = environmentOf(pid);
    const isOurs =
      environment?.includes(mark) ||
      members.has(stat.parent) ||
      leaders.has(stat.group) ||
      leaders.has(stat.session);
    if (isOurs) {
      members.set(pid, stat.started);
      return;
    }
    const looks = (unsure.get(pid) ?? 0) + 1;
    if (environment !== undefined || looks > looksEnough || stat.session === 0) {
      strangers.add(pid);
      unsure.delete(pid);
    } else unsure.set(pid, looks);
  };

  const scan = (): void => {
    const there = new Set(listPids());
    for (const known of [strangers, unsure, members]) {
      for (const pid of known.keys()) if (!there.has(pid)) known.delete(pid);
    }
    for (const [pid, started] of members) {
      if (readStat(pid)?.started !== started) members.delete(pid);
    }
    for (const pid of there) {
      if (pid !== process.pid && !members.has(pid) && !strangers.has(pid)) classify(pid);
    }
  };

  const pids = (): number[] => {
    if (!isLinux) return [...leaders].filter((pid) => signal(-pid, 0));
    scan();
    return [...members.keys()];
  };

  const signalAll = (name: NodeJS.Signals): boolean => {
    const found = pids();
    for (const pid of found) signal(isLinux ? pid : -pid, name);
    return found.length > 0;
  };

  return {
    add(pid) {
      leaders.add(pid);
      const started = startTimeOf(pid);
      if (started !== undefined) members.set(pid, started);
    },
    pids,
    memory(limit) {
      const found = pids();
      const sum = (of: (pid: number) => number) => found.reduce((total, pid) => total + of(pid), 0);
      const resident = sum(residentOf);
      // Exact, and a hundred times the work.
      return resident > limit ? sum(proportionalOf) : resident;
    },
    async end(graceMs) {
      signalAll('SIGTERM');
      for (const grace = Date.now() + graceMs; Date.now() < grace && pids().length > 0;) await pause(20);
      // What forks while it is ended is met at the next look; what was in the middle of an exec, at one of the next few.
      // (On a busy machine some other process always is.)
      for (let [last, empty] = [Date.now() + 5000, 0]; ; await pause(10)) {
        empty = signalAll('SIGKILL') ? 0 : empty + 1;
        if (empty > 0 && (unsure.size === 0 || empty > looksEnough)) return true;
        if (empty === 0 && Date.now() > last) return false;
      }
    },
  };
}

interface Stat {
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  readonly started: string;
}

/** Looks at a process without an environment until it is taken for a stranger. */
const looksEnough = 3;
let boot: string | undefined;

/** undefined: there is none, or it is dead and waits to be taken note of. */
function readStat(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Fields after the command, which may hold spaces and brackets: state is the 1st, start time the 20th.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return {
      parent: Number(fields[1]),
      group: Number(fields[2]),
      session: Number(fields[3]),
      started: `${boot}:${fields[19]}`,
    };
  } catch {
    return undefined;
  }
}

/** undefined: it has none now, or is none of our business. */
function environmentOf(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/environ`, 'latin1');
    return text === '' ? undefined : text.split('\0');
  } catch {
    return undefined;
  }
}

function listPids(): number[] {
  if (!isLinux) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function residentOf(pid: number): number {
  return readKilobytes(`/proc/${pid}/status`, /^VmRSS:\s+(\d+) kB$/m) ?? 0;
}

function proportionalOf(pid: number): number {
  return readKilobytes(`/proc/${pid}/smaps_rollup`, /^Pss:\s+(\d+) kB$/m) ?? residentOf(pid);
}

/** In bytes. */
function readKilobytes(file: string, pattern: RegExp): number | undefined {
  try {
    const found = pattern.exec(readFileSync(file, 'utf8'))?.[1];
    return found === undefined ? undefined : Number(found) * 1024;
  } catch {
    return undefined;
  }
}

/** Gone or not ours any more is no error. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
