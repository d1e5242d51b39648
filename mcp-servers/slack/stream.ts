import type { ThreadRef } from '../kit/chat.ts';
import type { Log } from '../kit/log.ts';
import { clip } from './blocks.ts';
import type { Clock } from './clock.ts';
import { partId } from './outbox/decide.ts';
import type { Lookup } from './outbox/lookup.ts';
import type { Outbox } from './outbox/outbox.ts';
import type { Pace } from './outbox/pace.ts';
import type { SettledStream } from './outbox/send.ts';
import type { Sanitiser } from './sanitise.ts';
import { SlackFailure } from './slack-failure.ts';
import { createEditedWire, createNativeWire } from './stream-wire.ts';
import type { SlackWeb } from './web.ts';

export interface LiveStreamDeps {
  readonly web: SlackWeb;
  readonly outbox: Outbox;
  readonly lookup: Lookup;
  readonly pace: Pace;
  readonly clock: Clock;
  readonly log: Log;
  readonly sanitiser: Sanitiser;
}

/** The live side of a stream. Its end is a wish in the outbox, which asks it to `settle` first. */
export interface LiveStream {
  readonly append: (text: string) => void;
  /** Sends no more and waits for what is under way. Repeatable. */
  settle(): Promise<SettledStream>;
}

/** A streamed message takes 12,000 characters; then comes the next one. */
const segmentLimit = 11_000;
const repairDelaysMs = [1000, 2000, 4000, 8000, 16_000];

interface Segment {
  readonly ts: string;
  text: string;
}

/** What a failed call leaves behind and must be put right before going on. */
interface Doubt {
  readonly chunk: string;
  /** undefined: the start of a stream is in doubt. */
  readonly segment: Segment | undefined;
}

/**
 * Shows text while it grows. One call at a time, so that nothing overtakes; after a failure it goes on from the
 * last position that is certain.
 * @param recipient the person who reads along
 */
export function createLiveStream(
  deps: LiveStreamDeps,
  ref: ThreadRef,
  id: string,
  recipient: string,
): LiveStream {
  const { web, outbox, pace, clock, log, sanitiser } = deps;
  const { channel } = ref;
  const wire = ref.thread === '' ? createEditedWire(deps, ref) : createNativeWire(deps, ref, recipient);
  const pieces = sanitiser.stream();
  const segments: Segment[] = [];
  let open: Segment | undefined;
  let buffer = '';
  /** The call under way, and the one whose answer was lost. */
  let trying: Doubt | undefined;
  let doubtful: Doubt | undefined;
  let certain = true;
  let failures = 0;
  let notBefore = 0;
  /** Nothing more is shown live: ended, or Slack will not have it. */
  let mute = false;
  let begunAt: number | undefined;
  let sending: Promise<void> | undefined;
  let timer: Disposable | undefined;

  const pump = () => {
    timer?.[Symbol.dispose]();
    timer = undefined;
    if (mute || sending !== undefined || (buffer === '' && doubtful === undefined)) return;
    const delay = Math.max(notBefore - clock.steady(), pace.delay(nextMethod(), channel, true));
    if (delay > 0) {
      timer = clock.after(delay, pump);
      return;
    }
    sending = step()
      .catch(recover)
      .then(() => {
        sending = undefined;
        pump();
      });
  };

  const nextMethod = () => (open === undefined ? wire.startMethod : wire.growMethod);

  const step = async () => {
    notBefore = clock.steady() + wire.everyMs;
    pace.take(nextMethod(), channel);
    if (doubtful !== undefined) await repair(doubtful);
    else if (open === undefined) await startSegment();
    else if (open.text.length >= segmentLimit) await stop(open);
    else await appendTo(open);
    failures = 0;
  };

  const takeChunk = (room: number) => buffer.slice(0, room).replace(/[\uD800-\uDBFF]$/, '');

  const startSegment = async () => {
    if (begunAt === undefined && !(await begin())) {
      mute = true;
      return;
    }
    const chunk = takeChunk(segmentLimit);
    trying = { chunk, segment: undefined };
    const ts = await wire.start(partId(id, segments.length), chunk);
    trying = undefined;
    open = { ts, text: chunk };
    buffer = buffer.slice(chunk.length);
    await keep(open);
  };

  /** Stored before the first call, so that a crash right after it leaves a trace. False when it was begun before. */
  const begin = async (): Promise<boolean> => {
    let fresh = false;
    const now = clock.now();
    await outbox.note(ref, (state) => {
      fresh = state.streams[id] === undefined && state.sent[id] === undefined;
      return fresh ? { ...state, streams: { ...state.streams, [id]: now } } : state;
    });
    if (fresh) begunAt = now;
    return fresh;
  };

  const keep = async (segment: Segment) => {
    segments.push(segment);
    const key = partId(id, segments.length - 1);
    const sent = { ts: segment.ts, at: clock.now() };
    await outbox.note(ref, (state) => ({ ...state, sent: { ...state.sent, [key]: sent } }));
  };

  const appendTo = async (segment: Segment) => {
    const chunk = takeChunk(segmentLimit - segment.text.length);
    trying = { chunk, segment };
    await wire.grow(segment.ts, segment.text, chunk);
    trying = undefined;
    segment.text += chunk;
    buffer = buffer.slice(chunk.length);
  };

  const stop = async (segment: Segment) => {
    await wire.end(segment.ts).catch(ignoreClosed);
    open = undefined;
  };

  /** Makes the message in doubt show what was meant, and goes on in a new one. */
  const repair = async ({ chunk, segment }: Doubt) => {
    let meant = segment;
    if (meant === undefined) {
      const known = new Set(Object.values((await outbox.read(ref)).sent).map(({ ts }) => ts));
      const ts = await wire.find(partId(id, segments.length), begunAt ?? clock.now(), known);
      if (ts !== undefined) meant = { ts, text: '' };
    }
    if (meant !== undefined) {
      await stop(meant);
      const text = meant.text + chunk;
      const blocks = [{ type: 'markdown', text }];
      await web.call('chat.update', { channel, ts: meant.ts, text: clip(text, 3000), blocks });
      meant.text = text;
      buffer = buffer.slice(chunk.length);
      if (meant !== segment) await keep(meant);
    }
    doubtful = undefined;
  };

  const recover = (error: unknown) => {
    const failure = error instanceof SlackFailure ? error.failure : undefined;
    if (failure?.kind === 'rate_limited') {
      // Nothing was done: the position holds.
      pace.limited((error as SlackFailure).method, channel, failure.retryAfterMs);
      notBefore = clock.steady() + failure.retryAfterMs;
    } else if (failure?.kind === 'refused' && isClosed(failure.code) && open !== undefined) {
      // Slack ends a stream after some minutes; the text goes on in a new message.
      open = undefined;
    } else if (failure?.kind === 'unreachable') {
      doubtful ??= trying;
      notBefore = clock.steady() + (repairDelaysMs[failures] ?? 16_000);
      failures += 1;
    } else {
      log.warn({ channel, id, err: error }, 'slack.stream.refused');
      certain = false;
      mute = true;
    }
    trying = undefined;
  };

  return {
    append(text) {
      buffer += pieces.push(text);
      pump();
    },
    async settle() {
      mute = true;
      timer?.[Symbol.dispose]();
      await sending;
      const whole = certain && doubtful === undefined && open !== undefined;
      return { segments: [...segments], certain: whole };
    },
  };
}

function isClosed(code: string): boolean {
  return code === 'message_not_in_streaming_state' || code === 'message_not_found';
}

function ignoreClosed(error: unknown): void {
  const refused = error instanceof SlackFailure && error.failure.kind === 'refused';
  if (!refused || !isClosed(error.failure.code)) throw error;
}
