import type { UserRole } from '@onefeed/contracts';
import { ApiFailure } from '../http/api-failure.ts';
import type { Caller } from '../http/caller.ts';

/** Seconds an access token is good for. */
export const ACCESS_TOKEN_SECONDS = 900;

export interface AccessTokens {
  issue(user: { id: string; role: UserRole }): string;
  /** Throws TOKEN_EXPIRED or UNAUTHENTICATED. */
  verify(token: string): Caller;
}

interface Claims {
  sub: string;
  role: UserRole;
  exp: number;
}

/** The little of @fastify/jwt that is used. */
interface Signer {
  sign(payload: object, options: object): string;
  verify(token: string): unknown;
}

/** Self-contained tokens: reading one needs no query, so a storm of reconnects does not reach the database. */
export function createAccessTokens(signer: () => Signer): AccessTokens {
  return {
    issue: (user) => signer().sign({ role: user.role }, { sub: user.id, expiresIn: ACCESS_TOKEN_SECONDS }),
    verify: (token) => {
      try {
        const claims = signer().verify(token) as Claims;
        return { userId: claims.sub, role: claims.role, expiresAt: claims.exp * 1_000 };
      } catch (error) {
        const expired = (error as { code?: string }).code === 'FAST_JWT_EXPIRED';
        throw new ApiFailure(expired ? 'TOKEN_EXPIRED' : 'UNAUTHENTICATED');
      }
    },
  };
}
