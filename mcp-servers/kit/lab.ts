/**
 * Where a workspace's code runs (SPEC §10): what is the same for every target. Contracts only. The room is
 * `mcp-servers/lab/`; a Kubernetes target comes beside the local one behind {@link LabTarget}.
 */
import { z } from 'zod';
import { shownSchema, threadRefSchema } from './chat.ts';

/** A step of a deploy as people see it, e.g. `Installing dependencies`, `Waiting for pods to be ready`. */
export const labStepSchema = z.object({
  key: z.string(),
  label: z.string(),
  status: z.enum(['waiting', 'running', 'done', 'failed', 'skipped']),
  /** Unix ms when it began: of a running one, what `ms` is counted from while it is shown. */
  startedAt: z.number(),
  /** Milliseconds it took, or had taken when it was stored. */
  ms: z.number(),
  /** In words; '' for none. */
  detail: z.string(),
});
export type LabStep = z.infer<typeof labStepSchema>;

/** Why a lab is not ready. `terminal` ones end a deploy at once. */
export const labCauseSchema = z.object({
  kind: z.enum([
    'unsupported',
    'config',
    'image',
    'install',
    'crash_loop',
    'exited',
    'port_closed',
    'unhealthy',
    'out_of_memory',
    'unschedulable',
    'quota',
    'forbidden',
    'timeout',
    'cancelled',
    'expired',
    'interrupted',
    'internal',
  ]),
  /** What happened, in words a person reads. */
  text: z.string(),
  /** What to do. */
  fix: z.string(),
});
export type LabCause = z.infer<typeof labCauseSchema>;

export const deploymentSchema = z.object({
  id: z.string(),
  workspace: z.string(),
  /** Which repository of it; a workspace of several deploys one at a time. */
  repository: z.string(),
  target: z.string(),
  runtime: z.string(),
  /** `down`: it was ready and is not any more. `replaced` by a later deploy, `removed` by cleanup. */
  status: z.enum(['deploying', 'ready', 'failed', 'down', 'replaced', 'removed']),
  /** Who asked, and where its card is. */
  by: z.string(),
  ref: threadRefSchema.nullable(),
  url: z.string().nullable(),
  steps: z.array(labStepSchema),
  cause: labCauseSchema.nullable(),
  /** Its last lines (at most 50), with the values of our secrets masked. */
  log: z.array(z.string()),
  /** Unix ms. */
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  /** Of the content deployed. */
  digest: z.string(),
  /** What a target needs to find it again (a pid with its start time, a namespace): the target's own. */
  handle: z.record(z.string(), z.unknown()),
});
export type Deployment = z.infer<typeof deploymentSchema>;

/** Under `lab` in `.session-state.yaml` (LAB-6): its latest deployment. Written by the lab desk, told by the watcher. */
export const labStateSchema = z.object({
  id: z.string(),
  status: deploymentSchema.shape.status,
  url: z.string().nullable(),
  /** In words a person reads; '' for none. */
  cause: z.string(),
  /** ISO, of this status. */
  at: z.string(),
  /** Its card. */
  shown: shownSchema.optional(),
});
export type LabState = z.infer<typeof labStateSchema>;

/** LAB-7, in the order they happened; `id` counts up from 1 in each deployment. */
export const deploymentEventSchema = z.object({
  id: z.number().int().positive(),
  at: z.number(),
  type: z.enum(['progress', 'step_complete', 'test_results', 'complete']),
  data: z.record(z.string(), z.unknown()),
});
export type DeploymentEvent = z.infer<typeof deploymentEventSchema>;

/** What the app needs to run; detected, or from `.frontdesk.yaml`. */
export interface AppPlan {
  readonly repository: string;
  /** Absolute: the worktree. */
  readonly folder: string;
  readonly runtime: string;
  /** Argument list; empty for none. */
  readonly install: readonly string[];
  /** What `install` makes: a folder that follows from these files alone, and need not be made again; null: each time. */
  readonly reuse: { readonly folder: string; readonly from: readonly string[] } | null;
  /** Run after `install`, each time; empty for none. */
  readonly build: readonly string[];
  /** Empty for what is only served. */
  readonly start: readonly string[];
  /** Folder whose files are served where there is nothing to start, relative to the repository. */
  readonly serve: string | null;
  /** Port inside; null: any, told in PORT. */
  readonly port: number | null;
  /** Path that answers below 500 when it is well. */
  readonly health: string;
  /** From its start to its first answer, each time; null: as is set for all. */
  readonly readySeconds: number | null;
  readonly env: Readonly<Record<string, string>>;
  readonly memoryMb: number;
}

/** How a lab stands now, read from the target itself. */
export interface LabCondition {
  /** `starting`: also while a crashed app is started again. */
  readonly state: 'absent' | 'starting' | 'ready' | 'down';
  readonly cause: LabCause | null;
  readonly restarts: number;
}

export interface DeployRequest {
  readonly id: string;
  readonly workspace: string;
  readonly plan: AppPlan;
  /** What runs of this workspace, for reuse; null: nothing. It goes on running until this one is ready. */
  readonly before: Deployment | null;
}

export interface LabProgress {
  /** A step begins; the one before is done. Resolves when that is stored: begin the work then. */
  step(key: string, label: string, detail?: string): Promise<void>;
  /** The last lines as they are now, oldest first, instead of those told before. */
  log(lines: readonly string[]): void;
  /** Stored before the next thing is made: what a restart finds it by. */
  handle(handle: Record<string, unknown>): Promise<void>;
}

export interface Deployed {
  readonly url: string;
  readonly digest: string;
}

/** The reason of a deploy's signal when the service ends: stop waiting at once; what is made stays for the next process. */
export const leaveIt: unique symbol = Symbol('the service ends');

/** What a target throws: why a deploy ended without being ready. */
export class LabFailure extends Error {
  readonly reason: LabCause;

  constructor(reason: LabCause) {
    super(reason.text);
    this.name = 'LabFailure';
    this.reason = reason;
  }
}

/** One kind of place a lab can be in. */
export interface LabTarget extends AsyncDisposable {
  readonly name: string;
  /**
   * Resolves when it is ready and its URL answers.
   * @throws LabFailure with its cause; the signal's reason when aborted. What was made of it is left for `remove`; what
   * ran before runs on.
   */
  deploy(request: DeployRequest, progress: LabProgress, signal: AbortSignal): Promise<Deployed>;
  /**
   * Goes on with a deploy that an earlier process of ours began and that `observe` found starting or ready; else as
   * {@link deploy}.
   */
  resume(deployment: Deployment, progress: LabProgress, signal: AbortSignal): Promise<Deployed>;
  observe(deployment: Deployment): Promise<LabCondition>;
  /** Last lines, oldest first. */
  logs(deployment: Deployment, lines: number): Promise<string[]>;
  /** Ends and removes all of it; harmless when there is nothing. */
  remove(deployment: Deployment): Promise<void>;
  /** Ends and removes all there is of a workspace, also what no deployment knows of, and what is kept between them. */
  clear(workspace: string): Promise<void>;
  /** After a start: ends and removes what no longer belongs to any of these. @returns in words, what was done */
  sweep(known: readonly Deployment[]): Promise<string[]>;
}

interface DeployOptions {
  readonly workspace: string;
  /** May be left out when it is clear which one is meant. */
  readonly repository?: string | undefined;
  readonly by: string;
  readonly ref: Deployment['ref'];
  /** Default `wait`. A deploy that waits already is the answer to all that come while it does. */
  readonly ifRunning?: 'wait' | 'replace' | undefined;
}

/** The room's front, used by tools, cards, tests and the watcher. All throw FrontdeskError for what people should hear. */
export interface Lab extends AsyncDisposable {
  /**
   * Begins a deploy; a running one of the workspace is waited for or replaced (LAB-5).
   * @returns it as stored; `done` settles with its end and never rejects
   * @throws FrontdeskError workspace_unknown, lab_unsupported, lab_busy
   */
  deploy(o: DeployOptions): Promise<{ deployment: Deployment; done: Promise<Deployment> }>;
  /** The latest of a workspace. */
  status(workspace: string): Promise<Deployment | null>;
  /** The one that runs and answers: what failed later leaves it alone. Its URL is TEST_URL. */
  live(workspace: string): Promise<Deployment | null>;
  get(id: string): Promise<Deployment | undefined>;
  /** Latest of each workspace, and where that one failed or is under way, also the one that runs. Newest first. */
  list(): Promise<Deployment[]>;
  /** Last lines of the latest, oldest first, masked. @throws FrontdeskError lab_unknown */
  logs(workspace: string, lines: number): Promise<string[]>;
  /** Ends and removes the workspace's lab. Ask a person first. */
  cleanup(workspace: string): Promise<void>;
  /** Cancels a running deploy; resolves when it is taken back. */
  cancel(id: string, by: string): Promise<void>;
  /** Events after `lastId`, then live ones until `complete` or the signal. @throws FrontdeskError lab_unknown */
  events(id: string, lastId: number, signal: AbortSignal): AsyncIterable<DeploymentEvent>;
  /** Adds an event from outside (test results). */
  note(id: string, type: 'test_results', data: Record<string, unknown>): Promise<void>;
  /** After each stored change. */
  onChange(listener: (deployment: Deployment) => void): Disposable;
  /** Labs against what runs (called by the watcher): a dead one becomes `down`. */
  observe(): Promise<void>;
  /** After a start of the service: adopts what runs, ends or takes back what is half-made. @returns in words, what was done */
  resumeAll(): Promise<string[]>;
}
