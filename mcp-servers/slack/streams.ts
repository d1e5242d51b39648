import type { ThreadRef } from '../kit/chat.ts';
import type { SettledStream } from './outbox/send.ts';
import { createLiveStream, type LiveStream, type LiveStreamDeps } from './stream.ts';

/** The streams of this process, by message id. */
export interface Streams {
  open(ref: ThreadRef, id: string, recipient: string): LiveStream;
  /** undefined when this process has no such stream. */
  settle(id: string): Promise<SettledStream | undefined>;
  forget(id: string): void;
  /** Ends it leaving what was shown. @returns false when this process showed nothing of it */
  abandon(ref: ThreadRef, id: string): Promise<boolean>;
}

export function createStreams(deps: LiveStreamDeps): Streams {
  const live = new Map<string, LiveStream>();
  return {
    open(ref, id, recipient) {
      const stream = live.get(id) ?? createLiveStream(deps, ref, id, recipient);
      live.set(id, stream);
      return stream;
    },
    settle: async (id) => await live.get(id)?.settle(),
    forget: (id) => void live.delete(id),
    async abandon(ref, id) {
      const stream = live.get(id);
      live.delete(id);
      const last = (await stream?.settle())?.segments.at(-1);
      if (last === undefined) return false;
      deps.outbox.quick({
        gates: [],
        method: 'chat.stopStream',
        channel: ref.channel,
        send: async () =>
          void (await deps.web.call('chat.stopStream', { channel: ref.channel, ts: last.ts })),
      });
      // As if it had never been said: what stands there was nobody's answer.
      await deps.outbox.note(ref, (state) => {
        const { [id]: _, ...streams } = state.streams;
        const { [id]: __, ...sent } = state.sent;
        return { ...state, streams, sent };
      });
      return true;
    },
  };
}
