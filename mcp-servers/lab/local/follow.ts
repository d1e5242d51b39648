/** A deploy on this machine as its keeper goes on with it, step by step. */
import { setTimeout as pause } from 'node:timers/promises';
import { type LabCause, LabFailure, type LabProgress } from '../../kit/lab.ts';
import { showArguments } from '../../kit/frontdesk-yaml.ts';
import { readRing } from './ring.ts';
import type { KeeperStatus } from './spec.ts';
import { type LocalHandle, isKept, readStatus, supervisorGone } from './status.ts';

/** The fast pace is for apps that start in no time. */
const [fastMs, slowMs, fastForMs] = [10, 100, 3000];
const shownLines = 50;

const vanished: LabCause = {
  kind: 'cancelled',
  text: 'It was ended before it was ready.',
  fix: 'Deploy again.',
};

export interface Followed {
  readonly id: string;
  readonly root: string;
  readonly handle: LocalHandle;
  /** What is run in each step, for people; empty when it is not known any more. */
  readonly commands: Readonly<Partial<Record<KeeperStatus['phase'], readonly string[]>>>;
  /** Steps that are told already. */
  readonly told: readonly string[];
}

const labels: Partial<Record<KeeperStatus['phase'], string>> = {
  install: 'Installing dependencies',
  build: 'Building',
  start: 'Waiting for the app to answer',
};

/** @returns where it answers. @throws LabFailure, or the signal's reason */
export async function followKeeper(
  { id, root, handle, commands, told }: Followed,
  progress: LabProgress,
  signal: AbortSignal,
): Promise<string> {
  const begun = Date.now();
  let last = told.at(-1) ?? '';
  const tellLog = () => progress.log(readRing(root, shownLines));
  try {
    for (;;) {
      signal.throwIfAborted();
      // In this order: its last word is written before it ends.
      const isAlive = isKept(id, handle);
      const status = await readStatus(root);
      if (status?.phase === 'ended') throw new LabFailure(status.cause ?? vanished);
      if (!isAlive) throw new LabFailure(supervisorGone);
      if (status?.phase === 'ready') {
        tellLog();
        return `http://${status.host}:${handle.port}`;
      }
      const phase = status?.phase;
      const label = phase && labels[phase];
      if (phase !== undefined && label !== undefined && phase !== last) {
        last = phase;
        await progress.step(phase, label, showArguments(commands[phase] ?? []).slice(0, 200));
        tellLog();
      }
      await pause(Date.now() - begun < fastForMs ? fastMs : slowMs, undefined, { signal }).catch(() => {});
    }
  } catch (error) {
    tellLog();
    throw error;
  }
}
