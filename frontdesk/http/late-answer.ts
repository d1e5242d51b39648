/** An answer that a person gives, which may take longer than clients and proxies let a connection be silent. */
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/**
 * Sends it as JSON when it is there. Until then spaces, which may stand before JSON: a `fetch` of Node gives up after 300 s
 * without headers or a byte, nginx after 60 s. The status is 200 from the first space on.
 * @param answer once it rejects after the first space, the connection is cut
 */
export async function sendLate<T>(
  reply: FastifyReply,
  answer: Promise<T>,
  o: { readonly heartbeatMs: number },
): Promise<FastifyReply> {
  const early = await orSilence(answer, o.heartbeatMs);
  if (early !== null) return await reply.send(early.value);
  const stream = Readable.from(waitFor(answer, o.heartbeatMs), { objectMode: false });
  return await reply
    .type('application/json; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('x-accel-buffering', 'no')
    .send(stream);
}

async function* waitFor(answer: Promise<unknown>, heartbeatMs: number): AsyncGenerator<Buffer> {
  for (;;) {
    yield Buffer.from(' ');
    const given = await orSilence(answer, heartbeatMs);
    if (given === null) continue;
    yield Buffer.from(JSON.stringify(given.value));
    return;
  }
}

/** null: nothing came in this time. */
export async function orSilence<T>(next: Promise<T>, ms: number): Promise<{ readonly value: T } | null> {
  const silence = Promise.withResolvers<null>();
  const timer = setTimeout(() => silence.resolve(null), ms);
  try {
    return await Promise.race([next.then((value) => ({ value })), silence.promise]);
  } finally {
    clearTimeout(timer);
  }
}
