import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { ApiFailure } from './api-failure.ts';
import { networkOf } from './network.ts';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Past this many state-changing requests a minute a user (or, before login, an address) gets 429. */
export const CHANGES_PER_MINUTE = 100;

/** Counts per process, in a cache of at most 20,000 callers; the least recently seen is forgotten. */
export async function installChangeLimit(app: FastifyInstance): Promise<void> {
  await app.register(rateLimit, {
    global: true,
    max: CHANGES_PER_MINUTE,
    timeWindow: 60_000,
    cache: 20_000,
    allowList: (request) => READING.has(request.method),
    keyGenerator: (request) => request.caller?.userId ?? networkOf(request.ip),
    errorResponseBuilder: (_request, context) =>
      new ApiFailure('RATE_LIMITED', { retryAfterSeconds: Math.max(1, Math.ceil(context.ttl / 1_000)) }),
  });
}
