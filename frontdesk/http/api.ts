/** `/api/…`: one scope with its guards, its schemas, and one way to say what went wrong. */
import type {
  FastifyBaseLogger,
  FastifyError,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  RawServerDefault,
} from 'fastify';
import {
  hasZodFastifySchemaValidationErrors,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { errorCatalog, FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import type { Log } from '../../mcp-servers/kit/log.ts';
import { requireBearer, requireLoopback } from '../../mcp-servers/kit/mcp-http.ts';

/** Routes take zod schemas for params, querystring, body and each response; the documentation is made from them. */
type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Adds routes; their paths begin after `/api`, e.g. `/deployments/:id`. */
export type ApiRoutes = (api: Api) => void;

export interface ApiOptions {
  /** FRONTDESK_API_TOKEN; undefined: any program on this machine may call. */
  readonly token: string | undefined;
  readonly log: Log;
}

/** What every refusal looks like; put it into a route's `response` for the codes it gives. */
export const apiErrorSchema = z
  .object({
    error: z.string().describe('What happened and what to do, in words.'),
    code: z.string().optional().describe('Of the error catalog, when it is one of those.'),
  })
  .describe('Refused');

/**
 * Puts the routes on `/api/…`, for loopback only, with the bearer token when there is one. What a handler throws as
 * FrontdeskError is answered in its words: 404 what is unknown, 400 wrong input, 409 refused, 503 unavailable.
 */
export async function registerApi(
  app: FastifyInstance,
  { token, log }: ApiOptions,
  routes: readonly ApiRoutes[],
): Promise<void> {
  const scope = (api: FastifyInstance): void => {
    api.addHook('onRequest', requireLoopback);
    if (token !== undefined) api.addHook('onRequest', requireBearer(token));
    api.setValidatorCompiler(validatorCompiler);
    api.setSerializerCompiler(serializerCompiler);
    api.setErrorHandler<FastifyError>(async (error, request, reply) => {
      const { status, body } = describeFailure(error);
      log[status < 500 ? 'info' : 'error']({ url: request.url, status, err: error }, 'http.api.failed');
      return await reply.code(status).send(body);
    });
    for (const add of routes) add(api.withTypeProvider<ZodTypeProvider>());
  };
  await app.register(async (api) => scope(api), { prefix: '/api' });
}

/** Aborted when the client goes away before it has its answer. */
export function whenClientLeaves(reply: FastifyReply): AbortSignal {
  const left = new AbortController();
  if (reply.raw.destroyed) left.abort();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) left.abort();
  });
  return left.signal;
}

/** Pure. */
function describeFailure(error: Error & { readonly statusCode?: number }): {
  readonly status: number;
  readonly body: z.infer<typeof apiErrorSchema>;
} {
  if (error instanceof FrontdeskError)
    return { status: statusOf(error), body: { error: error.advice, code: error.code } };
  if (hasZodFastifySchemaValidationErrors(error)) {
    const words = error.validation.map(({ instancePath, message }) =>
      `${instancePath.split('/').filter(Boolean).join('.')}: ${message}`.replace(/^: /, ''),
    );
    return { status: 400, body: { error: words.join('; ') } };
  }
  const status = error.statusCode ?? 500;
  return { status, body: { error: status < 500 ? error.message : 'internal error' } };
}

function statusOf({ code }: FrontdeskError): number {
  if (code.endsWith('_unknown')) return 404;
  switch (errorCatalog[code].kind) {
    case 'input':
      return 400;
    case 'refused':
      return 409;
    case 'unavailable':
      return 503;
    default:
      return 500;
  }
}

/** For handlers: the part of the service behind a route, which comes to be after the gateway. */
export type Late<T> = () => T | undefined;

/** What a route answers whose part of the service is not there: no workspace root, or still starting. */
export async function answerAbsent(_: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  return await reply.code(503).send({
    error:
      'Not available: Frontdesk is still starting, or has no workspace root. Set FRONTDESK_WORKSPACE_ROOT, or try again in a moment.',
  });
}
