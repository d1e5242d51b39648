import type { Server } from 'node:http';
import { type FastifyInstance, fastify } from 'fastify';
import { z } from 'zod';
import type { Log } from '../../mcp-servers/kit/log.ts';
import { registerMcpHttp, requireBearer, requireLoopback } from '../../mcp-servers/kit/mcp-http.ts';
import type { McpService } from '../../mcp-servers/kit/mcp-server.ts';
import type { Stamps } from '../../mcp-servers/kit/stamps.ts';
import { type ApiRoutes, registerApi } from './api.ts';
import { type Health, registerHealth } from './health.ts';
import type { Metrics } from './metrics.ts';
import { registerOpenApi } from './openapi.ts';

export interface GatewayOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  readonly log: Log;
  readonly mcp: { readonly token: string; readonly services: readonly McpService[] };
  /** What our OpenCode plugin calls, with its own token. */
  readonly stamp: { readonly token: string; readonly stamps: Stamps; readonly hellos: HelloTaker };
  /** What other tools may ask over `/api/…`; `token` undefined: without one. */
  readonly api?: { readonly token: string | undefined; readonly routes: readonly ApiRoutes[] };
  readonly health: () => Health;
  readonly metrics: Metrics;
}

export interface Gateway extends AsyncDisposable {
  /** E.g. `http://127.0.0.1:8000`, without a slash at the end. */
  readonly url: string;
  /** For WebSockets: whoever takes its upgrades ends them before the gateway is closed. */
  readonly server: Server;
}

const id = z.string().min(1).max(200);
const stampRequest = z.object({ sessionId: id, callId: id, tool: id });
const hello = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) });

/** OpenCode's start waits for what the plugin says of itself. */
interface HelloTaker {
  receive(said: z.infer<typeof hello>): void;
}

/**
 * The service's one HTTP server: MCP servers, the plugin's calls, `/api`, `/docs`, health, metrics.
 * @throws Error when the port is taken
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { port, host = '127.0.0.1', log, mcp, metrics, health } = options;
  // Standing SSE streams would otherwise hold the close back for ever.
  // And a person may be waited for longer than any timeout (AS-3): none is set, whatever a default becomes.
  const app = fastify({
    logger: false,
    forceCloseConnections: true,
    connectionTimeout: 0,
    requestTimeout: 0,
    handlerTimeout: 0,
  });
  // For all of it, health and metrics too: a web page that had its own name point here could read them otherwise.
  if (host === '127.0.0.1') app.addHook('onRequest', requireLoopback);
  const { token, routes } = options.api ?? { token: undefined, routes: [] };
  await registerOpenApi(app, { secured: token !== undefined });
  const sessions = registerMcpHttp(app, { ...mcp, log });
  registerPlugin(app, options);
  await registerApi(app, { token, log }, routes);

  await registerHealth(app, { health, metrics });
  app.setErrorHandler<Error & { statusCode?: number }>(async (error, request, reply) => {
    const status = error.statusCode ?? 500;
    log[status < 500 ? 'info' : 'error']({ url: request.url, err: error }, 'http.request.failed');
    return await reply.code(status).send({ error: status < 500 ? error.message : 'internal error' });
  });

  const url = await app.listen({ port, host });
  return {
    url,
    server: app.server,
    async [Symbol.asyncDispose]() {
      await sessions[Symbol.asyncDispose]();
      await app.close();
    },
  };
}

/** Any session may have a stamp: whether it belongs to a thread is decided when the stamp is spent. */
function registerPlugin(app: FastifyInstance, { stamp, log }: GatewayOptions): void {
  const onRequest = [requireLoopback, requireBearer(stamp.token)];

  app.post('/opencode/stamp', { onRequest }, async (request, reply) => {
    const claim = stampRequest.safeParse(request.body);
    if (!claim.success) return await reply.code(400).send({ error: z.prettifyError(claim.error) });
    return { stamp: stamp.stamps.issue(claim.data) };
  });

  app.post('/opencode/hello', { onRequest }, async (request, reply) => {
    const said = hello.safeParse(request.body);
    if (!said.success) return await reply.code(400).send({ error: z.prettifyError(said.error) });
    log.info({ sha256: said.data.sha256 }, 'opencode.plugin.hello');
    stamp.hellos.receive(said.data);
    return { ok: true };
  });
}
