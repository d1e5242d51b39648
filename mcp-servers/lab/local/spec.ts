/** What the local target tells a keeper, and what it hears of it. Types only: the keeper is small and loads no packages. */
import type { LabCause } from '../../kit/lab.ts';

export interface KeeperLimits {
  readonly installMs: number;
  readonly buildMs: number;
  /** From its start to its first answer, each time. */
  readonly readyMs: number;
  /** From asking all of it to end to ending it. */
  readonly graceMs: number;
  /** Before each start after a crash; one more crash than there are of these is a crash loop. */
  readonly backoffMs: readonly number[];
  /** One that ran for so long since its last start begins to count anew. */
  readonly settledMs: number;
  /** Memory is looked at this often. */
  readonly sampleMs: number;
  /** A ready one is asked this often whether it is well. */
  readonly healthMs: number;
  /** One that nobody asks for so long sleeps until somebody does; null: never. */
  readonly idleMs: number | null;
  /** Of the log that is kept, twice. */
  readonly logBytes: number;
}

export interface KeeperSpec {
  /** Deployment. */
  readonly id: string;
  /** Of the keeper: status, log. */
  readonly place: string;
  /** Where the app runs. */
  readonly cwd: string;
  /** All of the app's environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly install: readonly string[];
  /** What `install` made is moved there, and linked to. */
  readonly keep: { readonly folder: string; readonly to: string } | null;
  readonly build: readonly string[];
  readonly start: readonly string[];
  /** Where people ask. */
  readonly port: number;
  /** The app says itself where it listens, and does not read PORT. */
  readonly isPortFixed: boolean;
  readonly health: string;
  readonly memoryMb: number;
  /** Added to a cause that has to do with the port; '' for none. */
  readonly portNote: string;
  /** The lab ends when the pipe from the service does. */
  readonly endWithService: boolean;
  readonly limits: KeeperLimits;
}

export const keeperPhases = [
  'install',
  'build',
  /** Started for the first time; has not answered yet. */
  'start',
  'ready',
  /** It had been ready, and is started again. */
  'restarting',
  /** It runs and does not answer well. */
  'unhealthy',
  /** Ended, since nobody asked; the keeper listens in its place. */
  'asleep',
  'ended',
] as const;

/** Phases that are steps of a deploy, in this order. */
export const keeperSteps = ['install', 'build', 'start'] as const;

/** `keeper.json` in its place; replaced at each change. */
export interface KeeperStatus {
  readonly phase: (typeof keeperPhases)[number];
  /** Steps begun so far: one may be over before anybody looks. */
  readonly begun: readonly (typeof keeperSteps)[number][];
  readonly restarts: number;
  /** Why it ended or is not well; null: it was told to end. */
  readonly cause: LabCause | null;
  /** Where it answers: `127.0.0.1` or `[::1]`. */
  readonly host: string;
}

export const statusFile = 'keeper.json';
/** In the environment of an app and of all that it starts: its deployment. */
export const labVariable = 'FRONTDESK_LAB';
/** In that of a keeper: its deployment. */
export const keeperVariable = 'FRONTDESK_LAB_KEEPER';
/** In both: the folder of all labs. */
export const labsVariable = 'FRONTDESK_LABS';
/** Node keeps our compiled sources there: types need not be stripped at each start, a third of the time and of the memory. */
export const cacheVariable = 'NODE_COMPILE_CACHE';
