import { and, eq, gt, lt, sql } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { refreshTokens } from '../schema/index.ts';
import { lockUser } from './user-lock.ts';

/**
 * Seconds in which the token exchanged last is still taken: two tabs that wake together, or an answer that was
 * lost on its way, must not end the login.
 */
export const ROTATION_GRACE_SECONDS = 10;

/** `reused`: somebody presents a token that was exchanged before; its whole family is revoked by then. */
export type Rotation =
  | { outcome: 'rotated'; userId: string }
  | { outcome: 'reused'; userId: string }
  | { outcome: 'unknown' };

/** Refresh tokens by their hash. A token is good for one exchange; the next of the family replaces it. */
export function createRefreshTokensRepository(db: Database) {
  return {
    async add(token: { tokenHash: string; userId: string; family: string; expiresAt: Date }): Promise<void> {
      await db.insert(refreshTokens).values(token);
    },

    /**
     * Exchanges a token for `next`, which joins its family. One that was exchanged before betrays a thief, unless it
     * was the family's last exchange and not longer ago than the grace: then its holder gets a token too. One
     * user's exchanges and logouts follow each other, so that neither brings back what the other ended.
     */
    async rotate(tokenHash: string, next: { tokenHash: string; expiresAt: Date }): Promise<Rotation> {
      return db.transaction(async (tx) => {
        const given = eq(refreshTokens.tokenHash, tokenHash);
        const [owner] = await tx.select({ userId: refreshTokens.userId }).from(refreshTokens).where(given);
        if (!owner) return { outcome: 'unknown' };
        const { userId } = owner;
        await lockUser(tx, userId);
        const [known] = await tx
          .select({
            family: refreshTokens.family,
            usedAt: refreshTokens.usedAt,
            recent: sql<boolean>`coalesce(${refreshTokens.usedAt} > clock_timestamp() - make_interval(secs => ${ROTATION_GRACE_SECONDS}), false)`,
          })
          .from(refreshTokens)
          .where(and(given, gt(refreshTokens.expiresAt, sql`clock_timestamp()`)));
        if (!known) return { outcome: 'unknown' };
        const { family, usedAt } = known;
        if (usedAt !== null) {
          const ofFamily = eq(refreshTokens.family, family);
          const later = await tx.$count(refreshTokens, and(ofFamily, gt(refreshTokens.usedAt, usedAt)));
          if (!known.recent || later > 0) {
            await tx.delete(refreshTokens).where(ofFamily);
            return { outcome: 'reused', userId };
          }
        } else {
          // In whole milliseconds, as it is read back: it is compared with other exchanges of the family.
          const usedAtNow = sql`date_trunc('milliseconds', clock_timestamp())`;
          await tx.update(refreshTokens).set({ usedAt: usedAtNow }).where(given);
        }
        await tx.insert(refreshTokens).values({ ...next, userId, family });
        return { outcome: 'rotated', userId };
      });
    },

    /** Ends the login that the token belongs to. */
    async revokeFamilyOf(tokenHash: string): Promise<void> {
      await db.transaction(async (tx) => {
        const [known] = await tx
          .select({ userId: refreshTokens.userId, family: refreshTokens.family })
          .from(refreshTokens)
          .where(eq(refreshTokens.tokenHash, tokenHash));
        if (!known) return;
        await lockUser(tx, known.userId);
        await tx.delete(refreshTokens).where(eq(refreshTokens.family, known.family));
      });
    },

    /** Deletes tokens that expired. */
    async pruneExpired(): Promise<void> {
      await db.delete(refreshTokens).where(lt(refreshTokens.expiresAt, sql`now()`));
    },
  };
}
export type RefreshTokensRepository = ReturnType<typeof createRefreshTokensRepository>;
