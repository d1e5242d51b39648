import type { IncomingMessage, ServerResponse } from 'node:http';

import { handleControl, type ControlParts } from './control/control-api.ts';
import { parseBody, readBody } from './http-body.ts';
import type { Fault, FaultBox } from './limits/faults.ts';
import { useResponseUrl } from './response-url.ts';
import { serveSite } from './site.ts';
import type { Json } from './store/model.ts';
import type { World } from './store/world.ts';
import { faultAnswer, type ApiAnswer, type Router } from './web-api/router.ts';

export interface HttpParts {
  readonly world: World;
  readonly router: Router;
  readonly faults: FaultBox;
  readonly control: ControlParts;
  /** Folder of a built page. */
  readonly site?: string | undefined;
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
  let args: Json;
  try {
    const fields = await parseBody(request.headers['content-type'] ?? '', body);
    args = { ...Object.fromEntries(url.searchParams), ...fields };
  } catch {
    return send(response, { status: 200, headers: {}, body: { ok: false, error: 'invalid_form_data' } });
  }
  const token = bearer(request) || (typeof args['token'] === 'string' ? args['token'] : '');
  return send(response, await router.handle({ method, args, token }));
};

/** Faults of the two file hosts; those that keep the effect are for `upload` only. */
function fileFault({ faults, world }: HttpParts, name: 'upload' | 'download'): Fault | undefined {
  const fault = faults.take(name, undefined);
  if (fault) world.journal.add({ kind: 'fault', name, outcome: fault.kind });
  return fault;
}

/** Takes the content of a file: the body as it is, or the first file of a multipart form. */
const upload: Handler = async (parts, request, response, url) => {
  const body = await readBody(request);
  const fault = fileFault(parts, 'upload');
  if (fault && fault.kind !== 'reset-after') return send(response, faultAnswer(fault));
  const file = parts.world.files.get(url.pathname.split('/').at(-1) ?? '');
  if (!file || file.complete) return send(response, { status: 404, headers: {}, body: 'not found' });
  const contentType = request.headers['content-type'] ?? '';
  const form = contentType.startsWith('multipart/') ? await parseBody(contentType, body) : {};
  file.content = Object.values(form).find((value) => Buffer.isBuffer(value)) ?? body;
  parts.world.journal.add({
    kind: 'call',
    name: 'upload',
    outcome: 'ok',
    data: { bytes: file.content.length },
  });
  if (fault) return send(response, { lost: 'reset' });
  return send(response, {
    status: 200,
    headers: { 'content-type': 'text/plain' },
    body: `OK - ${file.content.length}`,
  });
};

/** url_private: the content for the bot token with files:read; anybody else is sent to the sign-in page. */
const download: Handler = async (parts, request, response, url) => {
  const { world } = parts;
  const fault = fileFault(parts, 'download');
  if (fault) return send(response, faultAnswer(fault));
  const file = world.files.get(url.pathname.split('/')[2]?.slice(`${world.id.teamId}-`.length) ?? '');
  const allowed = bearer(request) === world.id.botToken && world.manifest.scopes.has('files:read');
  world.journal.add({ kind: 'call', name: 'download', outcome: allowed ? 'ok' : 'sign-in' });
  if (!allowed) {
    response.writeHead(302, { location: `${world.url}/signin` }).end();
  } else if (file) {
    response.writeHead(200, { 'content-type': file.mimetype, 'content-length': file.content.length });
    response.end(file.content);
  } else {
    response.writeHead(404).end();
  }
};

const signIn: Handler = async (_parts, _request, response) => {
  response
    .writeHead(200, { 'content-type': 'text/html' })
    .end('<!DOCTYPE html><title>Sign in to Slack</title>');
};

const responseUrl: Handler = async ({ world }, request, response, url) => {
  const payload = await parseBody('application/json', await readBody(request));
  const { status, body } = useResponseUrl(world, url.pathname.slice('/response/'.length), payload);
  response.writeHead(status, { 'content-type': 'text/plain' }).end(body);
};

const control: Handler = ({ control }, request, response, url) =>
  handleControl(control, request, response, url);

const handlers: readonly [string, Handler][] = [
  ['/api/', api],
  ['/upload/v1/', upload],
  ['/files-pri/', download],
  ['/signin', signIn],
  ['/response/', responseUrl],
  ['/control/', control],
];

/** Routes one HTTP request by the first part of its path. */
export async function handleHttp(
  parts: HttpParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', parts.world.url);
  const handler = handlers.find(([prefix]) => url.pathname.startsWith(prefix))?.[1];
  if (handler) return handler(parts, request, response, url);
  if (parts.site !== undefined) return serveSite(parts.site, request, response, url);
  response.writeHead(404).end();
}
