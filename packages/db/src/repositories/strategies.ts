import { and, desc, eq, sql } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { strategies } from '../schema/index.ts';
import { cut, isAfter, type Part, type Slice } from './keyset.ts';
import { lockUser } from './user-lock.ts';

/** A user's own strategy as stored. */
export interface StoredStrategy {
  id: string;
  name: string;
  source: string;
  createdAt: number;
}

export type AddStrategyOutcome = 'added' | 'name_taken' | 'limit_reached';

const columns = {
  id: strategies.id,
  name: strategies.name,
  source: strategies.source,
  createdAt: strategies.createdAt,
  place: sql<string>`${strategies.createdAt}::text`,
};

/** Users' own strategies; every call sees the given user's rows only (I8). */
export function createStrategiesRepository(db: Database) {
  return {
    async add(
      strategy: { id: string; userId: string; name: string; source: string },
      limit: number,
    ): Promise<AddStrategyOutcome> {
      return db.transaction(async (tx) => {
        await lockUser(tx, strategy.userId);
        const count = await tx.$count(strategies, eq(strategies.userId, strategy.userId));
        if (count >= limit) return 'limit_reached';
        const added = await tx
          .insert(strategies)
          .values(strategy)
          .onConflictDoNothing()
          .returning({ id: strategies.id });
        return added.length === 1 ? 'added' : 'name_taken';
      });
    },

    /** Newest first. */
    async list(userId: string, slice: Slice): Promise<Part<StoredStrategy>> {
      const rows = await db
        .select(columns)
        .from(strategies)
        .where(and(eq(strategies.userId, userId), isAfter(slice.after, strategies.createdAt, strategies.id)))
        .orderBy(desc(strategies.createdAt), desc(strategies.id))
        .limit(slice.limit + 1);
      const part = cut(rows, slice.limit, (row) => ({ at: row.place, id: row.id }));
      return { rows: part.rows.map(toStrategy), next: part.next };
    },

    async get(userId: string, id: string): Promise<StoredStrategy | null> {
      const [row] = await db
        .select(columns)
        .from(strategies)
        .where(and(eq(strategies.userId, userId), eq(strategies.id, id)));
      return row ? toStrategy(row) : null;
    },

    /** False when the user has no such strategy. Bots made from it keep their copy of the text. */
    async remove(userId: string, id: string): Promise<boolean> {
      const removed = await db
        .delete(strategies)
        .where(and(eq(strategies.userId, userId), eq(strategies.id, id)))
        .returning({ id: strategies.id });
      return removed.length === 1;
    },

    /** Texts of all of a user's strategies. */
    async sources(userId: string): Promise<string[]> {
      const rows = await db
        .select({ source: strategies.source })
        .from(strategies)
        .where(eq(strategies.userId, userId));
      return rows.map((row) => row.source);
    },
  };
}
export type StrategiesRepository = ReturnType<typeof createStrategiesRepository>;

function toStrategy(row: { id: string; name: string; source: string; createdAt: Date }): StoredStrategy {
  return { id: row.id, name: row.name, source: row.source, createdAt: row.createdAt.getTime() };
}
