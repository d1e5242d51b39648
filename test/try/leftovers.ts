import { readFileSync, readdirSync } from 'node:fs';

export interface Leftover {
  readonly pid: number;
  readonly command: string;
}

/**
 * Processes that were started for a state folder: one of their variables that say where to keep things points
 * into it. (Not PWD: that is also the person's own shell, looking at the logs.)
 * Linux only; elsewhere the list is empty and ending the process group has to do.
 */
export function findLeftovers(stateDir: string): Leftover[] {
  return pids().flatMap((pid) => {
    const variables = read(`/proc/${pid}/environ`).split('\0');
    const ours = variables.some((variable) => {
      const [, value = ''] = /^(?:FRONTDESK_STATE_DIR|HOME|TMPDIR|XDG_\w+)=(.*)$/.exec(variable) ?? [];
      return value === stateDir || value.startsWith(`${stateDir}/`);
    });
    return ours && pid !== process.pid ? [{ pid, command: commandOf(pid) }] : [];
  });
}

function commandOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`).split('\0').join(' ').trim();
}

function pids(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** A process may end, or belong to somebody else, between listing and reading. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
