/** Why an app on this machine is not ready, in words. Pure; times in ms. */
import type { LabCause } from '../../../kit/lab.ts';
import { showFull } from '../../../kit/memory-limit.ts';
import type { Health } from './health.ts';

export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
  /** It could not even be started. */
  readonly error: string | null;
}

const seeLines = 'See its last lines, mend the error and deploy again.';

export function didNotInstall(command: string, exit: Exit | 'late', limitMs: number): LabCause {
  return {
    kind: 'install',
    text:
      exit === 'late'
        ? `\`${command}\` took longer than ${seconds(limitMs)}.`
        : `\`${command}\` ${ended(exit)}.`,
    fix: exit === 'late' ? 'Make it quicker, and deploy again.' : seeLines,
  };
}

export function exitedAtStart(command: string, exit: Exit, portNote: string): LabCause {
  return {
    kind: 'exited',
    text: join(`\`${command}\` ${ended(exit)} before it answered.`, portNote),
    fix: seeLines,
  };
}

export function crashLoop(exit: Exit, crashes: number, withinMs: number): LabCause {
  return {
    kind: 'crash_loop',
    text: `It crashed ${crashes} times within ${seconds(withinMs)} and is not started again; at last it ${ended(exit)}.`,
    fix: seeLines,
  };
}

export function outOfMemory(bytes: number, limitMb: number): LabCause {
  return {
    kind: 'out_of_memory',
    text: showFull(bytes, limitMb),
    fix: 'Find what fills it, or set a larger memoryMb in .frontdesk.yaml, and deploy again.',
  };
}

export function brokeItself(error: unknown): LabCause {
  return {
    kind: 'internal',
    text: `Its supervisor failed: ${error instanceof Error ? error.message : String(error)}.`,
    fix: 'Deploy again; if it fails again, report it.',
  };
}

export function notReady(
  health: Health,
  port: number,
  path: string,
  afterMs: number,
  portNote: string,
): LabCause {
  if (health.is === 'closed')
    return {
      kind: 'port_closed',
      text: join(`It runs, but nothing listened on port ${port} within ${seconds(afterMs)}.`, portNote),
      fix: 'Let it listen on the port in PORT and the address in HOST, or say its own `port` in .frontdesk.yaml.',
    };
  return unhealthy(health, path, afterMs);
}

export function unhealthy(health: Health, path: string, forMs: number): LabCause {
  const answer = health.is === 'unwell' && health.status > 0 ? `answered ${health.status}` : 'gave no answer';
  return {
    kind: 'unhealthy',
    text: `It runs, but ${path} ${answer} for ${seconds(forMs)}.`,
    fix: 'Mend what it answers, or set `health` in .frontdesk.yaml to a path that answers below 500.',
  };
}

function ended({ code, signal, error }: Exit): string {
  if (error !== null) return `could not be started (${error})`;
  if (signal !== null) return `was ended by ${signal}`;
  return code === 0 ? 'ended by itself' : `ended with exit code ${code}`;
}

function seconds(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${Math.round(ms / 1000)} s`;
}

function join(text: string, note: string): string {
  return note === '' ? text : `${text} ${note}`;
}
