import { createHash, randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

const NAME = 'onefeed_refresh';
/** Only these routes ever see the cookie. */
const PATH = '/api/auth';
/** Seconds a login lasts without being used. */
export const REFRESH_SECONDS = 30 * 86_400;

/** 256 random bits; the database has only its hash (I9). */
export function newRefreshToken(): { token: string; tokenHash: string } {
  const token = randomBytes(32).toString('base64url');
  return { token, tokenHash: hashRefreshToken(token) };
}

export function hashRefreshToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

export function readRefreshCookie(request: FastifyRequest): string | null {
  return request.cookies[NAME] ?? null;
}

export function setRefreshCookie(request: FastifyRequest, reply: FastifyReply, token: string): void {
  reply.setCookie(NAME, token, {
    path: PATH,
    httpOnly: true,
    sameSite: 'strict',
    // Plain http is localhost or a proxy's back side.
    secure: request.protocol === 'https',
    maxAge: REFRESH_SECONDS,
  });
}

export function clearRefreshCookie(reply: FastifyReply): void {
  reply.clearCookie(NAME, { path: PATH, httpOnly: true, sameSite: 'strict' });
}
