import type { IncomingMessage } from 'node:http';

import type { Json } from './store/model.ts';

const maxBody = 64 * 1024 * 1024;

/** Reads a request whole. @throws when it is over 64 MiB */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBody) throw new Error('request body over 64 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** @returns the fields of a form, JSON or multipart body; files of a multipart body are Buffers. */
export async function parseBody(contentType: string, body: Buffer): Promise<Json> {
  if (contentType.startsWith('application/json')) {
    const parsed = JSON.parse(body.toString() || '{}') as unknown;
    return typeof parsed === 'object' && parsed !== null ? (parsed as Json) : {};
  }
  if (contentType.startsWith('multipart/form-data')) {
    const form = await new Response(new Uint8Array(body), {
      headers: { 'content-type': contentType },
    }).formData();
    const fields: Json = {};
    for (const [name, value] of form) {
      fields[name] = typeof value === 'string' ? value : Buffer.from(await value.arrayBuffer());
    }
    return fields;
  }
  return Object.fromEntries(new URLSearchParams(body.toString()));
}
