import type { OpenRooms } from './open-rooms.ts';
import type { Rooms } from './slack-in/rooms.ts';
import type { Shown } from './slack-in/surfaces.ts';
import type { Incoming } from './threads/incoming.ts';
import type { Threads } from './threads/threads.ts';

export interface RouteIncomingOptions {
  readonly clicks: Rooms;
  readonly threads: Pick<Threads, 'accept'>;
  /** undefined without a workspace root. */
  readonly rooms: Pick<OpenRooms, 'take' | 'asks'> | undefined;
  /** Whether it tells the front desk to do something: then it is no answer to what an agent asks. */
  readonly isOrder: (text: string) => boolean;
  /** Called when a message is stored. */
  readonly onTaken: (message: Extract<Incoming, { kind: 'message' }>) => Promise<void>;
}

/**
 * Where what comes in from the chat goes: a click to the room whose it is, words about a question to the question, all else to
 * its thread. Resolves once it is stored.
 * @returns what only the clicker gets to see
 */
export function createRouteIncoming(o: RouteIncomingOptions): (incoming: Incoming) => Promise<Shown> {
  const { clicks, threads, rooms, isOrder, onTaken } = o;
  return async (incoming) => {
    if (incoming.kind === 'action' && clicks.has(incoming.action)) {
      const { ref, author: person, action, value, clickId } = incoming;
      return await clicks.click({ person, ref, requestId: `${ref.channel}/${clickId}` }, action, value);
    }
    if (incoming.kind !== 'message') {
      await threads.accept(incoming);
      return null;
    }
    if (!(await rooms?.take(incoming))) {
      await threads.accept(incoming);
      if (incoming.addressing !== 'other')
        await rooms?.asks.offer(incoming.ref, incoming, isOrder(incoming.text));
    }
    await onTaken(incoming);
    return null;
  };
}
