import type { IncomingMessage, ServerResponse } from 'node:http';

import { z } from 'zod';

import { coverage } from '../coverage.ts';
import { parseBody, readBody } from '../http-body.ts';
import type { World } from '../store/world.ts';
import type { SlackServer } from '../types.ts';
import { act, actSchema, changeSockets, faultSchema, socketsSchema } from './commands.ts';
import { streamChanges } from './changes-stream.ts';
import { isAllowed } from './guard.ts';
import { readMessages, readSome, readState } from './state.ts';

export interface ControlParts {
  readonly world: World;
  /** The server this controls; it exists once everything is wired. */
  readonly server: () => SlackServer;
  /** Requests of whoever started it, beside ours. */
  readonly more: Readonly<Record<string, (body: unknown) => unknown>>;
}

type Route = (parts: ControlParts, url: URL, body: unknown) => unknown;

const query = (url: URL, name: string) => url.searchParams.get(name) ?? undefined;

/** `GET state, transcript, messages, journal, journal-detail, coverage, changes (SSE)`; `POST act, faults, sockets`; `DELETE faults`. */
const routes: Record<string, Route> = {
  'GET state': ({ world, server, more }) => {
    const { sockets, faults, pendingEvents, apiUrl } = server();
    const connections = { count: sockets.count, opened: sockets.opened };
    return {
      ...readState(world),
      apiUrl,
      sockets: connections,
      faults: faults.armed,
      pendingEvents,
      controls: Object.keys(more),
    };
  },
  'GET transcript': ({ server }, url) =>
    server().transcript(query(url, 'channel') ?? '', query(url, 'thread')),
  'GET messages': ({ world }, url) => {
    const ts = query(url, 'ts');
    if (ts !== undefined) return readSome(world, query(url, 'channel') ?? '', ts.split(','));
    return readMessages(
      world,
      query(url, 'channel') ?? '',
      query(url, 'thread'),
      Number(query(url, 'limit') ?? 200),
    );
  },
  'GET journal': ({ world }, url) => world.journal.after(Number(query(url, 'after') ?? 0)),
  'GET journal-detail': ({ world }, url) => ({ detail: world.journal.detail(Number(query(url, 'seq'))) }),
  'GET coverage': () => coverage,
  'POST act': ({ server }, _url, body) => act(server(), actSchema.parse(body)),
  'POST faults': ({ server }, _url, body) => {
    server().faults.add(faultSchema.parse(body));
  },
  'DELETE faults': ({ server }) => server().faults.clear(),
  'POST sockets': ({ server }, _url, body) => changeSockets(server(), socketsSchema.parse(body)),
};

/** Answers one control request; 403 from other origins, 400 for what a person cannot do. */
export async function handleControl(
  parts: ControlParts,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const reply = (status: number, value: unknown) => {
    const text = typeof value === 'string';
    const type = text ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8';
    response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
    response.end(text ? value : JSON.stringify(value ?? { ok: true }));
  };
  if (!isAllowed(request)) return reply(403, { ok: false, error: 'only from this machine and this origin' });
  const path = url.pathname.slice('/control/'.length);
  if (request.method === 'GET' && path === 'changes') {
    return streamChanges(parts.world, Number(query(url, 'after') ?? 0), response);
  }
  if (request.method === 'GET' && path === 'file') {
    const file = parts.world.files.get(query(url, 'id') ?? '');
    if (!file) return reply(404, { ok: false, error: 'no such file' });
    // Always a download: a page must not run what somebody posted.
    const headers = { 'content-type': 'application/octet-stream', 'content-disposition': 'attachment' };
    response.writeHead(200, { ...headers, 'x-content-type-options': 'nosniff' }).end(file.content);
    return;
  }
  const name = `${request.method ?? ''} ${path}`;
  const more = parts.more[name];
  const route: Route | undefined = more ? (_parts, _url, body) => more(body) : routes[name];
  if (!route)
    return reply(404, { ok: false, error: `no ${request.method} ${path}`, routes: Object.keys(routes) });
  const raw = await readBody(request);
  try {
    const body = raw.length > 0 ? await parseBody('application/json', raw) : {};
    reply(200, await route(parts, url, body));
  } catch (error) {
    const detail = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    reply(400, { ok: false, error: detail });
  }
}
