import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { describeError } from './errors.ts';
import type { Log } from './log.ts';
import type { McpService } from './mcp-server.ts';

export interface McpHttpOptions {
  readonly services: readonly McpService[];
  readonly token: string;
  readonly log: Log;
  /** Milliseconds. */
  readonly now?: () => number;
  /** A session without open stream and without requests for so long is forgotten; OpenCode sends no DELETE. */
  readonly idleAfterMs?: number;
}

/** Bytes. The largest call is an upload of 20 MB, which is 26.7 MB as base64. */
const bodyLimit = 30 * 1024 * 1024;

interface Session {
  readonly service: string;
  readonly transport: StreamableHTTPServerTransport;
  lastUsedAt: number;
  /** Requests under way, the standing GET stream included. */
  open: number;
}

/**
 * Puts MCP servers on `/mcp/:server` (streamable HTTP, sessions by `mcp-session-id`).
 * Unknown sessions get 404, on which OpenCode initialises anew, so a restart of the service goes unnoticed.
 */
export function registerMcpHttp(app: FastifyInstance, options: McpHttpOptions): AsyncDisposable {
  const { services, token, log, now = Date.now, idleAfterMs = 3_600_000 } = options;
  const byName = new Map(services.map((service) => [service.name, service]));
  const sessions = new Map<string, Session>();

  const dropIdle = () => {
    for (const [id, session] of sessions) {
      if (session.open > 0 || now() - session.lastUsedAt < idleAfterMs) continue;
      sessions.delete(id);
      session.transport.close().catch(() => {});
    }
  };

  const openSession = async (service: McpService): Promise<Session> => {
    // Sessions only grow here, so this is also where they are swept: no timer.
    dropIdle();
    const id = randomUUID();
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => id,
      onsessioninitialized: () => void sessions.set(id, session),
      onsessionclosed: () => void sessions.delete(id),
    });
    const session: Session = { service: service.name, transport, lastUsedAt: now(), open: 0 };
    const server = service.createServer();
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the SDK's server has no events
    server.onerror = (error) =>
      log.debug({ server: service.name, reason: describeError(error) }, 'mcp.session.error');
    await server.connect(transport);
    return session;
  };

  const findSession = async (request: FastifyRequest, service: McpService): Promise<Session | undefined> => {
    const id = request.headers['mcp-session-id'];
    if (id === undefined) return request.method === 'POST' ? await openSession(service) : undefined;
    const session = sessions.get(String(id));
    return session?.service === service.name ? session : undefined;
  };

  app.route<{ Params: { server: string } }>({
    method: ['GET', 'POST', 'DELETE'],
    url: '/mcp/:server',
    bodyLimit,
    onRequest: [requireLoopback, requireBearer(token)],
    async handler(request, reply) {
      const service = byName.get(request.params.server);
      if (service === undefined) return await reply.code(404).send({ error: 'no such server' });
      const session = await findSession(request, service);
      if (session === undefined) return await reply.code(404).send(sessionNotFound);
      session.open += 1;
      session.lastUsedAt = now();
      reply.raw.once('close', () => {
        session.open -= 1;
        session.lastUsedAt = now();
      });
      reply.hijack();
      await session.transport.handleRequest(request.raw, reply.raw, request.body);
      return reply;
    },
  });

  return {
    async [Symbol.asyncDispose]() {
      const open = [...sessions.values()];
      sessions.clear();
      await Promise.allSettled(open.map(({ transport }) => transport.close()));
    },
  };
}

const sessionNotFound = { jsonrpc: '2.0', error: { code: -32001, message: 'Session not found' }, id: null };

/**
 * Refuses what a web page could send to a loopback port: a foreign Host (DNS rebinding) or a foreign Origin.
 * A fastify `onRequest` hook.
 */
export async function requireLoopback(request: FastifyRequest, reply: FastifyReply) {
  const { host, origin } = request.headers;
  const hostOk = host !== undefined && isLoopback(`http://${host}`);
  if (!hostOk || (origin !== undefined && !isLoopback(origin))) {
    return await reply.code(403).send({ error: 'loopback only' });
  }
  return undefined;
}

function isLoopback(url: string): boolean {
  const hostname = URL.parse(url)?.hostname ?? '';
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** @returns a fastify `onRequest` hook that wants `Authorization: Bearer <token>`, compared in constant time. */
export function requireBearer(token: string) {
  const expected = digest(`Bearer ${token}`);
  return async (request: FastifyRequest, reply: FastifyReply) => {
    if (!timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) {
      return await reply.code(401).send({ error: 'unauthorized' });
    }
    return undefined;
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
