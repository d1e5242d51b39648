/** Server-sent events from a sequence that may be silent for long. */
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { orSilence } from './late-answer.ts';

export interface ServerEvent {
  readonly id: number;
  readonly event: string;
  readonly data: unknown;
}

/** What a client waits before it dials again after a lost connection. */
const retryMs = 2000;

/**
 * Sends them until they end or the client goes away; a slow client holds back only its own sequence.
 * @param events must end when `left` is aborted
 * @param o.heartbeatMs a comment after so much silence: proxies end what says nothing
 */
export async function sendEvents(
  reply: FastifyReply,
  events: AsyncIterable<ServerEvent>,
  o: { readonly heartbeatMs: number },
): Promise<FastifyReply> {
  const stream = Readable.from(encode(events, o.heartbeatMs), { objectMode: false });
  return await reply
    .type('text/event-stream')
    .header('cache-control', 'no-cache')
    .header('x-accel-buffering', 'no')
    .send(stream);
}

async function* encode(events: AsyncIterable<ServerEvent>, heartbeatMs: number): AsyncGenerator<Buffer> {
  const sequence = events[Symbol.asyncIterator]();
  // At once, so that the client knows it is heard before anything happens.
  yield Buffer.from(`retry: ${retryMs}\n\n`);
  let next = sequence.next();
  // Not awaited while a heartbeat is sent.
  next.catch(() => {});
  try {
    for (;;) {
      const come = await orSilence(next, heartbeatMs);
      if (come === null) {
        yield Buffer.from(': still here\n\n');
        continue;
      }
      if (come.value.done === true) return;
      yield Buffer.from(renderEvent(come.value.value));
      next = sequence.next();
      next.catch(() => {});
    }
  } finally {
    await sequence.return?.();
  }
}

/** JSON has no line ends, so its text is one line of data. */
function renderEvent({ id, event, data }: ServerEvent): string {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
