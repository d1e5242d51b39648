/** One start of the app until its end. */
import { setTimeout as pause } from 'node:timers/promises';
import type { LabCause } from '../../../kit/lab.ts';
import { untilFull } from '../../../kit/memory-limit.ts';
import type { ProcessGroup } from '../../../kit/processes.ts';
import type { Ring } from '../ring.ts';
import type { KeeperSpec, KeeperStatus } from '../spec.ts';
import { startApp } from './app.ts';
import { type Exit, notReady, unhealthy } from './causes.ts';
import { askHealth, type Health } from './health.ts';
import { createIdle } from './idle.ts';

export interface Life {
  readonly spec: KeeperSpec;
  readonly ring: Ring;
  readonly group: ProcessGroup;
  readonly stop: AbortSignal;
  readonly tell: (change: Partial<KeeperStatus>) => void;
  /** It has answered. @param host as in a URL */
  readonly ready: (host: string) => void;
  /** Where the app is to listen; people ask at {@link KeeperSpec.port}. */
  readonly port: number;
  readonly env: KeeperSpec['env'];
}

export type End =
  | { readonly kind: 'stopped' }
  | ({ readonly wasReady: boolean } & (
      | { readonly kind: 'exited'; readonly exit: Exit }
      | { readonly kind: 'full'; readonly bytes: number }
      /** Nobody asks. */
      | { readonly kind: 'idle' }
      | { readonly kind: 'unready'; readonly cause: LabCause }
    ));

const askTimeoutMs = 5000;
/** So many bad answers in a row are told. */
const badAnswers = 3;

/** What it started may run on: end the group after it. */
export async function liveOnce(life: Life): Promise<End> {
  const { spec, ring, group, stop, env } = life;
  const memory = { memoryMb: spec.memoryMb, sampleMs: spec.limits.sampleMs };
  const over = new AbortController();
  const onStop = () => over.abort();
  stop.addEventListener('abort', onStop);
  let wasReady = false;
  const onReady = () => {
    wasReady = true;
  };
  const stopped = new Promise<End>((resolve) => {
    over.signal.addEventListener('abort', () => resolve({ kind: 'stopped' }));
  });
  if (stop.aborted) over.abort();
  else {
    const exited = startApp(spec.start, { cwd: spec.cwd, env, ring, group });
    const ends: Promise<End>[] = [
      exited.then((exit) => ({ kind: 'exited', exit, wasReady })),
      untilFull(group, memory, over.signal).then((bytes) => ({ kind: 'full', bytes, wasReady })),
      untilUnready(life, over.signal, onReady).then((cause) =>
        cause === 'idle' ? { kind: cause, wasReady } : { kind: 'unready', cause, wasReady },
      ),
      stopped,
    ];
    const end = await Promise.race(ends);
    stop.removeEventListener('abort', onStop);
    over.abort();
    return stop.aborted ? { kind: 'stopped' } : end;
  }
  return { kind: 'stopped' };
}

/**
 * Waits for its first answer; from then on asks now and then.
 * @returns why it did not answer in time, or that nobody else asks; else never
 */
async function untilUnready(life: Life, over: AbortSignal, onReady: () => void): Promise<LabCause | 'idle'> {
  const { spec, tell, port } = life;
  const { health: path, limits } = spec;
  const begun = Date.now();
  const idle = createIdle(spec.port, limits.idleMs);
  const askOnce = (timeoutMs: number) => askHealth(port, path, timeoutMs, idle.noteOwn);
  let health: Health = { is: 'closed' };
  for (;;) {
    const leftMs = begun + limits.readyMs - Date.now();
    if (leftMs <= 0) return notReady(health, port, path, limits.readyMs, spec.portNote);
    const now = await askOnce(Math.min(askTimeoutMs, leftMs));
    const isTelling = now.is === 'well' || (now.is === 'unwell' && now.status > 0);
    // One that the limit cut off says less than the one before.
    if (isTelling || leftMs >= askTimeoutMs || health.is === 'closed') health = now;
    if (over.aborted) return await never();
    if (health.is === 'well') break;
    await pause(askAfter(Date.now() - begun, health), undefined, { signal: over }).catch(() => {});
  }
  onReady();
  life.ready(health.host);
  for (let bad = 0; !over.aborted;) {
    await pause(Math.min(limits.healthMs, limits.idleMs ?? limits.healthMs), undefined, {
      signal: over,
    }).catch(() => {});
    if (bad === 0 && idle.isIdle()) return 'idle';
    const now = await askOnce(askTimeoutMs);
    if (over.aborted) break;
    if (now.is === 'well' && bad >= badAnswers) tell({ phase: 'ready', cause: null });
    bad = now.is === 'well' ? 0 : bad + 1;
    if (bad === badAnswers) tell({ phase: 'unhealthy', cause: unhealthy(now, path, bad * limits.healthMs) });
  }
  return await never();
}

/** Often while nothing listens: that costs a fraction of a millisecond. What answers may write each ask into its log. */
function askAfter(passedMs: number, { is }: Health): number {
  if (is === 'unwell') return 500;
  if (passedMs < 5000) return 15;
  return passedMs < 30_000 ? 100 : 500;
}

function never(): Promise<never> {
  return new Promise(() => {});
}
