import type { BridgeEvent, EventFrame, Hello, ResyncFrame } from '../../agents/bridge/protocol.ts';
import type { HostEvent } from '../../mcp-servers/kit/work.ts';
import type { Connection } from './connection.ts';
import { toHostEvent } from './host-event.ts';
import { createSequence, type Sequence } from './sequence.ts';

/** A session that was placed counts as load until it works, but not for ever: it may never be given anything. */
const placedMs = 60_000;

/** What is known of a host; it outlives its lines. */
export interface HostRecord {
  readonly name: string;
  connection: Connection | undefined;
  readonly busy: number;
  /** Sessions at work and those just placed. */
  load(now: number): number;
  /**
   * A session is about to be made here. @returns what to call with its id, or without one when it failed: ten starts
   * at once must not all see the same idle host.
   */
  reserve(now: number): (sessionId?: string) => void;
  /** A line was accepted. @returns what to resume from, and what the change of instance means to sessions at work */
  welcome(hello: Hello): { resumeFrom: number | null; events: HostEvent[] };
  /** @returns what to tell, or `gap` when all after {@link HostRecord.lastSeq} must be asked for */
  event(frame: EventFrame): HostEvent[] | 'gap';
  resync(frame: ResyncFrame): HostEvent[];
  readonly lastSeq: number;
}

/** The error told of sessions that worked when their OpenCode ended. */
export const restarted = 'OpenCode was restarted while it worked. Send it a message to go on.';

export function createHostRecord(name: string): HostRecord {
  let instance: string | undefined;
  let sequence: Sequence = createSequence();
  let active = new Set<string>();
  let reservations = 0;
  const placedAt = new Map<string, number>();

  function note(event: BridgeEvent): void {
    if (event.kind === 'session.active') {
      active.add(event.session_id);
      placedAt.delete(event.session_id);
    }
    if (event.kind === 'session.idle') active.delete(event.session_id);
  }

  return {
    name,
    connection: undefined,
    get busy() {
      return active.size;
    },
    get lastSeq() {
      return sequence.last ?? 0;
    },
    load(now) {
      for (const [id, at] of placedAt) if (now - at > placedMs) placedAt.delete(id);
      return active.size + placedAt.size;
    },
    reserve(now) {
      const ticket = `reserved ${(reservations += 1)}`;
      placedAt.set(ticket, now);
      return (sessionId) => {
        placedAt.delete(ticket);
        if (sessionId !== undefined && !active.has(sessionId)) placedAt.set(sessionId, now);
      };
    },
    welcome(hello) {
      if (instance === hello.instance) {
        sequence.reopen();
        return { resumeFrom: sequence.last ?? null, events: [] };
      }
      // Nothing of the old instance runs any more (notes/opencode.md §8).
      const interrupted = instance === undefined ? [] : [...active];
      instance = hello.instance;
      sequence = createSequence();
      active = new Set();
      const events = interrupted.flatMap((sessionId): HostEvent[] => [
        { sessionId, kind: 'error', error: restarted },
        { sessionId, kind: 'idle' },
      ]);
      return { resumeFrom: null, events };
    },
    event({ seq, event }) {
      const verdict = sequence.accept(seq);
      if (verdict === 'gap') return 'gap';
      if (verdict !== 'take') return [];
      note(event);
      const told = toHostEvent(event);
      return told ? [told] : [];
    },
    resync({ seq, busy, waiting }) {
      sequence.reset(seq);
      const now = new Set(busy.map(({ session_id }) => session_id));
      const ended = [...active].filter((id) => !now.has(id));
      const begun = [...now].filter((id) => !active.has(id));
      active = now;
      return [
        ...ended.map((sessionId): HostEvent => ({ sessionId, kind: 'idle' })),
        ...begun.map((sessionId): HostEvent => ({ sessionId, kind: 'active' })),
        ...waiting.flatMap((event) => toHostEvent(event) ?? []),
      ];
    },
  };
}
