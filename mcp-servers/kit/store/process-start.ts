import { readIfThere } from './document-file.ts';

/** @returns the kernel's boot id; '' where there is none (not Linux). */
export async function readBootId(): Promise<string> {
  return (await readIfThere('/proc/sys/kernel/random/boot_id').catch(() => null))?.trim() ?? '';
}

/**
 * @returns when the process started (Linux: clock ticks since boot); '' when it runs but that cannot be told;
 *   null when no such process runs. One that is dead and only not yet waited for does not run.
 */
export async function readProcessStart(pid: number): Promise<string | null> {
  if (!isThere(pid)) return null;
  const stat = await readIfThere(`/proc/${pid}/stat`).catch(() => null);
  if (stat === null) return '';
  // The command name, in brackets, may contain anything; the fields after it do not. 3rd: state, 22nd: start.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? '');
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
