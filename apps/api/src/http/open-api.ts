import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { declareAccess } from './access.ts';

/** Collects the routes' schemas as OpenAPI 3.1. Register before the routes. */
export async function collectOpenApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'onefeed',
        version: '1.0.0',
        description:
          'One feed. One analysis. Every bot. Errors: {success: false, error: {code, message, details?}}.',
      },
      components: {
        securitySchemes: { accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      },
    },
    transform: ({ schema, url, route }) => {
      const access = route.config?.access;
      const guarded = access === 'user' || access === 'admin';
      return {
        url,
        schema: { ...schema, ...(guarded ? { security: [{ accessToken: [] }] } : {}), tags: [tagOf(url)] },
      };
    },
  });
}

/** `/docs` to read and try, `/docs/json` for tools. */
export async function serveOpenApi(app: FastifyInstance): Promise<void> {
  await app.register(async (scope) => {
    declareAccess(scope, 'public');
    await scope.register(swaggerUi, { routePrefix: '/docs', staticCSP: true });
  });
}

function tagOf(url: string): string {
  return url.split('/')[2] ?? 'pages';
}
