import type { Chat } from '../mcp-servers/kit/chat.ts';
import { describeError } from '../mcp-servers/kit/errors.ts';
import type { Log } from '../mcp-servers/kit/log.ts';
import type { Collection } from '../mcp-servers/kit/store/collection.ts';
import { defaultLimits, type ObservedWorkspace, type WatchLimits } from './contract.ts';
import { decide, hold, isHeld } from './decide.ts';
import { type Finish, finishDrafts, orNothing } from './finish.ts';
import { decideLive, type Live } from './live.ts';
import type { Told } from './told.ts';

export interface WatcherPorts extends Finish {
  /** Looks at hosts, labs and whatever else is outside, and takes what it finds into state files and memory. */
  readonly probe: () => Promise<void>;
  /** Looks at one, for what is to be told before anything else of it. */
  readonly lookAt: (name: string) => Promise<void>;
  /** All workspaces as they are known now; quick, and without reading anything. */
  readonly observe: () => readonly ObservedWorkspace[];
  readonly observeOne: (name: string) => ObservedWorkspace | undefined;
  /** By workspace. */
  readonly told: Collection<Told>;
  readonly chat: Pick<Chat, 'say' | 'change'>;
  /** What its card shows while it works; null: it does not. Called with each look, and returns at once. */
  readonly show: (name: string, live: Live | null) => void;
  /** A line for read_events. */
  readonly remember: (name: string, text: string) => void;
  readonly metrics: {
    count(name: string, labels: Readonly<Record<string, string>>): void;
    observe(name: string, seconds: number): void;
  };
  readonly log: Log;
  /** Unix ms. */
  readonly now: () => number;
  readonly limits?: WatchLimits;
}

export interface Watcher extends AsyncDisposable {
  /** Looks once and tells what is new. Never throws. */
  runOnce(): Promise<void>;
  /** Something has changed: what is known is told soon, without looking. */
  nudge(): void;
  /** From now on it looks every `intervalMs` by itself, and is nudged. */
  start(): void;
}

/** WA-1. */
const intervalMs = 2000;
/** Nudges come in bursts: a turn's end is several events. */
const debounceMs = 50;
const closeMs = 1000;
/** A disk that hangs keeps nothing from being told for longer than this. */
const lookAtMs = 10_000;

/**
 * Tells what is new. What was told and what is being said are stored in one step, then it is said, then taken away: killed
 * before the first, the next life decides the same again, under the same ids; killed after it, it says the rest. Said first and
 * stored then, a text that differs by a second would be another one; stored as told first and said then, it would be lost.
 */
export function createWatcher(ports: WatcherPorts): Watcher {
  const { chat, log, now, metrics, limits = defaultLimits } = ports;
  const told = new Map<string, Told>();
  const lanes = new Map<string, { running: Promise<void>; next: Promise<void> | null }>();
  const passes = new Set<Promise<void>>();
  let loaded: Promise<void> | undefined;
  let interval: NodeJS.Timeout | undefined;
  let soon: NodeJS.Timeout | undefined;
  let closed = false;

  const load = async (): Promise<void> => {
    for await (const [name, known] of ports.told.entries()) told.set(name, known);
  };

  const sayAll = async (name: string): Promise<void> => {
    const known = told.get(name);
    if (known === undefined || known.saying.length === 0) return;
    for (const { id, kind, ref, markdown, footer, edit } of known.saying) {
      const message = { kind: 'text', markdown, ...(footer === '' ? {} : { footer }) } as const;
      await chat.say(ref, id, message);
      if (edit) await chat.change(ref, id, message);
      metrics.count('watcher_notices_total', { kind });
    }
    const next = { ...known, saying: [] };
    await ports.told.update(name, () => next, { durable: false });
    told.set(name, next);
  };

  const tendNow = async (name: string): Promise<void> => {
    await sayAll(name);
    await orNothing(
      ports.lookAt(name).then(() => ''),
      lookAtMs,
    );
    const observed = ports.observeOne(name);
    if (observed === undefined || closed) return;
    const [at, before] = [now(), told.get(name)];
    const decision = decide(observed, before, at, limits);
    if (decision.told === before && decision.drafts.length === 0) return;
    const seen = decision.drafts.filter(({ inSight }) => inSight);
    const waits = decision.drafts.filter((draft) => !draft.inSight && isHeld(observed, draft, at));
    const drafts = decision.drafts.filter((draft) => !seen.includes(draft) && !waits.includes(draft));
    const finished = await finishDrafts(ports, observed, drafts, at);
    const saying = observed.thread === null ? [] : finished.map(({ notice }) => notice);
    const texts = waits.map(({ markdown }) => markdown);
    const next: Told = { ...hold(decision.told, texts), saying };
    await ports.told.update(name, () => next, { durable: saying.length > 0 || waits.length > 0 });
    told.set(name, next);
    const records = [
      ...[...seen, ...waits].map(({ record, markdown }) => record ?? markdown),
      ...finished.map(({ record }) => record),
    ];
    for (const record of records) if (record !== '') ports.remember(name, record);
    await sayAll(name);
  };

  /** One at a time for each workspace; whoever comes meanwhile waits for one more round, together. */
  const tend = async (name: string): Promise<void> => {
    const run = async () => {
      try {
        await tendNow(name);
      } catch (error) {
        // Nothing is lost: the next pass decides or says it again.
        log.error({ err: describeError(error), workspace: name }, 'watcher.workspace.failed');
      }
    };
    const lane = lanes.get(name);
    if (lane) return await (lane.next ??= lane.running.then(run));
    const mine = { running: run(), next: null as Promise<void> | null };
    lanes.set(name, mine);
    for (let current: Promise<void> | null = mine.running; current !== null;) {
      await current;
      const { next } = mine;
      mine.next = null;
      if (next !== null) mine.running = next;
      current = next;
    }
    lanes.delete(name);
  };

  /** Without reading anything where nothing has changed. */
  const isNew = (observed: ObservedWorkspace): boolean => {
    const known = told.get(observed.name);
    if (known === undefined || known.saying.length > 0 || lanes.has(observed.name)) return true;
    const decision = decide(observed, known, now(), limits);
    return decision.told !== known || decision.drafts.length > 0;
  };

  const tell = async (): Promise<void> => {
    await (loaded ??= load());
    if (closed) return;
    const all = ports.observe();
    const names = new Set(all.map(({ name }) => name));
    for (const name of told.keys()) {
      if (names.has(name) || lanes.has(name)) continue;
      told.delete(name);
      await ports.told.update(name, () => undefined, { durable: false });
    }
    const tended = Promise.all(all.filter(isNew).map(({ name }) => tend(name)));
    for (const each of all) ports.show(each.name, decideLive(each, told.get(each.name), now()));
    await tended;
  };

  const pass = async (act: () => Promise<void>): Promise<void> => {
    const task = act()
      .catch((error: unknown) => {
        loaded = undefined;
        log.error({ err: describeError(error) }, 'watcher.pass.failed');
      })
      .finally(() => passes.delete(task));
    passes.add(task);
    await task;
  };

  const runOnce = async (): Promise<void> => {
    const begun = performance.now();
    await pass(async () => {
      await ports.probe();
      await tell();
    });
    metrics.observe('watcher_reconcile_duration_seconds', (performance.now() - begun) / 1000);
  };

  const nudge = (): void => {
    if (closed || interval === undefined) return;
    soon ??= setTimeout(() => {
      soon = undefined;
      void pass(tell);
    }, debounceMs);
  };

  return {
    runOnce,
    nudge,
    start() {
      // Not one after the other: a host that does not answer keeps the others from nothing.
      interval ??= setInterval(() => void runOnce(), intervalMs);
      nudge();
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      clearInterval(interval);
      clearTimeout(soon);
      const late = Promise.withResolvers<void>();
      const timer = setTimeout(late.resolve, closeMs);
      await Promise.race([Promise.allSettled(passes), late.promise]);
      clearTimeout(timer);
    },
  };
}
