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

type Step = KeeperStatus['begun'][number];

export interface Followed {
  readonly id: string;
  readonly root: string;
  readonly handle: LocalHandle;
  /** What is run in each step, for people; empty when it is not known any more. */
  readonly commands: Readonly<Partial<Record<Step, readonly string[]>>>;
  /** Steps that are told already. */
  readonly told: readonly string[];
}

const labels: Record<Step, string> = {
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
  const known = new Set(told);
  const tellLog = () => progress.log(readRing(root, shownLines));
  const tellSteps = async (begun: readonly Step[]) => {
    for (const step of begun.filter((each) => !known.has(each))) {
      known.add(step);
      await progress.step(step, labels[step], showArguments(commands[step] ?? []).slice(0, 200));
      tellLog();
    }
  };
  try {
    for (;;) {
      signal.throwIfAborted();
      // In this order: its last word is written before it ends.
      const isAlive = isKept(id, handle);
      const status = await readStatus(root);
      await tellSteps(status?.begun ?? []);
      if (status?.phase === 'ended') throw new LabFailure(status.cause ?? vanished);
      if (!isAlive) throw new LabFailure(supervisorGone);
      // Asleep: it had been ready, and nobody asked for it before anybody looked.
      if (status?.phase === 'ready' || status?.phase === 'asleep') {
        tellLog();
        return `http://${status.host}:${handle.port}`;
      }
      await pause(Date.now() - begun < fastForMs ? fastMs : slowMs, undefined, { signal }).catch(() => {});
    }
  } catch (error) {
    tellLog();
    throw error;
  }
}
