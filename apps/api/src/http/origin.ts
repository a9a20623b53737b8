import type { FastifyRequest } from 'fastify';
import { ApiFailure } from './api-failure.ts';

/** Refuses requests of pages that are not ours. */
export type OriginCheck = (request: FastifyRequest) => Promise<void>;

/**
 * For routes that a browser could be made to use against its user: sockets, and those that live by a cookie. No
 * `Origin` at all: not a browser's page. `null` (a sandboxed page, a file) and other ports are foreign.
 */
export function createOriginCheck(allowedOrigins: readonly string[]): OriginCheck {
  return async (request) => {
    const { origin } = request.headers;
    if (origin === undefined || allowedOrigins.includes(origin)) return;
    if (hostOf(origin) !== request.host) throw new ApiFailure('ORIGIN_REFUSED');
  };
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
