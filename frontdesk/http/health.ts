/** OP-2: how the service stands, for people, probes and Prometheus. */
import type { FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Metrics } from './metrics.ts';

/** `ready` answers /ready with 200 or 503; the rest is shown as it is. */
export interface Health {
  readonly ready: boolean;
  readonly [part: string]: unknown;
}

const healthSchema = z
  .looseObject({ status: z.literal('ok'), ready: z.boolean() })
  .describe('It runs; its parts stand as told.');
const readySchema = z.object({ ready: z.boolean() }).describe('Whether it does');
const metricsText = z.string().describe('Prometheus text format.');

/** Probes and Prometheus bring no token. */
const open = { security: [] };

export async function registerHealth(
  app: FastifyInstance,
  { health, metrics }: { readonly health: () => Health; readonly metrics: Metrics },
): Promise<void> {
  await app.register(async (bare) => {
    bare.setValidatorCompiler(validatorCompiler);
    bare.setSerializerCompiler(serializerCompiler);
    const scope = bare.withTypeProvider<ZodTypeProvider>();

    scope.get(
      '/health',
      {
        schema: {
          ...open,
          summary: 'Whether the service runs, and its parts.',
          response: { 200: healthSchema },
        },
      },
      () => ({ status: 'ok' as const, ...health() }),
    );
    scope.get(
      '/ready',
      {
        schema: {
          ...open,
          summary: 'Whether it has started, and is not stopping.',
          response: { 200: readySchema, 503: readySchema },
        },
      },
      async (_, reply) => {
        const { ready } = health();
        return await reply.code(ready ? 200 : 503).send({ ready });
      },
    );
    scope.get(
      '/metrics',
      {
        schema: {
          ...open,
          summary: 'Metrics.',
          response: {
            200: { description: 'Metrics', content: { 'text/plain': { schema: metricsText } } },
          },
        },
      },
      async (_, reply) => {
        const { text, contentType } = await metrics.render();
        return await reply.type(contentType).send(text);
      },
    );
  });
}
