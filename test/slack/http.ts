import type { IncomingMessage, ServerResponse } from 'node:http';

import type { FaultBox } from './limits/faults.ts';
import type { World } from './store/world.ts';
import { parseBody, readBody } from './http-body.ts';
import type { ApiAnswer, Router } from './web-api/router.ts';

export interface HttpParts {
  readonly world: World;
  readonly router: Router;
  readonly faults: FaultBox;
}

type Handler = (
  parts: HttpParts,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
) => Promise<void>;

function bearer(request: IncomingMessage): string {
  return (request.headers.authorization ?? '').replace(/^Bearer\s+/i, '');
}

function send(response: ServerResponse, answer: ApiAnswer): void {
  if ('lost' in answer) {
    // A hanging request ends with the server.
    if (answer.lost === 'reset') response.socket?.destroy();
    return;
  }
  const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  response.writeHead(answer.status, { 'content-type': 'application/json; charset=utf-8', ...answer.headers });
  response.end(text);
}

const api: Handler = async ({ router }, request, response, url) => {
  const method = url.pathname.slice('/api/'.length);
  const body = await readBody(request);
  const contentType = request.headers['content-type'] ?? '';
  let args: Record<string, unknown>;
  try {
    args = { ...Object.fromEntries(url.searchParams), ...(await parseBody(contentType, body)) };
  } catch {
    return send(response, { status: 200, headers: {}, body: { ok: false, error: 'invalid_form_data' } });
  }
  const token = bearer(request) || (typeof args['token'] === 'string' ? args['token'] : '');
  return send(response, await router.handle({ method, args, token }));
};

/** Routes one HTTP request by the first part of its path. */
export async function handleHttp(
  parts: HttpParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', parts.world.url);
  const handlers: [string, Handler][] = [['/api/', api]];
  const handler = handlers.find(([prefix]) => url.pathname.startsWith(prefix))?.[1];
  if (handler) return handler(parts, request, response, url);
  response.writeHead(404).end();
}
