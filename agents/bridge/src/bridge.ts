import type { BridgeEvent } from '../protocol.ts';
import { createApi, type RawClient } from './api.ts';
import { createCommands, rejectAsks } from './commands.ts';
import { createEventMapper, type RawEvent } from './events.ts';
import { createHolds, type Holds, isInWorkspace } from './holds.ts';
import { createInstances } from './instances.ts';
import { createLink, type Say, type Socket } from './link.ts';
import { createMemory } from './memory.ts';
import { createRing } from './ring.ts';
import { createSelecting, type Prompted } from './selecting.ts';
import type { Selection } from './selection.ts';
import type { Settings } from './settings.ts';
import { createStandings } from './standing.ts';
import { within } from './within.ts';

export interface BridgeOptions {
  readonly settings: Settings;
  readonly client: RawClient;
  /** Of this run of OpenCode. */
  readonly instance: string;
  /** Where OpenCode was started. */
  readonly home: string;
  readonly dial: () => Socket;
  readonly now: () => number;
}

/** One per OpenCode server; its methods are called by the hooks of every directory and never throw. */
export interface Bridge {
  opened(directory: string, client: RawClient): void;
  closed(directory: string): void;
  event(directory: string, event: RawEvent): void;
  /** Hooks of OpenCode; `before` throws what the model is to be told. */
  readonly hooks: Pick<Holds, 'before' | 'after' | 'prompted'>;
  /** A prompt, before it is stored. @returns what it is to run with (WS-6) */
  select(directory: string, prompted: Prompted): Promise<Selection>;
  /** `callId`: of the tool call. */
  milestone(directory: string, told: { sessionId: string; callId: string; text: string }): void;
}

/** OpenCode answers while it makes the instance that loads us, or else goes without a version. */
const versionMs = 3_000;

/** Growing text is passed on at this pace. */
const streamMs = 500;
const sweepMs = 30_000;

export function createBridge({ settings, client, instance, home, dial, now }: BridgeOptions): Bridge {
  // Every instance hands out a client of its own; the latest is sure to be alive.
  let api = createApi(client);
  const ring = createRing(now);
  const mapper = createEventMapper();
  const memory = createMemory(now);
  const instances = createInstances({ api: () => api, home, now });
  const say: Say = (level, message) => void api.log(home, level, message).catch(() => {});

  const rootOf = (sessionId: string) => mapper.rootOf(sessionId);

  const standings = createStandings({ api: () => api, instances, rootOf, now });
  const selecting = createSelecting(() => api);

  const { host, roots, idleMinutes } = settings;
  const holds = createHolds({
    roots,
    rootOf,
    // Called once the line is there.
    isConnected: () => link.connected,
    push: (event) => push([event]),
    now,
  });
  const link = createLink({
    dial,
    hello: async () => {
      const opencode = await within(versionMs, api.version(home), 'unknown');
      return { host, instance, opencode, roots };
    },
    ring,
    run: createCommands({
      api: () => api,
      instances,
      home,
      rootOf,
      holds,
      snapshot: async () => ({
        ...(await standings.recent()),
        milestones: memory.milestones(),
        todos: memory.todos(),
      }),
    }),
    snapshot: async () => {
      const { busy, waiting } = await standings.all();
      return { busy, waiting: [...waiting, ...holds.waiting()] };
    },
    say,
    steady: () => performance.now(),
  });
  const push = (events: readonly BridgeEvent[]) => {
    for (const event of events) {
      memory.note(event);
      ring.push(event);
    }
    if (events.length > 0) link.pump();
  };

  const streaming = setInterval(() => {
    push(mapper.streamed());
    holds.sweep();
  }, streamMs);
  streaming.unref();
  if (idleMinutes > 0) {
    const idleMs = idleMinutes * 60_000;
    const sweeping = setInterval(
      () =>
        void instances
          .sweep(idleMs)
          .catch((error: unknown) => say('warn', `releasing failed: ${String(error)}`)),
      Math.min(sweepMs, idleMs),
    );
    sweeping.unref();
  }

  return {
    opened(directory, latest) {
      api = createApi(latest);
      instances.opened(directory);
    },
    hooks: holds,
    async select(directory, prompted) {
      // A subagent is prompted by its parent.
      const isRoot = rootOf(prompted.sessionId) === prompted.sessionId;
      return isRoot && isInWorkspace(directory)
        ? await selecting.select(directory, prompted)
        : prompted.asked;
    },
    closed: (directory) => instances.closed(directory),
    event(directory, event) {
      const events = mapper.map(directory, event);
      standings.heard(directory, event.type);
      if (events.length > 0) instances.touch(directory);
      push(events);
      const stopped = mapper.stopped(event);
      holds.event(directory, event, stopped);
      if (stopped !== undefined) void rejectAsks(api, directory, stopped, rootOf);
    },
    milestone(directory, { sessionId, callId: call_id, text }) {
      push([{ kind: 'agent.milestone', session_id: rootOf(sessionId), directory, text, call_id }]);
    },
  };
}
