/** How a lab on this machine stands, from what its keeper has written and whether that still lives. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { type Deployment, type LabCause, labCauseSchema, type LabCondition } from '../../kit/lab.ts';
import { isSame } from '../../kit/processes.ts';
import { keeperPhases, type KeeperStatus, keeperSteps, keeperVariable, statusFile } from './spec.ts';

const statusSchema = z.object({
  phase: z.enum(keeperPhases),
  begun: z.array(z.enum(keeperSteps)).default([]),
  restarts: z.number(),
  cause: labCauseSchema.nullable(),
  // It becomes a URL, and the file lies where the app may write.
  host: z.enum(['127.0.0.1', '[::1]']),
});

/** In a deployment's handle: its keeper, and where the app was told to listen. */
const localHandleSchema = z.object({
  pid: z.number().int().positive(),
  started: z.string(),
  port: z.number(),
  /** What of `kept/` it uses; '' for none. */
  kept: z.string(),
  /** Of the snapshot; '' before that is taken. */
  digest: z.string(),
});
export type LocalHandle = z.infer<typeof localHandleSchema>;

/** null: nothing was made of it that could be found. */
export function handleOf(deployment: Pick<Deployment, 'handle'>): LocalHandle | null {
  return localHandleSchema.safeParse(deployment.handle).data ?? null;
}

export async function readStatus(root: string): Promise<KeeperStatus | null> {
  try {
    return (
      statusSchema.safeParse(JSON.parse(await readFile(path.join(root, statusFile), 'utf8'))).data ?? null
    );
  } catch {
    return null;
  }
}

/** Checked by number, start time and mark: a number may be somebody else's by now. */
export function isKept(id: string, handle: LocalHandle): boolean {
  return isSame(handle.pid, handle.started, `${keeperVariable}=${id}`);
}

export const supervisorGone: LabCause = {
  kind: 'interrupted',
  text: 'Its supervisor was ended from outside; what it ran has been ended, too.',
  fix: 'Deploy again.',
};

/** @param isAlive of its keeper; without one, what its status says last is over */
export function decideCondition(status: KeeperStatus | null, isAlive: boolean): LabCondition {
  const restarts = status?.restarts ?? 0;
  if (status?.phase === 'ended')
    return { state: status.cause === null ? 'absent' : 'down', cause: status.cause, restarts };
  if (!isAlive)
    return status === null
      ? { state: 'absent', cause: null, restarts }
      : { state: 'down', cause: supervisorGone, restarts };
  // Asleep, it answers as soon as it is asked.
  if (status?.phase === 'ready' || status?.phase === 'asleep')
    return { state: 'ready', cause: null, restarts };
  if (status?.phase === 'unhealthy') return { state: 'down', cause: status.cause, restarts };
  return { state: 'starting', cause: null, restarts };
}
