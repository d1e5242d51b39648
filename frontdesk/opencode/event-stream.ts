import { setTimeout as sleep } from 'node:timers/promises';
import { describeError } from '../../mcp-servers/kit/errors.ts';
import type { Log } from '../../mcp-servers/kit/log.ts';
import { backoffMs } from './backoff.ts';

export interface EventStreamOptions {
  readonly url: string;
  readonly authorization: string;
  /** A frame, parsed. OpenCode sends a heartbeat every 10 s. */
  readonly onFrame: (frame: unknown) => void;
  /** Connected, at first or again: events before this moment were missed. */
  readonly onConnected: () => void;
  readonly silenceMs: number;
  /** Called once when {@link stuckAfter} attempts in a row failed: OpenCode lives, but does not answer. */
  readonly onStuck: () => void;
  readonly log: Log;
}

/** Attempts in a row without a frame. */
const stuckAfter = 3;

/** The JSON of a server-sent event's data lines; undefined for comments and other frames. */
function parseFrame(block: string): unknown {
  const data = block
    .split('\n')
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5))
    .join('\n');
  if (data === '') return undefined;
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}

/** Reads the stream once, until it ends. @throws when it cannot be opened, breaks, or falls silent */
async function readOnce(options: EventStreamOptions, closed: AbortSignal): Promise<void> {
  const silence = new AbortController();
  const watchdog = setTimeout(() => silence.abort(new Error('no frame came')), options.silenceMs);
  try {
    const response = await fetch(`${options.url}/global/event`, {
      headers: { authorization: options.authorization, accept: 'text/event-stream' },
      signal: AbortSignal.any([closed, silence.signal]),
    });
    if (!response.ok || !response.body) throw new Error(`the event stream answered ${response.status}`);
    let buffer = '';
    let connected = false;
    const decoder = new TextDecoder();
    for await (const chunk of response.body) {
      watchdog.refresh();
      buffer += decoder.decode(chunk, { stream: true });
      const blocks = buffer.split('\n\n');
      buffer = blocks.pop() ?? '';
      for (const block of blocks) {
        const frame = parseFrame(block);
        if (frame === undefined) continue;
        // The first frame is `server.connected`: from it on nothing is missed.
        if (!connected) options.onConnected();
        connected = true;
        options.onFrame(frame);
      }
    }
  } finally {
    clearTimeout(watchdog);
  }
}

/**
 * Keeps one event stream open, with its own reconnects (0.25 s doubling to 5 s), until disposed. Missed events are
 * not replayed by OpenCode, so each connect is told to {@link EventStreamOptions.onConnected}.
 */
export function openEventStream(
  options: EventStreamOptions,
): AsyncDisposable & { readonly connected: Promise<void> } {
  const closing = new AbortController();
  const first = Promise.withResolvers<void>();
  let attempt = 0;
  const onConnected = () => {
    attempt = 0;
    options.onConnected();
    first.resolve();
  };
  const loop = async () => {
    while (!closing.signal.aborted) {
      try {
        await readOnce({ ...options, onConnected }, closing.signal);
        options.log.info({}, 'opencode.events.ended');
      } catch (error) {
        if (closing.signal.aborted) break;
        options.log.warn({ error: describeError(error) }, 'opencode.events.lost');
      }
      if (attempt === stuckAfter - 1) options.onStuck();
      await sleep(backoffMs(attempt++, 250, 5_000), undefined, { signal: closing.signal }).catch(() => {});
    }
    first.reject(new Error('the event stream was closed'));
  };
  first.promise.catch(() => {});
  const running = loop();
  return {
    connected: first.promise,
    async [Symbol.asyncDispose]() {
      closing.abort();
      await running;
    },
  };
}
