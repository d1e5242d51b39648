/** What is stored of a deployment, and how it changes. Pure. */
import { z } from 'zod';
import {
  type Deployment,
  deploymentEventSchema,
  deploymentSchema,
  type DeploymentEvent,
  type LabCause,
  type LabStep,
} from '../kit/lab.ts';
import { forgetOver } from '../kit/store/collection.ts';

/** One document a deployment: the steps and the events that tell of them change in one write. */
export const deploymentRecordSchema = z.object({
  deployment: deploymentSchema,
  /** The latest ones; their ids go on counting when old ones are dropped. */
  events: z.array(deploymentEventSchema),
});
export type DeploymentRecord = z.infer<typeof deploymentRecordSchema>;

/** The latest of a workspace is in its state file, too. */
export const tidyDeployment = forgetOver<DeploymentRecord>(({ deployment }) => {
  const { status, startedAt, endedAt } = deployment;
  const isOver = status === 'failed' || status === 'replaced' || status === 'removed';
  return isOver ? (endedAt ?? startedAt) : null;
});

const keptEvents = 500;
const keptLines = 50;
/** The step of a deploy that waits for the one before it. */
export const queueStep = 'queue';

type NewDeployment = Pick<
  Deployment,
  'id' | 'workspace' | 'repository' | 'target' | 'runtime' | 'by' | 'ref' | 'startedAt'
>;

export function newRecord(o: NewDeployment): DeploymentRecord {
  return {
    deployment: {
      ...o,
      status: 'deploying',
      url: null,
      steps: [],
      cause: null,
      log: [],
      endedAt: null,
      digest: '',
      handle: {},
    },
    events: [],
  };
}

export function withEvent(
  { deployment, events }: DeploymentRecord,
  at: number,
  type: DeploymentEvent['type'],
  data: Record<string, unknown>,
): DeploymentRecord {
  const id = (events.at(-1)?.id ?? 0) + 1;
  return { deployment, events: [...events.slice(1 - keptEvents), { id, at, type, data }] };
}

/** A step begins; the one that ran is done. */
export function withStep(
  record: DeploymentRecord,
  step: Pick<LabStep, 'key' | 'label' | 'detail'>,
  at: number,
): DeploymentRecord {
  const settled = withSettledStep(record, 'done', at);
  const steps: LabStep[] = [
    ...settled.deployment.steps,
    { ...step, status: 'running', startedAt: at, ms: 0 },
  ];
  const next = { ...settled, deployment: { ...settled.deployment, steps } };
  return withEvent(next, at, 'progress', { step: step.key, label: step.label, detail: step.detail });
}

/** The running step, if any, is at its end. */
function withSettledStep(record: DeploymentRecord, status: 'done' | 'failed', at: number): DeploymentRecord {
  const running = record.deployment.steps.find((step) => step.status === 'running');
  if (running === undefined) return record;
  const ended = { ...running, status, ms: Math.max(0, at - running.startedAt) };
  const steps = record.deployment.steps.map((step) => (step === running ? ended : step));
  const { key: step, label, ms } = ended;
  const next = { ...record, deployment: { ...record.deployment, steps } };
  return withEvent(next, at, 'step_complete', { step, label, status, ms });
}

export function withReady(
  record: DeploymentRecord,
  { url, digest, log }: { url: string; digest: string; log: readonly string[] },
  at: number,
): DeploymentRecord {
  const settled = withSettledStep(record, 'done', at);
  const deployment: Deployment = {
    ...settled.deployment,
    status: 'ready',
    url,
    digest,
    log: lastOf(log),
    endedAt: at,
  };
  return withEvent({ ...settled, deployment }, at, 'complete', { status: 'ready', url });
}

export function withFailed(
  record: DeploymentRecord,
  cause: LabCause,
  log: readonly string[],
  at: number,
): DeploymentRecord {
  const settled = withSettledStep(record, 'failed', at);
  const deployment: Deployment = {
    ...settled.deployment,
    status: 'failed',
    cause,
    log: lastOf(log),
    endedAt: at,
  };
  return withEvent({ ...settled, deployment }, at, 'complete', { status: 'failed', cause });
}

/** Of one that had been ready, or whose end nobody needs to know the cause of. */
export function withStatus(
  record: DeploymentRecord,
  status: 'ready' | 'down' | 'replaced' | 'removed',
  cause: LabCause | null,
  log?: readonly string[],
): DeploymentRecord {
  const { deployment } = record;
  return { ...record, deployment: { ...deployment, status, cause, log: log ? lastOf(log) : deployment.log } };
}

function lastOf(lines: readonly string[]): string[] {
  return lines.slice(-keptLines);
}

/** Nothing was made of it yet: it waits for the one before, or its process ended before it began. */
export function isUnbegun({ status, steps, handle }: Deployment): boolean {
  return (
    status === 'deploying' && steps.every(({ key }) => key === queueStep) && Object.keys(handle).length === 0
  );
}

/** There is something of it in its target. */
export function isStanding({ status }: Deployment): boolean {
  return status === 'ready' || status === 'down';
}
