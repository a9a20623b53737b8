import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/**
 * The web app, its socket and nothing else. Styles may be inline (the chart library sets them); HTTPS and HSTS
 * are the reverse proxy's to enforce, as the api itself also runs on plain localhost.
 */
export async function installSecurityHeaders(app: FastifyInstance): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'self'"],
        connectSrc: ["'self'"],
        fontSrc: ["'self'", 'data:'],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        imgSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
      },
    },
    strictTransportSecurity: false,
    crossOriginEmbedderPolicy: false,
    // Over plain HTTP to anything but localhost browsers ignore it and complain.
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
  });
}
