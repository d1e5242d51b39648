/** `/docs`: what the HTTP API offers, made from the routes' own schemas; works without the internet. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';

export interface OpenApiOptions {
  /** A bearer token is asked for. */
  readonly secured: boolean;
}

const description = [
  'What other programs on this machine may ask of Frontdesk. Everything under `/api` answers on the loopback address only;',
  'with FRONTDESK_API_TOKEN set, it wants that as bearer token.',
].join(' ');

/** In the place of the package's own. */
const logo = {
  type: 'image/svg+xml',
  content:
    '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40"><text y="28" font-family="sans-serif" font-size="22" fill="white">Frontdesk</text></svg>',
};

/** To be called before the routes are added. Routes without a summary are nobody else’s business and stay out. */
export async function registerOpenApi(app: FastifyInstance, { secured }: OpenApiOptions): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Frontdesk', version: '1', description },
      ...(secured
        ? {
            components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
            security: [{ token: [] }],
          }
        : {}),
    },
    transform(input) {
      if (input.schema?.summary === undefined) return { schema: { hide: true }, url: input.url };
      return jsonSchemaTransform(input);
    },
  });
  // No validator on the internet, and nothing else that is not ours.
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: { validatorUrl: null },
    theme: { title: 'Frontdesk' },
    logo,
  });
  app.get('/docs/openapi.json', () => app.swagger());
}
