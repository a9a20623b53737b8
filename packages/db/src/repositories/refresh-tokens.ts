import { and, eq, gt, isNull, lt, sql } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { refreshTokens } from '../schema/index.ts';

/** `reused`: somebody presents a token that was exchanged before; its whole family is revoked by then. */
export type RefreshUse =
  | { outcome: 'used'; userId: string; family: string }
  | { outcome: 'reused' | 'unknown' };

/** Refresh tokens by their hash. A token is good for one use; the next of the family replaces it. */
export function createRefreshTokensRepository(db: Database) {
  return {
    async add(token: { tokenHash: string; userId: string; family: string; expiresAt: Date }): Promise<void> {
      await db.insert(refreshTokens).values(token);
    },

    /** Marks a token used, once. One that was used before betrays a thief: the family is deleted. */
    async use(tokenHash: string): Promise<RefreshUse> {
      const [used] = await db
        .update(refreshTokens)
        .set({ usedAt: sql`now()` })
        .where(
          and(
            eq(refreshTokens.tokenHash, tokenHash),
            isNull(refreshTokens.usedAt),
            gt(refreshTokens.expiresAt, sql`now()`),
          ),
        )
        .returning({ userId: refreshTokens.userId, family: refreshTokens.family });
      if (used) return { outcome: 'used', ...used };
      const [known] = await db.select().from(refreshTokens).where(eq(refreshTokens.tokenHash, tokenHash));
      if (!known?.usedAt) return { outcome: 'unknown' };
      await db.delete(refreshTokens).where(eq(refreshTokens.family, known.family));
      return { outcome: 'reused' };
    },

    /** Ends the login that the token belongs to. */
    async revokeFamilyOf(tokenHash: string): Promise<void> {
      const family = db
        .select({ family: refreshTokens.family })
        .from(refreshTokens)
        .where(eq(refreshTokens.tokenHash, tokenHash));
      await db.delete(refreshTokens).where(sql`${refreshTokens.family} in (${family})`);
    },

    /** Deletes tokens that expired; returns nothing of interest to a user. */
    async pruneExpired(): Promise<void> {
      await db.delete(refreshTokens).where(lt(refreshTokens.expiresAt, sql`now()`));
    },
  };
}
export type RefreshTokensRepository = ReturnType<typeof createRefreshTokensRepository>;
