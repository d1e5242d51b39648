/**
 * The life of one lab on this machine: install, build, start, and starting again. A process of its own beside the service, so
 * that a lab outlives it (LAB-6) and its output always has a reader that bounds it.
 */
import { existsSync, mkdirSync, renameSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { findFreePort } from '../../../kit/free-port.ts';
import type { LabCause } from '../../../kit/lab.ts';
import { untilFull } from '../../../kit/memory-limit.ts';
import { createProcessGroup } from '../../../kit/processes.ts';
import { openRing } from '../ring.ts';
import { keeperSteps, type KeeperSpec, type KeeperStatus, labVariable } from '../spec.ts';
import { writeStatus } from '../write-status.ts';
import { showCommand, startApp } from './app.ts';
import { brokeItself, didNotInstall, type Exit, exitedAtStart, crashLoop, outOfMemory } from './causes.ts';
import { bare, type Front, openFront } from './front.ts';
import { type End, liveOnce } from './live.ts';

/** What installs and builds may use at least: they need more than what they make. */
const makingMb = 2048;

/** Resolves when the lab has ended and nothing of it runs any more; why is in its status file. */
export async function keep(spec: KeeperSpec, told: AbortSignal): Promise<void> {
  const { limits, place } = spec;
  const gone = new AbortController();
  const stop = AbortSignal.any([told, gone.signal]);
  // Its folder removed, nobody could ever find it again.
  const watch = setInterval(() => {
    if (!existsSync(place)) gone.abort();
  }, limits.sampleMs * 4);
  const ring = openRing(place, limits.logBytes);
  const group = createProcessGroup(`${labVariable}=${spec.id}`);
  let status: KeeperStatus = { phase: 'start', begun: [], restarts: 0, cause: null, host: '127.0.0.1' };
  const tell = (change: Partial<KeeperStatus>): void => {
    status = { ...status, ...change };
    const step = keeperSteps.find((each) => each === status.phase);
    if (step !== undefined && !status.begun.includes(step))
      status = { ...status, begun: [...status.begun, step] };
    writeStatus(place, status);
  };
  /** Before the app, once it has slept. */
  let front: Front | undefined;

  /** @returns why it did not go well; null: it did, or was told to stop */
  const make = async (argv: readonly string[], limitMs: number): Promise<LabCause | null> => {
    const ended = startApp(argv, { ...spec, ring, group });
    const watch = new AbortController();
    const late = pause(limitMs, 'late' as const, { signal: watch.signal }).catch(() => 'late' as const);
    const memoryMb = Math.max(spec.memoryMb, makingMb);
    const full = untilFull(group, { memoryMb, sampleMs: limits.sampleMs }, watch.signal);
    const outcome = await Promise.race([ended, late, full, untilStopped(stop)]);
    watch.abort();
    // What fills the memory has no grace: it would go on filling it.
    await group.end(typeof outcome === 'number' ? 0 : limits.graceMs);
    if (stop.aborted || outcome === 'stopped') return null;
    if (typeof outcome === 'number') return outOfMemory(outcome, memoryMb);
    if (outcome !== 'late' && outcome.code === 0) return null;
    return didNotInstall(showCommand(argv), outcome, limitMs);
  };

  const prepare = async (): Promise<LabCause | null> => {
    if (spec.install.length > 0) {
      tell({ phase: 'install' });
      const cause = await make(spec.install, limits.installMs);
      if (cause !== null || stop.aborted) return cause;
      if (spec.keep !== null) moveAway(path.join(spec.cwd, spec.keep.folder), spec.keep.to);
    }
    if (spec.build.length === 0) return null;
    tell({ phase: 'build' });
    return await make(spec.build, limits.buildMs);
  };

  /** An app that says itself where it listens has its port back when it wakes; another one listens behind the front from then on. */
  const isBehind = () => front !== undefined && !spec.isPortFixed;

  const liveAgain = async (): Promise<End> => {
    const port = isBehind() ? await findFreePort(bare(status.host)) : spec.port;
    const env = { ...spec.env, PORT: String(port) };
    const ready = (host: string) => {
      tell({ phase: 'ready', cause: null, ...(isBehind() ? {} : { host }) });
      front?.pass(port, host);
    };
    const end = await liveOnce({ spec, ring, group, stop, tell, ready, port, env });
    front?.hold();
    return end;
  };

  /** Begun while the app still ends: who asks is held from the moment it has left its port. */
  const sleep = async (): Promise<void> => {
    if (!isBehind()) {
      front?.[Symbol.dispose]();
      front = await openFront(spec.port, status.host, stop);
    }
    if (front === undefined || stop.aborted) return;
    tell({ phase: 'asleep' });
    ring.write('frontdesk: nobody has asked for a while: it sleeps until somebody does.\n');
    await front.asked;
  };

  const wake = async (): Promise<void> => {
    if (front === undefined) return;
    ring.write('frontdesk: somebody asks: it is started again.\n');
    if (spec.isPortFixed) await front.giveBack();
  };

  const run = async (): Promise<LabCause | null> => {
    const failed = await prepare();
    if (failed !== null || stop.aborted) return failed;
    /** Since it was settled last. */
    const crashes: number[] = [];
    for (let start = 0; ; start += 1) {
      tell({ phase: start === 0 ? 'start' : 'restarting', restarts: start });
      const startedAt = Date.now();
      const end = await liveAgain();
      const ended = group.end(end.kind === 'full' ? 0 : limits.graceMs);
      if (end.kind === 'idle') await sleep();
      await ended;
      if (stop.aborted || end.kind === 'stopped') return null;
      if (end.kind === 'idle') {
        await wake();
        continue;
      }
      if (!end.wasReady && start === 0) return causeAtStart(spec, end);
      const now = Date.now();
      if (now - startedAt > limits.settledMs) crashes.length = 0;
      crashes.push(now);
      if (crashes.length > limits.backoffMs.length) {
        if (end.kind === 'full') return outOfMemory(end.bytes, spec.memoryMb);
        const exit: Exit =
          end.kind === 'exited' ? end.exit : { code: null, signal: null, error: 'no answer' };
        return crashLoop(exit, crashes.length, now - (crashes[0] ?? now));
      }
      tell({ phase: 'restarting' });
      await pause(limits.backoffMs[crashes.length - 1], undefined, { signal: stop }).catch(() => {});
      if (stop.aborted) return null;
    }
  };

  let cause: LabCause | null;
  try {
    cause = await run();
  } catch (error) {
    // Of this keeper: nobody ended it from outside.
    cause = brokeItself(error);
  } finally {
    await group.end(limits.graceMs);
    front?.[Symbol.dispose]();
    clearInterval(watch);
  }
  if (!gone.signal.aborted) tell({ phase: 'ended', cause });
}

function causeAtStart(spec: KeeperSpec, end: Exclude<End, { kind: 'stopped' | 'idle' }>): LabCause {
  if (end.kind === 'full') return outOfMemory(end.bytes, spec.memoryMb);
  if (end.kind === 'unready') return end.cause;
  return exitedAtStart(showCommand(spec.start), end.exit, spec.portNote);
}

/** For the deploys to come. Another one may have done it in the meantime; then this one keeps its own. */
function moveAway(made: string, to: string): void {
  try {
    mkdirSync(path.dirname(to), { recursive: true });
    renameSync(made, to);
    symlinkSync(to, made);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'ENOENT') throw error;
  }
}

async function untilStopped(stop: AbortSignal): Promise<'stopped'> {
  if (!stop.aborted) await new Promise((resolve) => stop.addEventListener('abort', resolve, { once: true }));
  return 'stopped';
}
